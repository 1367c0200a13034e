import { setTimeout as delay } from 'node:timers/promises';
import type { Request, RequestHandler } from 'express';
import { type Answer, page, restProblem, tokenProblem } from './answers.js';
import type { CallFault, Faults } from '../faults/faults.js';
import { type IncomingRequest, incomingRequest } from './incoming-request.js';

/** A call of a token endpoint or of the REST API. A call that was not answered has no status. */
export interface RecordedRequest {
  readonly method: string;
  /** The raw request target. */
  readonly path: string;
  readonly authorization: string | undefined;
  status?: number | undefined;
  /** The text of `oauth_problem`, or the message of a REST error. */
  problem?: string | undefined;
}

/** What a store needs to answer signed calls. */
export interface Answering {
  readonly faults: Faults;
  readonly now: () => Date;
  /** Aborted when the store closes. */
  readonly closing: AbortSignal;
  /** Keeps a record that is still to be completed, and hears of it again when it is. */
  readonly arrived: (request: RecordedRequest) => void;
  readonly answered: (request: RecordedRequest) => void;
}

/**
 * Answers signed calls by `handle`, unless a fault says otherwise, and keeps a record of each in the order in
 * which they came. `handle` runs to its end in one go even if the client has gone away, as PHP does.
 */
export function answering(
  deps: Answering,
  at: CallFault['at'],
  handle: (request: IncomingRequest) => Answer,
): RequestHandler {
  return async (req, res) => {
    const record = recordOf(req);
    deps.arrived(record);
    const fault = deps.faults.takeFor(at);
    if (fault?.do === 'slow') await delay(fault.ms, undefined, { signal: deps.closing });
    const request = incomingRequest(req);
    const answer = answerUnder(fault, request, () => handle(seenUnder(fault, request)));
    if (answer) {
      Object.assign(record, { status: answer.status, problem: answer.problem });
      // The store's own clock, so that a client can see how far apart the two are.
      res.set({ Date: deps.now().toUTCString(), 'Content-Type': answer.contentType });
      if (answer.location !== undefined) res.set('Location', answer.location);
      res.status(answer.status).end(answer.body);
    } else {
      req.socket.destroy();
    }
    deps.answered(record);
  };
}

function recordOf({ method, originalUrl, headers }: Request): RecordedRequest {
  return { method, path: originalUrl, authorization: headers.authorization };
}

function seenUnder(fault: CallFault | undefined, request: IncomingRequest): IncomingRequest {
  return fault?.do === 'strip-authorization' ? { ...request, authorization: '' } : request;
}

/** `undefined` is no answer at all. */
function answerUnder(
  fault: CallFault | undefined,
  request: IncomingRequest,
  work: () => Answer,
): Answer | undefined {
  switch (fault?.do) {
    case 'drop-before':
      return undefined;
    case 'drop-after':
      work();
      return undefined;
    case 'html-200':
      return page(200, 'Checking your browser');
    case 'status-503':
      return page(503, 'Service Temporarily Unavailable');
    case 'redirect':
      return { ...page(302, 'Found'), location: fault.location };
    case 'basic-auth':
      return isLoggedIn(request, fault.login) ? work() : page(401, 'Authorization Required');
    case 'oversized':
      return page(200, 'x'.repeat(1024 * 1024));
    case 'problem':
      return fault.at === 'rest'
        ? restProblem(fault.status, { message: fault.text })
        : tokenProblem(fault.status, fault.text);
    case 'slow':
    case 'strip-authorization':
    case undefined:
      return work();
  }
}

/** Apache and nginx read no further than the first scheme's credentials. */
function isLoggedIn({ authorization }: IncomingRequest, login: string): boolean {
  return /^Basic ([^ ,]+)/i.exec(authorization)?.[1] === Buffer.from(login).toString('base64');
}

import { setTimeout as delay } from 'node:timers/promises';
import type { Request, RequestHandler } from 'express';
import type { Answer } from './calls/answers.js';
import { answerUnder } from './faults/answer-under.js';
import { deliver } from './faults/deliver.js';
import type { CallFault, Faults } from './faults/faults.js';
import { faultSpec } from './faults/read-fault.js';
import type { SkewedClock } from './faults/skewed-clock.js';
import { type IncomingRequest, incomingRequest } from './calls/incoming-request.js';
import type { RecordedRequest } from './calls/recorded-requests.js';
import { type EvidenceDeps, evidenceOf } from './workshop/evidence.js';
import type { RequestLog } from './workshop/request-log.js';

/** What a store needs to answer signed calls. */
export interface Answering extends EvidenceDeps {
  readonly faults: Faults;
  readonly skew: SkewedClock;
  readonly requestLog: RequestLog;
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
    const request = incomingRequest(req);
    const ended = deps.requestLog.began({
      place: at,
      method: request.method,
      target: request.target,
      rawHeaders: req.rawHeaders,
      body: request.body,
      fault: fault && faultSpec(fault),
      evidence: evidenceOf(deps, request),
    });
    if (fault?.do === 'slow') await delay(fault.ms, undefined, { signal: deps.closing });
    const { integrations } = deps;
    const skewSeconds = fault?.do === 'clock-skew' ? fault.seconds : 0;
    const answer = deps.skew.during(skewSeconds, () => {
      // The store's own clock, so that a client can see how far apart the two are.
      res.set('Date', deps.skew.now().toUTCString());
      return answerUnder(fault, { at, request, work: handle, integrations });
    });
    if (answer) Object.assign(record, { status: answer.status, problem: answer.problem });
    deps.answered(record);
    ended({ status: answer?.status, problem: answer?.problem, reply: beginningOf(answer) });
    await deliver(res, answer, fault, deps.closing);
  };
}

/** As much of an answer as the request log keeps. */
function beginningOf(answer: Answer | undefined): string {
  return answer?.body.toString().slice(0, 2000) ?? '';
}

function recordOf({ method, originalUrl, headers }: Request): RecordedRequest {
  return { method, path: originalUrl, authorization: headers.authorization };
}

import { gzipSync } from 'node:zlib';
import {
  type Answer,
  page,
  restProblem,
  restRefusal,
  tokenProblem,
  tokenRefusal,
} from '../calls/answers.js';
import type { IncomingRequest } from '../calls/incoming-request.js';
import { MagentoError } from '../calls/magento-error.js';
import type { Integrations } from '../integrations/integrations.js';
import type { CallFault } from './faults.js';
import { inGerman } from './german.js';

/** A call that a fault may have a say in: where it came, and how the store would answer what it sees of it. */
export interface FaultyCall {
  readonly at: CallFault['at'];
  readonly request: IncomingRequest;
  readonly work: (seen: IncomingRequest) => Answer;
  readonly integrations: Integrations;
}

type Behaviour<Name extends CallFault['do']> = (
  call: FaultyCall,
  fault: Extract<CallFault, { do: Name }>,
) => Answer | undefined;

/** What a call is answered under each fault; `undefined` is no answer at all. */
const behaviours: { readonly [Name in CallFault['do']]: Behaviour<Name> } = {
  // The store answers by itself; the time, the manner or what it sees is out of order.
  slow: answered,
  'clock-skew': answered,
  cut: answered,
  drip: answered,
  'strip-authorization': ({ request, work }) => work({ ...request, authorization: '' }),
  'basic-auth': ({ request, work }, { login }) =>
    isLoggedIn(request, login) ? work(request) : page(401, 'Authorization Required'),
  compressed: (call) => compressed(answered(call)),
  'granted-twice': grantedTwice,
  translated,

  // Nobody answers.
  'drop-before': () => undefined,
  reset: () => undefined,
  'drop-after': unanswered,
  'half-closed': unanswered,

  // Something else answers in the store's place.
  'status-500': () => page(500, 'An error has happened during application run.'),
  'empty-500': () => ({ ...page(500, ''), body: '' }),
  'html-200': () => page(200, 'Checking your browser'),
  'waf-403': () => page(403, 'Access denied'),
  'status-503': () => ({
    ...page(503, 'Service Temporarily Unavailable'),
    headers: { 'Retry-After': '60' },
  }),
  redirect: (_, { location, status = 302 }) => ({ ...page(status, 'Found'), location }),
  garbage: () => ({ ...page(200, ''), body: Buffer.from([...Array(256).keys()]) }),
  oversized: () => page(200, 'x'.repeat(1024 * 1024)),

  // The store refuses, in a state that it is not in.
  problem: (_, { at, status, text }) =>
    at === 'rest' ? restProblem(status, { message: text }) : tokenProblem(status, text),
  'token-gone': () => restRefusal(new MagentoError(401, 'Specified token does not exist')),
  'token-revoked': () => restRefusal(new MagentoError(401, 'Access token has been revoked')),
  'no-permission': (_, { resource = 'Magento_Backend::store' }) =>
    restRefusal(
      new MagentoError(401, "The consumer isn't authorized to access %resources.", {
        resources: resource,
      }),
    ),
};

/** What a call is answered under a fault; `undefined` is no answer at all. */
export function answerUnder(fault: CallFault | undefined, call: FaultyCall): Answer | undefined {
  if (!fault) return answered(call);
  // The table has each fault's own behaviour at its name, which TypeScript cannot follow.
  return (behaviours[fault.do] as Behaviour<CallFault['do']>)(call, fault);
}

function answered({ request, work }: FaultyCall): Answer {
  return work(request);
}

function unanswered({ request, work }: FaultyCall): undefined {
  work(request);
}

/** Apache and nginx read no further than the first scheme's credentials. */
function isLoggedIn({ authorization }: IncomingRequest, login: string): boolean {
  return /^Basic ([^ ,]+)/i.exec(authorization)?.[1] === Buffer.from(login).toString('base64');
}

function compressed(answer: Answer): Answer {
  return { ...answer, body: gzipSync(answer.body), headers: { 'Content-Encoding': 'gzip' } };
}

/** The second conversion of the row, whose values nobody gets. */
function grantedTwice({ at, request, work, integrations }: FaultyCall): Answer {
  const answer = work(request);
  const token = new URLSearchParams(answer.body.toString()).get('oauth_token');
  const owner = integrations.byToken(token ?? '');
  if (owner && at === 'request') integrations.makeRequestToken(owner.id);
  if (owner && at === 'access') integrations.makeAccessToken(owner.id);
  return answer;
}

function translated({ at, request, work }: FaultyCall): Answer {
  const answer = work(request);
  if (!answer.refusal) return answer;
  return (at === 'rest' ? restRefusal : tokenRefusal)(inGerman(answer.refusal));
}

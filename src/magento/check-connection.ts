import { AppError, type ErrorCode } from '../errors.js';
import { codeOfProblem } from './oauth-problem.js';
import { signedCall, type SignedCallDeps } from './signed-call.js';
import type { StoreReply } from './store-http.js';
import type { Consumer } from './token-exchange.js';
import { notMagento } from './token-reply.js';
import { readRestError } from './rest-error.js';

/** A store with the four values that sign a call to it. */
export interface ConnectedStore extends Consumer {
  readonly accessToken: string;
  readonly accessTokenSecret: string;
}

/** What one signed call showed. `detail` is a sentence for operators, without a secret. */
export interface ConnectionCheck {
  readonly result:
    'connected' | 'connected_without_permission' | 'refused' | 'undecided' | 'unreachable';
  readonly detail: string;
}

/**
 * Makes the one call that proves a credential: `GET rest/V1/store/storeConfigs`. Magento checks permission
 * only after the signature, so "isn't authorized" shows a valid token as surely as 200 does.
 *
 * Never throws an `AppError`: a store that cannot be reached or does not speak for Magento is a result, too.
 * @see docs/magento.md, "REST with the access token"
 */
export async function checkConnection(
  deps: SignedCallDeps,
  { accessToken: token, accessTokenSecret: tokenSecret, ...consumer }: ConnectedStore,
): Promise<ConnectionCheck> {
  try {
    const url = `${consumer.storeBaseUrl}rest/V1/store/storeConfigs`;
    const credentials = {
      consumerKey: consumer.consumerKey,
      consumerSecret: consumer.consumerSecret,
      token,
      tokenSecret,
    };
    return readCheckReply(await signedCall(deps, { method: 'GET', url }, credentials));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { result: 'unreachable', detail: error.message };
  }
}

/** What a reply to that call means; the pure half of `checkConnection`. */
export function readCheckReply(reply: StoreReply): ConnectionCheck {
  const error = readRestError(reply.text);
  if (reply.status === 200 && isJsonArray(reply.text)) {
    return { result: 'connected', detail: 'The store answers signed calls.' };
  }
  if (reply.status === 401 && error?.parameters?.['resources'] !== undefined) {
    const detail = `The token works, but the integration may not use ${error.parameters['resources']}.`;
    return { result: 'connected_without_permission', detail };
  }
  if (reply.status === 401 && error) {
    const code = codeOfProblem(error.message) ?? 'oauth_problem_unknown';
    const result = aboutTheCall.has(code) ? 'undecided' : 'refused';
    return { result, detail: `${code}: ${error.message}` };
  }
  return { result: 'unreachable', detail: notMagento(reply).message };
}

/** Refusals that say nothing of the token: clocks apart, or something on the way that changes calls. */
const aboutTheCall = new Set<ErrorCode>([
  'authorization_header_stripped',
  'nonce_refused',
  'nonce_used',
  'oauth_parameter_missing',
  'oauth_version_refused',
  'signature_method_refused',
  'signature_refused',
]);

function isJsonArray(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}

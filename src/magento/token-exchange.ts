import { signedCall, type SignedCallDeps } from './signed-call.js';
import { readTokenReply, type Token } from './token-reply.js';

/** An integration's lasting half of the handshake, as the activation POST brought it. */
export interface Consumer {
  /** Normalised, with one trailing slash. */
  readonly storeBaseUrl: string;
  readonly consumerKey: string;
  readonly consumerSecret: string;
}

/**
 * The first call of the two-legged handshake. Magento knows no authorization endpoint and no callback: the
 * verifier came with the activation POST. Within 300 s of that POST it buys one request token, once.
 *
 * @throws AppError as `signedCall` and `readTokenReply`.
 * @see https://www.rfc-editor.org/rfc/rfc5849#section-2.1
 */
export async function fetchRequestToken(deps: SignedCallDeps, consumer: Consumer): Promise<Token> {
  const url = `${consumer.storeBaseUrl}oauth/token/request`;
  return readTokenReply(await signedCall(deps, { method: 'POST', url }, consumer));
}

/**
 * The second call: exchanges the request token, with the verifier that belongs to it, for the access token.
 * Magento checks no time here, so a request token that was kept may be exchanged long after.
 *
 * @throws AppError as `signedCall` and `readTokenReply`.
 * @see https://www.rfc-editor.org/rfc/rfc5849#section-2.3
 */
export async function fetchAccessToken(
  deps: SignedCallDeps,
  consumer: Consumer,
  requestToken: Token & { readonly verifier: string },
): Promise<Token> {
  const url = `${consumer.storeBaseUrl}oauth/token/access`;
  return readTokenReply(
    await signedCall(deps, { method: 'POST', url }, { ...consumer, ...requestToken }),
  );
}

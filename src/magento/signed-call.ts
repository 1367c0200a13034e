import { AppError } from '../errors.js';
import { signRequest } from '../oauth1/sign-request.js';
import type { OAuthCredentials } from '../oauth1/request-to-sign.js';
import { UnportableRequestError } from '../oauth1/unportable-request-error.js';
import type { StoreHttp, StoreReply, StoreRequest } from './store-http.js';
import { storeTimeToUse } from './store-time.js';

/** What a signed call needs from outside: the door, a clock and fresh nonces. */
export interface SignedCallDeps {
  readonly storeHttp: StoreHttp;
  readonly now: () => Date;
  /** A fresh string of 32 characters `[0-9a-z]`: Magento's column holds no more, and it remembers each. */
  readonly nonce: () => string;
}

/**
 * Signs one request and sends it as it was signed, everything OAuth in the `Authorization` header. A store that refuses
 * it since its clock is far behind ours gets it once more, with its own time and a fresh nonce.
 *
 * @throws AppError `request_not_portable` when no spelling suits every Magento release, else as `StoreHttp.send`.
 */
export async function signedCall(
  { storeHttp, now, nonce }: SignedCallDeps,
  call: { readonly method: StoreRequest['method']; readonly url: string },
  credentials: OAuthCredentials,
): Promise<StoreReply> {
  const sendAt = (time: Date) => {
    const { authorization, url } = sign(call, credentials, {
      nonce: nonce(),
      timestamp: Math.floor(time.getTime() / 1000),
    });
    const headers = { authorization, accept: 'application/json' };
    return storeHttp.send({ method: call.method, url, headers });
  };
  const reply = await sendAt(now());
  const storeTime = storeTimeToUse(reply, now());
  return storeTime ? sendAt(storeTime) : reply;
}

function sign(...args: Parameters<typeof signRequest>): ReturnType<typeof signRequest> {
  try {
    return signRequest(...args);
  } catch (error) {
    if (!(error instanceof UnportableRequestError)) throw error;
    throw new AppError('request_not_portable', error.message, { cause: error });
  }
}

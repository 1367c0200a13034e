import type { StoreHttp } from './store-http.js';

/** What a store's server wants to hear before Magento is asked: `base64(user:password)` by the host and port of an address. */
export type BasicCredentials = ReadonlyMap<string, string>;

/**
 * The same door for staging sites that ask for a name and a password of their own. Both schemes go into one
 * `Authorization` header, which Magento searches for `OAuth`; a host that is not listed is sent none of it.
 *
 * @see docs/magento.md, "Where parameters are read"
 */
export function withBasicCredentials(http: StoreHttp, credentials: BasicCredentials): StoreHttp {
  return {
    ...http,
    send(request) {
      const basic = credentials.get(new URL(request.url).host);
      if (basic === undefined) return http.send(request);
      const authorization = [`Basic ${basic}`, request.headers['authorization'] ?? ''].join(', ');
      return http.send({ ...request, headers: { ...request.headers, authorization } });
    },
  };
}

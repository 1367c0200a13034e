import type { IncomingRequest } from '../calls/incoming-request.js';

/** Who makes a REST call, as far as permissions are concerned. */
export type Caller =
  | { readonly kind: 'integration'; readonly resources: readonly string[] }
  | { readonly kind: 'admin'; readonly username: string; readonly resources: readonly string[] }
  | { readonly kind: 'customer'; readonly customerId: number }
  | { readonly kind: 'guest' };

/**
 * One way to tell who calls; `undefined` where a request says nothing in this way. A store asks its contexts in
 * Magento's order (Bearer token, customer session, OAuth), and whom none of them knows is a guest.
 *
 * @throws MagentoError where Magento refuses the request instead of asking on: OAuth's failures.
 * @see docs/magento.md, "REST with the access token"
 */
export type UserContext = (request: IncomingRequest) => Caller | undefined;

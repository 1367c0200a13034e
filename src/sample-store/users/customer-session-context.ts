import type { UserContext } from '../webapi/caller.js';
import type { Users } from './users.js';

/**
 * Tells a customer by the session of the storefront, but only if a script asks: a page of another site can make a
 * browser navigate, but not send this header. There is no such context for admin sessions.
 *
 * @see docs/magento.md, "Tokens and sessions of people"
 */
export function customerSessionContext({ customerSessions, people }: Users): UserContext {
  return ({ headers }) => {
    if (headers['x-requested-with'] !== 'XMLHttpRequest') return undefined;
    const id = customerSessions.find(headers.cookie)?.accountId;
    return id === undefined ? undefined : people.callerOf({ kind: 'customer', id });
  };
}

import { createHmac } from 'node:crypto';
import { randomString } from '../random-string.js';

/** The secrets and addresses of an admin session; this store has one, always signed in. */
export type AdminSite = ReturnType<typeof adminSite>;

/**
 * The admin site at the store's own address. Every address ends in `/key/<64 hex>/`: a secret key bound to the
 * session and to the route (`integration/edit`), not to its parameters.
 *
 * @see docs/magento.md, "success_call_back host policy"
 */
export function adminSite({ ownUrl }: { ownUrl: () => string }) {
  const formKey = randomString();

  function secretKey(route: string): string {
    return createHmac('sha256', formKey).update(route).digest('hex');
  }

  /** The path alone, for links. The second `admin` is Magento's too: front name, then area route. */
  function path(route: string, parameters: Readonly<Record<string, string | number>> = {}): string {
    const pairs = Object.entries({ ...parameters, key: secretKey(route) });
    return `/admin/admin/${route}/${pairs.map(([name, value]) => `${name}/${value}/`).join('')}`;
  }

  return {
    /** What every form must carry as `form_key`. */
    formKey,
    secretKey,
    path,
    url: (route: string): string => ownUrl() + path(route).slice(1),
  };
}

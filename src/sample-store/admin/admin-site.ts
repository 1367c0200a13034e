import { createHmac } from 'node:crypto';
import type { Addresses } from '../addresses.js';
import { randomString } from '../random-string.js';

/** The secrets and addresses of an admin session; this store has one, always signed in. */
export type AdminSite = ReturnType<typeof adminSite>;

/** The first parts of other paths, by the routes of `store-app.ts`. */
const taken = ['_store', 'customer', 'oauth', 'rest'];

/** Where an admin site is. */
export interface AdminPlace {
  readonly frontName: string;
  /** The store's own address. */
  readonly ownUrl: () => string;
  /** The address of a separate admin domain, with a slash at its end. */
  readonly customUrl: () => string | undefined;
  readonly addresses: Addresses;
}

/**
 * The admin site. Every address ends in `/key/<64 hex>/`: a secret key bound to the session and to the route
 * (`integration/edit`), not to its parameters.
 *
 * @throws RangeError for a front name that Magento's installer would refuse, or that hides pages of the store.
 * @see docs/magento.md, "success_call_back host policy"
 */
export function adminSite({ frontName, ownUrl, customUrl, addresses }: AdminPlace) {
  if (!/^\w+$/.test(frontName)) {
    throw new RangeError("The admin's front name takes letters, digits and underscores.");
  }
  if (taken.includes(frontName)) {
    throw new RangeError(`The admin's front name is not ${taken.join(', ')}: the store has these.`);
  }
  const formKey = randomString();

  function baseUrl(): string {
    return customUrl() ?? ownUrl() + addresses.folder;
  }

  /** The site's path, with and without `index.php`; without only where the web server rewrites. */
  function paths(): readonly string[] {
    const folder = new URL(baseUrl()).pathname;
    const withScript = `${folder}index.php/${frontName}/`;
    return addresses.rewrites ? [`${folder}${frontName}/`, withScript] : [withScript];
  }

  function root(): string {
    return paths()[0] ?? '/';
  }

  function secretKey(route: string): string {
    return createHmac('sha256', formKey).update(route).digest('hex');
  }

  /** The path alone, for links. The `admin` behind the front name is Magento's too: the area's route. */
  function path(route: string, parameters: Readonly<Record<string, string | number>> = {}): string {
    const pairs = Object.entries({ ...parameters, key: secretKey(route) });
    return `${root()}admin/${route}/${pairs.map(([name, value]) => `${name}/${value}/`).join('')}`;
  }

  return {
    /** What every form must carry as `form_key`. */
    formKey,
    secretKey,
    paths,
    root,
    path,
    url: (route: string): string => new URL(path(route), baseUrl()).href,
    home: (): string => new URL(root(), baseUrl()).href,
    /** For a link from the store's own pages: by whatever name a browser has found those. */
    link: (): string => (customUrl() === undefined ? root() : new URL(root(), baseUrl()).href),

    /** Whether a request by this Host header is for the admin: a separate domain is then the only one. */
    isAt(host: string | undefined): boolean {
      const custom = customUrl();
      return custom === undefined || new URL(custom).host === host?.toLowerCase();
    },
  };
}

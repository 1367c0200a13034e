/** The forms that `store_base_url` takes by a shop's settings. */
export const shapes = [
  'plain',
  'index.php',
  'store-code',
  'index.php+store-code',
  'sub-directory',
] as const;

export type Shape = (typeof shapes)[number];

/** Where a store is found, seen from its own address, which ends in one slash. */
export interface Addresses {
  /** What `store_base_url` adds to the store's own address. */
  readonly base: string;
  /** Paths below which the token endpoints and the REST API answer, without their last slash. */
  readonly entries: readonly string[];
  /** More paths of the REST API, each whole: a store code may also stand behind `rest`. */
  readonly codedRest: readonly string[];
  /** The sub-directory, for the admin site. */
  readonly folder: '' | 'shop/';
  /** Whether the web server rewrites. Where it does not, the admin's address needs `index.php`, too. */
  readonly rewrites: boolean;
}

const plain: Addresses = {
  base: '',
  entries: ['', '/index.php'],
  codedRest: [],
  folder: '',
  rewrites: true,
};

/** For a store that was given no shape: `baseUrl` may announce any of them. */
const everywhere: Addresses = {
  ...plain,
  entries: ['', '/index.php', '/default', '/index.php/default'],
};

const byShape: Readonly<Record<Shape, Addresses>> = {
  plain,
  'index.php': { ...plain, base: 'index.php/', entries: ['/index.php'], rewrites: false },
  'store-code': {
    ...plain,
    base: 'default/',
    entries: ['/default', '/index.php/default'],
    codedRest: ['/rest/default', '/rest/all', '/index.php/rest/default', '/index.php/rest/all'],
  },
  'index.php+store-code': {
    ...plain,
    base: 'index.php/default/',
    entries: ['/index.php/default'],
    codedRest: ['/index.php/rest/default', '/index.php/rest/all'],
    rewrites: false,
  },
  'sub-directory': {
    ...plain,
    base: 'shop/',
    entries: ['/shop', '/shop/index.php'],
    folder: 'shop/',
  },
};

/**
 * The addresses of a shape. What a shop with these settings does not find, a store of this shape does not find
 * either: `rest/V1/…` without the store code, or anything without `index.php` where rewrites are off.
 *
 * @see docs/magento.md, "store_base_url"
 */
export function addressesOf(shape: Shape | undefined): Addresses {
  return shape === undefined ? everywhere : byShape[shape];
}

/** The releases that a sample store can be. 2.4.2 is here for its fault: it cannot do the handshake at all. */
export const releases = ['2.3.7', '2.4.2', '2.4.3', '2.4.5', '2.4.7', '2.4.8'] as const;

export type Release = (typeof releases)[number];

/** The signature methods that any release takes. */
export type SignatureMethod = 'HMAC-SHA1' | 'HMAC-SHA256';

/** What a release does differently from others. What all releases do alike is not here. */
export interface ReleaseTraits {
  /** Methods that `oauth_signature_method` may name. */
  readonly signatureMethods: readonly SignatureMethod[];
  /** How the signature base string is made: by Zend Framework 1, by laminas-oauth, by Magento's own class. */
  readonly baseString: 'zend' | 'laminas' | 'magento';
  /** Whether an integration's access token is good as a Bearer token while nobody has set that. */
  readonly integrationBearer: boolean;
  /** What customers and admins get for their password: 32 characters, or a JSON Web Token. */
  readonly userTokens: 'opaque' | 'jwt';
  /** Whether a customer can have their tokens revoked over the Web API. */
  readonly customerTokenRevocation: boolean;
  /** Whether two-factor authentication of admins comes with the release. */
  readonly twoFactor: boolean;
  /** The HTTP client behind the activation POST. `laminas-nameless` passes on the values of headers without their names. */
  readonly httpClient: 'zend' | 'laminas-nameless' | 'laminas';
  /** Whether the script that opens the popup still gets an answer. */
  readonly handshake: boolean;
  /** Whether the server takes no identity link but a valid http(s) address. 2.4.7 does from its second patch on. */
  readonly checksIdentityLink: boolean;
}

const since248: ReleaseTraits = {
  signatureMethods: ['HMAC-SHA256'],
  baseString: 'magento',
  integrationBearer: false,
  userTokens: 'jwt',
  customerTokenRevocation: true,
  twoFactor: true,
  httpClient: 'laminas',
  handshake: true,
  checksIdentityLink: true,
};
const since246: ReleaseTraits = {
  ...since248,
  customerTokenRevocation: false,
  baseString: 'laminas',
  httpClient: 'laminas-nameless',
  checksIdentityLink: false,
};
const since244: ReleaseTraits = { ...since246, baseString: 'zend', httpClient: 'zend' };
const before244: ReleaseTraits = {
  ...since244,
  signatureMethods: ['HMAC-SHA1', 'HMAC-SHA256'],
  integrationBearer: true,
  userTokens: 'opaque',
};

/** @see docs/magento.md, "Versions" */
export const traitsOf: Readonly<Record<Release, ReleaseTraits>> = {
  '2.3.7': { ...before244, twoFactor: false },
  '2.4.2': { ...before244, handshake: false },
  '2.4.3': before244,
  '2.4.5': since244,
  '2.4.7': since246,
  '2.4.8': since248,
};

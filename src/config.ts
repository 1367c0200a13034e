import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { defaultColor, lackOfContrast } from './brand/brand-color.js';
import { AppError } from './errors.js';

/** What the app needs to know about the place it runs in. */
export type Config = ReturnType<typeof loadConfig>;

/** A key that seals stored secrets: an identifier and 32 bytes. */
export interface EncryptionKey {
  readonly id: string;
  readonly key: Buffer;
}

const flag = z
  .enum(['true', 'false'], { error: 'must be true or false' })
  .default('false')
  .transform((word) => word === 'true');

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port number')
  .transform(Number)
  .refine((number) => number <= 65_535, 'must be a port number');

const seconds = z
  .string()
  .regex(/^[1-9]\d{0,3}$/, 'must be a number of seconds from 1 to 9999')
  .transform(Number);

const maxPending = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, 'must be a whole number from 1 to 999999999')
  .transform(Number);

const registration = z
  .enum(['open', 'closed'], { error: 'must be open or closed' })
  .default('closed')
  .transform((word) => word === 'open');

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

const publicUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http or https address', abort: true })
  .refine((text) => {
    const { username, password, pathname, search, hash } = new URL(text);
    return `${username}${password}${search}${hash}` === '' && pathname === '/';
  }, 'must be scheme, host and port alone')
  .transform((text) => new URL(text).origin);

const sessionSecrets = list.refine(
  (secrets) => secrets.length > 0 && secrets.every((secret) => Buffer.byteLength(secret) >= 32),
  'must be one or more secrets of 32 bytes or more, separated by commas',
);

const encryptionKeys = list.transform((items, context): EncryptionKey[] => {
  const keys = items.map((item) => {
    const [, id = '', text = ''] = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/]{43}=)$/.exec(item) ?? [];
    return { id, key: Buffer.from(text, 'base64') };
  });
  const names = new Set(keys.map(({ id }) => id));
  if (keys.length === 0 || names.has('') || names.size < keys.length) {
    context.addIssue({
      code: 'custom',
      message: 'must be id:base64-of-32-bytes, one or more with different ids, separated by commas',
    });
  }
  return keys;
});

const storeHosts = list.refine(
  (patterns) => patterns.every((pattern) => /^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(pattern)),
  'must be host names or patterns such as *.shop.example, separated by commas',
);

/** Origins as a browser writes them, since they are compared as they stand. */
const returnOrigins = list.refine(
  (origins) =>
    origins.every(
      (text) => /^https?:[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text,
    ),
  'must be origins such as https://admin.shop.example, in small letters and without a slash at the end, separated by commas',
);

/** `shop.example=dXNlcjpwYXNzd29yZA==`: what Basic sends to the one host, by host and port as they stand in an address. */
const basicCredentials = list.transform((items, context): ReadonlyMap<string, string> => {
  const pairs = items.map((item) => {
    const [, host = '', credentials = ''] = /^([^\s/=@]+)=([A-Za-z0-9+/]+={0,2})$/.exec(item) ?? [];
    const isLogin = /^[^\p{Cc}:]+:\P{Cc}*$/u.test(Buffer.from(credentials, 'base64').toString());
    const address = `https://${host}/`;
    return [isLogin && URL.canParse(address) ? new URL(address).host : '', credentials] as const;
  });
  const found = new Map(pairs);
  if (found.has('') || found.size < pairs.length) {
    context.addIssue({
      code: 'custom',
      message: 'must be host=base64-of-user:password, one for each host, separated by commas',
    });
  }
  return found;
});

const trustProxy = list
  .refine(
    (items) => isNumberOfHops(items) || (items.length > 0 && items.every(isProxy)),
    'must be a number of hops up to 9, or addresses and CIDR ranges (not wider than /8) separated by commas',
  )
  .transform((items) => (isNumberOfHops(items) ? Number(items[0]) : items));

function isNumberOfHops(items: readonly string[]): boolean {
  return /^\d$/.test(items.join());
}

/** What Express takes for a proxy: a named range, an address, or a range of addresses. */
function isProxy(item: string): boolean {
  const isNamed = ['loopback', 'linklocal', 'uniquelocal'].includes(item);
  return isNamed || isIP(item) !== 0 || (ipaddr.isValidCIDR(item) && isNarrow(item));
}

/** Where IPv6 keeps all of IPv4. */
const ipv4Mapped = ipaddr.IPv6.parse('::ffff:0:0');

/** Whether a range is one that somebody may own, such as 10.0.0.0/8: half the internet would trust whoever calls. */
function isNarrow(range: string): boolean {
  const [address, bits] = ipaddr.parseCIDR(range);
  if (address instanceof ipaddr.IPv4) return bits >= 8;
  const holdsIPv4 = address.isIPv4MappedAddress() || ipv4Mapped.match([address, bits]);
  return bits >= (holdsIPv4 ? 96 + 8 : 7);
}

const brandName = z
  .string()
  .trim()
  .regex(
    /^[^\p{Cc}\p{Cf}\p{Z}]+(?: [^\p{Cc}\p{Cf}\p{Z}]+)*$/u,
    'must be words with single spaces between them',
  )
  .max(40, 'must be 40 characters at the most');

/** With its `#` or without: unquoted in a file of settings, that would begin a comment. */
const brandColor = z
  .string()
  .regex(/^#?[0-9a-f]{6}$/i, { error: 'must be six hexadecimal digits', abort: true })
  .transform((text, context) => {
    const color = `#${text.replace('#', '').toLowerCase()}`;
    const lack = lackOfContrast(color);
    if (lack !== undefined) context.addIssue({ code: 'custom', message: `must ${lack}` });
    return color;
  });

/** Settings that hold a secret. Each may be in a file, named by a setting that ends in `_FILE`. */
export const secretSettings = [
  'REDIS_URL',
  'SESSION_SECRETS',
  'ENCRYPTION_KEYS',
  'STORE_BASIC_AUTH',
] as const;

/** Whoever calls `loadConfig` has read the files: only one that could not be taken is left. */
const notTaken = z
  .never({
    error: 'must name a file with something in it, and not stand beside the setting itself',
  })
  .optional();

const environment = z
  .object({
    PORT: port.default(3000),
    HOST: z.string().default('127.0.0.1'),
    PUBLIC_URL: publicUrl.optional(),
    REDIS_URL: z
      .url({ protocol: /^rediss?$/, error: 'must be a redis:// or rediss:// address' })
      .optional(),
    REDIS_URL_FILE: notTaken,
    REDIS_PREFIX: z
      .string()
      .regex(/^[^\s{}]{1,64}$/, 'must be 1 to 64 characters without spaces and braces')
      .default('mi:'),
    DATA_DIR: z.string().default('.data'),
    SESSION_SECRETS: sessionSecrets.optional(),
    SESSION_SECRETS_FILE: notTaken,
    ENCRYPTION_KEYS: encryptionKeys.optional(),
    ENCRYPTION_KEYS_FILE: notTaken,
    STORE_HOSTS: storeHosts.default([]),
    STORE_BASIC_AUTH: basicCredentials.prefault(''),
    STORE_BASIC_AUTH_FILE: notTaken,
    RETURN_ORIGINS: returnOrigins.default([]),
    EXTRA_CA_FILE: z.string().optional(),
    ALLOW_HTTP_STORES: flag,
    ALLOW_PRIVATE_STORES: flag,
    TRUST_PROXY: trustProxy.optional(),
    REGISTRATION: registration,
    MAX_PENDING: maxPending.default(10_000),
    LOG_LEVEL: z
      .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
        error: 'must be a pino level: trace, debug, info, warn, error, fatal or silent',
      })
      .default('info'),
    METRICS_PORT: port.optional(),
    EXCHANGE_LEASE_SECONDS: seconds.default(60),
    RECOVERY_INTERVAL_SECONDS: seconds.default(10),
    BRAND_NAME: brandName.default('Magento integration'),
    BRAND_COLOR: brandColor.default(defaultColor),
    BRAND_LOGO: z.string().optional(),
  })
  .refine(...requiredWithRedisUrl('SESSION_SECRETS'))
  .refine(...requiredWithRedisUrl('ENCRYPTION_KEYS'));

/** Also checked when another setting is wrong, so that all are named at once. */
function requiredWithRedisUrl(name: 'SESSION_SECRETS' | 'ENCRYPTION_KEYS') {
  const isThere = (settings: Readonly<Record<string, unknown>>) =>
    settings['REDIS_URL'] === undefined || settings[name] !== undefined;
  const message = 'is required when REDIS_URL is set';
  const options = { path: [name], message, when: () => true };
  return [isThere, options] as const;
}

/**
 * Reads the settings from an environment, where an empty value counts as none.
 * `sessionSecrets` and `encryptionKeys` are absent only beside an embedded Redis (no `REDIS_URL`).
 *
 * @throws AppError `wrong_setting`, naming every setting that is wrong and never a value.
 */
export function loadConfig(env: Record<string, string | undefined>) {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(given);
  const problems = (parsed.error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')} ${message}`,
  );
  // A switch of Node.js, not of ours: with it every certificate would do, a store's and that of Redis.
  if (given['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    problems.push('NODE_TLS_REJECT_UNAUTHORIZED must not be 0');
  }
  if (!parsed.success || problems.length > 0) {
    throw new AppError('wrong_setting', `${problems.join('; ')}.`);
  }
  const settings = parsed.data;
  return {
    port: settings.PORT,
    host: settings.HOST,
    publicUrl: settings.PUBLIC_URL,
    redis: { url: settings.REDIS_URL, prefix: settings.REDIS_PREFIX },
    dataDir: settings.DATA_DIR,
    sessionSecrets: settings.SESSION_SECRETS,
    encryptionKeys: settings.ENCRYPTION_KEYS,
    stores: {
      hosts: settings.STORE_HOSTS,
      allowHttp: settings.ALLOW_HTTP_STORES,
      allowPrivate: settings.ALLOW_PRIVATE_STORES,
    },
    basicCredentials: settings.STORE_BASIC_AUTH,
    returnOrigins: settings.RETURN_ORIGINS,
    extraCaFile: settings.EXTRA_CA_FILE,
    trustProxy: settings.TRUST_PROXY,
    isRegistrationOpen: settings.REGISTRATION,
    maxPending: settings.MAX_PENDING,
    logLevel: settings.LOG_LEVEL,
    metricsPort: settings.METRICS_PORT,
    exchangeLeaseSeconds: settings.EXCHANGE_LEASE_SECONDS,
    recoveryIntervalSeconds: settings.RECOVERY_INTERVAL_SECONDS,
    brand: {
      name: settings.BRAND_NAME,
      color: settings.BRAND_COLOR,
      logoFile: settings.BRAND_LOGO,
    },
  };
}

import { z } from 'zod';
import type { FaultKind } from './fault-kind.js';
import { milliseconds, numeral, webAddress } from './fault-parameters.js';

const everywhere = ['post', 'request', 'access', 'rest'] as const;
const calls = ['request', 'access', 'rest'] as const;
const errors = 'Errors of the token endpoints';
const rest = 'REST with the access token';

/** Every fault that a sample store can have. */
export const faultKinds = {
  slow: {
    at: everywhere,
    does: 'It happens this late, whether or not the other side has waited.',
    situation: 'A busy store. At the POST: an admin who clicks again.',
    heading: 'What our answer does',
    takes: { ms: milliseconds() },
    example: 'slow@access,ms=20000',
  },
  'drop-before': {
    at: everywhere,
    does: 'The connection closes, and nothing was done. A POST never leaves.',
    situation: 'A worker of the web server dies, or the network fails on the way there.',
    heading: errors,
    takes: {},
    example: 'drop-before@request,times=1',
  },
  'drop-after': {
    at: everywhere,
    does: 'The work is done and committed, and the reply is lost.',
    situation: 'The network fails on the way back: the token was handed out, and nobody has it.',
    heading: 'Token rows',
    takes: {},
    example: 'drop-after@access,times=1',
  },
  reset: {
    at: calls,
    does: 'The connection is reset (TCP RST; over TLS it is only closed), and nothing was done.',
    situation: 'A firewall or a load balancer that loses its patience.',
    heading: errors,
    takes: {},
    example: 'reset@rest',
  },
  'half-closed': {
    at: calls,
    does: 'The work is done, then the store stops sending without a reply and goes on listening.',
    situation: 'A proxy whose worker behind it died in the middle.',
    heading: errors,
    takes: {},
    example: 'half-closed@request,times=1',
  },
  cut: {
    at: calls,
    does: 'The work is done, then half of the reply comes under the length of all of it, and the connection closes.',
    situation: 'A proxy or a network that fails in the middle of a reply.',
    heading: errors,
    takes: {},
    example: 'cut@access,times=1',
  },
  drip: {
    at: calls,
    does: 'The work is done, then the reply comes byte by byte with a pause after each.',
    situation: 'A store that always seems about to be ready, and outlasts timeouts between bytes.',
    heading: errors,
    takes: { ms: milliseconds('the pause, in milliseconds') },
    example: 'drip@access,ms=1000',
  },
  'status-500': {
    at: calls,
    does: 'Status 500 with a page, and nothing was done.',
    situation: 'An error of PHP that Magento shows.',
    heading: errors,
    takes: {},
    example: 'status-500@request',
  },
  'empty-500': {
    at: calls,
    does: 'Status 500 with an empty body, and nothing was done.',
    situation: 'An error of PHP in production mode.',
    heading: errors,
    takes: {},
    example: 'empty-500@request',
  },
  'html-200': {
    at: calls,
    does: 'A page with status 200, and nothing was done.',
    situation: 'A proxy that first wants to see a browser.',
    heading: errors,
    takes: {},
    example: 'html-200@request',
  },
  'waf-403': {
    at: calls,
    does: 'Status 403 with a page, and nothing was done.',
    situation: 'A web application firewall. Magento itself never answers 403 here.',
    heading: errors,
    takes: {},
    example: 'waf-403@rest',
  },
  'status-503': {
    at: calls,
    does: 'Status 503 with a page and `Retry-After: 60`, and nothing was done.',
    situation: 'Maintenance.',
    heading: errors,
    takes: {},
    example: 'status-503@rest,times=3',
  },
  redirect: {
    at: calls,
    does: 'A redirect, by status 302 if no other is named, and nothing was done.',
    situation: 'A store whose base URL is another one: https, or with www.',
    heading: errors,
    takes: {
      location: webAddress('where to'),
      status: numeral(z.literal([301, 302, 307, 308]))
        .optional()
        .describe('301, 302, 307 or 308'),
    },
    example: 'redirect@request,location=https://www.shop.example/,status=301',
  },
  'wrong-base-url': {
    at: ['post'],
    does: 'The POST announces this `store_base_url` in the place of the real one.',
    situation: 'An admin at another store view, or a base URL that was never corrected.',
    heading: '`store_base_url`',
    takes: { url: webAddress('the address to announce') },
    example: 'wrong-base-url@post,url=https://old.shop.example/',
  },
  'strip-authorization': {
    at: calls,
    does: 'The call arrives without its `Authorization` header.',
    situation: 'nginx, FastCGI or Apache set up so that PHP never sees it.',
    heading: 'Where parameters are read',
    takes: {},
    example: 'strip-authorization@request',
  },
  'basic-auth': {
    at: calls,
    does: 'A web server in front of the store asks for a name and a password.',
    situation: 'A staging site.',
    heading: 'Where parameters are read',
    takes: {
      login: z
        .string()
        .regex(/^[^:]+:.+$/, 'must be name:password')
        .describe('name:password'),
    },
    example: 'basic-auth@request,login=staging:secret',
  },
  'clock-skew': {
    at: calls,
    does: "The store's clock is wrong by so many seconds, for its checks and in the `Date` header.",
    situation:
      'A server without time synchronisation. Behind by more than 600 s it refuses nonces.',
    heading: 'Nonce and timestamp',
    takes: {
      seconds: numeral(z.number().int().min(-1e9).max(1e9)).describe('negative is behind'),
    },
    example: 'clock-skew@request,seconds=-3600',
  },
  garbage: {
    at: calls,
    does: 'Bytes that are no text, with status 200, and nothing was done.',
    situation: 'A broken proxy or cache.',
    heading: errors,
    takes: {},
    example: 'garbage@access',
  },
  oversized: {
    at: calls,
    does: '1 MiB of text with status 200, and nothing was done.',
    situation: 'Something else than Magento answers.',
    heading: errors,
    takes: {},
    example: 'oversized@request',
  },
  compressed: {
    at: calls,
    does: 'The reply is compressed with gzip, whatever the caller accepts.',
    situation: 'A content network that compresses everything.',
    heading: errors,
    takes: {},
    example: 'compressed@access',
  },
  'granted-twice': {
    at: ['request', 'access'],
    does: 'The call is granted, and at once another caller is: the token in the reply is dead.',
    situation: 'Two calls at the same time, where the later save wins.',
    heading: errors,
    takes: {},
    example: 'granted-twice@access,times=1',
  },
  problem: {
    at: calls,
    does: 'The call is refused with this status, in these words.',
    situation: 'Any sentence of Magento, or of a module.',
    heading: errors,
    takes: {
      status: numeral(z.number().int().min(400).max(599)).describe('400 to 599'),
      text: z.string().min(1).describe('the sentence'),
    },
    example: 'problem@request,status=401,text=Consumer key has expired',
  },
  translated: {
    at: calls,
    does: 'Whatever the store refuses, it refuses in German.',
    situation: 'A store in another language. The translation is ours.',
    heading: errors,
    takes: {},
    example: 'translated@request',
  },
  'token-gone': {
    at: ['rest'],
    does: 'The call is refused with "Specified token does not exist".',
    situation: 'Reauthorize was clicked, or the integration deleted; nobody is told.',
    heading: rest,
    takes: {},
    example: 'token-gone@rest',
  },
  'token-revoked': {
    at: ['rest'],
    does: 'The call is refused with "Access token has been revoked".',
    situation: 'The token row is marked as revoked.',
    heading: rest,
    takes: {},
    example: 'token-revoked@rest',
  },
  'no-permission': {
    at: ['rest'],
    does: "The call is refused since the integration's permissions do not reach so far.",
    situation: 'An admin who unticked a box, or an integration that is not active.',
    heading: 'Error body',
    takes: { resource: z.string().min(1).optional().describe('Magento_Catalog::products') },
    example: 'no-permission@rest,resource=Magento_Catalog::products',
  },
} as const satisfies Readonly<Record<string, FaultKind>>;

import { queryOf } from '../../calls/incoming-request.js';
import type { Evidence } from '../evidence.js';
import type { Mistake } from './mistake.js';

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD'];

/** What goes wrong with the method and the address. */
export const addressMistakes: readonly Mistake[] = [
  {
    name: 'another-method',
    advice:
      'Another method was signed than was sent. The base string begins with the real one, in capitals.',
    variants: (signing) =>
      [...methods, signing.method.toLowerCase()]
        .filter((method) => method !== signing.method)
        .map((method) => ({ ...signing, method })),
  },
  {
    name: 'another-scheme',
    advice:
      'http was signed and https seen, or the other way round. Sign the address that is called; behind a proxy that ends TLS the store learns of https only from `X-Forwarded-Proto: https`.',
    variants: (signing) => [{ ...signing, scheme: signing.scheme === 'https' ? 'http' : 'https' }],
  },
  {
    name: 'default-port',
    advice:
      'The default port was signed and not sent, or the other way round. Leave `:80` and `:443` out of both.',
    variants: (signing) =>
      [':80', ':443'].map((port) => ({
        ...signing,
        host: signing.host.endsWith(port)
          ? signing.host.slice(0, -port.length)
          : signing.host + port,
      })),
  },
  {
    name: 'port-left-out',
    advice: 'The port is missing from the signed address. All but `:80` and `:443` belong there.',
    variants: (signing) =>
      /:\d+$/.test(signing.host) ? [{ ...signing, host: signing.host.replace(/:\d+$/, '') }] : [],
  },
  {
    name: 'host-in-capitals',
    advice:
      'The host was signed in other letters than it was sent. Write it in small letters in both.',
    variants: (signing) => [
      { ...signing, host: signing.host.toLowerCase() },
      { ...signing, host: signing.host.toUpperCase() },
    ],
  },
  {
    name: 'another-host',
    advice:
      'Another host was signed than stands in the Host header: a proxy changes it, or the call goes to another name of the same store.',
    variants: (signing, evidence) => otherHosts(evidence).map((host) => ({ ...signing, host })),
  },
  {
    name: 'trailing-slash',
    advice:
      'The address was signed with a slash at its end and sent without, or the other way round.',
    variants: (signing) => [
      {
        ...signing,
        path: signing.path.endsWith('/') ? signing.path.slice(0, -1) : `${signing.path}/`,
      },
    ],
  },
  {
    name: 'another-base-path',
    advice:
      'The signed path has another beginning than the path that arrived: `index.php`, a store code, a sub-directory, or a proxy that cuts something off.',
    variants: function* (signing, evidence) {
      for (const path of otherPaths(signing.path, evidence)) yield { ...signing, path };
    },
  },
  {
    name: 'query-in-the-address',
    advice:
      'The query was left at the address in the base string. Its pairs belong among the parameters alone.',
    variants: (signing, { request }) => {
      const query = queryOf(request.target);
      if (query === '') return [];
      const path = `${signing.path}?${query}`;
      return [
        { ...signing, path, pairs: signing.pairs.filter(({ from }) => from !== 'query') },
        { ...signing, path },
      ];
    },
  },
];

/** Names that the same store may also be called by. */
function otherHosts({ request, storeUrl }: Evidence): readonly string[] {
  const port = /:\d+$/.exec(request.host)?.[0] ?? '';
  const forwarded = request.headers['x-forwarded-host'];
  return [
    new URL(storeUrl).host,
    ...[forwarded ?? []].flat(),
    ...['localhost', '127.0.0.1', '[::1]'].map((name) => name + port),
    request.host.startsWith('www.') ? request.host.slice(4) : `www.${request.host}`,
  ].filter((host) => host !== request.host);
}

/** The path with fewer segments at its beginning, or with those of the base URL and of Magento before it. */
function* otherPaths(path: string, { storeUrl }: Evidence): Iterable<string> {
  for (let at = path.indexOf('/', 1); at > 0; at = path.indexOf('/', at + 1)) yield path.slice(at);
  const base = new URL(storeUrl).pathname.replace(/\/$/, '');
  for (const head of [base, '/index.php', '/default', '/index.php/default']) yield head + path;
}

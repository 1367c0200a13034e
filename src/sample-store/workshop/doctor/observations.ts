import type { Evidence } from '../evidence.js';
import { headerPairs, queryPairs } from './pairs.js';

/** What strikes the eye in a signed call before any signature is computed, in sentences. */
export function observationsOf(evidence: Evidence): readonly string[] {
  const { request, now } = evidence;
  const header = headerPairs(request);
  const query = queryPairs(request);
  const valueOf = (wanted: string) => header.find(({ name }) => name === wanted)?.value ?? '';
  const seconds = Number(valueOf('oauth_timestamp'));
  const ahead = Math.round(seconds - now.getTime() / 1000);
  const names = query.map(({ name }) => name);

  const seen: readonly (readonly [holds: boolean, sentence: string])[] = [
    [
      header.length === 0 && [...names, request.body].some((text) => text.includes('oauth_')),
      'OAuth parameters stand in the query or the body. Magento reads them from the Authorization header alone.',
    ],
    [
      /^\d{13}$/.test(valueOf('oauth_timestamp')),
      '`oauth_timestamp` is in milliseconds. Magento wants seconds.',
    ],
    [
      ahead > 600 && ahead < 1e9,
      `\`oauth_timestamp\` is ${ahead} seconds ahead of this store. More than 600 are refused.`,
    ],
    [
      valueOf('oauth_nonce').length > 32,
      '`oauth_nonce` is longer than the 32 characters that Magento keeps.',
    ],
    [
      [...header, ...query].some(
        ({ name, value }) => name !== name.trim() || value !== value.trim(),
      ),
      'A name or a value has a space at its beginning or end.',
    ],
    [
      header.some(({ name, value }) => name === 'oauth_token' && value === ''),
      '`oauth_token` is empty. Leave it out where there is no token.',
    ],
    [
      new Set(names).size < names.length,
      'The query has one name twice. No release of Magento signs that as the standard says.',
    ],
    [
      request.target.includes('+'),
      'The address has a `+`. Send `%20` for a space and `%2B` for a plus.',
    ],
    [
      request.target
        .split('?')
        .slice(1)
        .join('?')
        .split('&')
        .some((pair) => !/^[^=]*=[^=]*$/.test(pair)) && names.length > 0,
      'The query has a name without `=`, or a value with one. Releases disagree about both.',
    ],
  ];
  return seen.filter(([holds]) => holds).map(([, sentence]) => sentence);
}

import { restFailure, type Answer } from '../calls/answers.js';

const served = [
  '*/*',
  'application/*',
  'text/*',
  'application/json',
  'application/xml',
  'application/xhtml+xml',
  'text/xml',
];

/**
 * The refusal of a call that accepts nothing the Web API has. XML counts as something it has, because Magento does
 * have it; this store answers such a call in JSON.
 *
 * @see docs/magento.md, "Error body"
 */
export function refusalOf(accept: string | undefined): Answer | undefined {
  const types = (accept ?? '').split(',').flatMap((part) => {
    const type = part.split(';', 1).join('').trim().toLowerCase();
    return /^[a-z0-9*+-]+(?:\/[a-z0-9*+.-]+)?$/.test(type) ? [type] : [];
  });
  const [first] = types;
  if (first === undefined || types.some((type) => served.includes(type))) return undefined;
  return restFailure(
    406,
    'Server cannot match any of the given Accept HTTP header media type(s) from the request: ' +
      `"${first}" with media types from the config of response renderer.`,
  );
}

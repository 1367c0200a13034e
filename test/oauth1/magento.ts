import type { RequestToSign } from '../../src/oauth1/request-to-sign.js';
import type { IncomingRequest } from '../../src/sample-store/calls/incoming-request.js';
import { laminasBaseString } from '../../src/sample-store/oauth/laminas-base-string.js';
import { protocolParameters } from '../../src/sample-store/oauth/protocol-parameters.js';
import { baseStrings, type Secrets, signatureOf } from '../../src/sample-store/oauth/signature.js';
import { rawUrlEncode, toBinary } from '../../src/sample-store/php-strings.js';

/** A patched laminas-uri: it decodes the unreserved characters alone. */
const between: typeof laminasBaseString = (request, parameters) =>
  laminasBaseString(request, parameters, /[a-zA-Z0-9_\-.~]/);

const generations = {
  'up to 2.4.5': ['zend', baseStrings.zend],
  '2.4.6-2.4.7': ['laminas', baseStrings.laminas],
  between: ['laminas', between],
  '2.4.8+': ['magento', baseStrings.magento],
} as const;

export type Generation = keyof typeof generations;

/** The signature that each generation of Magento computes, or how it fails before it has one. */
export function signaturesOfMagento(
  request: RequestToSign,
  oauthParams: Readonly<Record<string, string>>,
  secrets: Secrets,
): Record<Generation, string> {
  const incoming = incomingRequest(request, oauthParams);
  const all = Object.entries(generations).map(([generation, [baseString, build]]) => {
    try {
      const base = build(incoming, protocolParameters(incoming, { baseString }));
      return [generation, signatureOf('HMAC-SHA256', base, secrets)];
    } catch (error) {
      return [generation, `fails: ${String(error)}`];
    }
  });
  return Object.fromEntries(all) as Record<Generation, string>;
}

/** The request as the store would see it, if an HTTP client sent it byte for byte. */
function incomingRequest(
  { method, url, body = '', contentType = '' }: RequestToSign,
  oauthParams: Readonly<Record<string, string>>,
): IncomingRequest {
  const [, scheme = '', host = '', target = ''] =
    /^(https?):\/\/([^/?#]*)([^#]*)/i.exec(toBinary(url)) ?? [];
  const header = Object.entries(oauthParams).map(
    ([name, value]) => `${name}="${rawUrlEncode(toBinary(value))}"`,
  );
  return {
    method,
    scheme: scheme.toLowerCase() === 'https' ? 'https' : 'http',
    host,
    target,
    authorization: `OAuth ${header.join(', ')}`,
    contentType,
    headers: {},
    body: toBinary(body),
  };
}

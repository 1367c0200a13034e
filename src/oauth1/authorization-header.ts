import type { Parameter } from './form-parameters.js';
import { percentEncode } from './percent-encode.js';

/**
 * The value of the `Authorization` header: `OAuth name="value", …` in the order given, without a realm,
 * which Magento does not read.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5849#section-3.5.1
 */
export function authorizationHeader(oauthParameters: readonly Parameter[]): string {
  const fields = oauthParameters.map(
    ([name, value]) => `${percentEncode(name)}="${percentEncode(value)}"`,
  );
  return `OAuth ${fields.join(', ')}`;
}

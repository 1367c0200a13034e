import { formParameters, type Parameter } from './form-parameters.js';
import { UnportableRequestError } from './unportable-request-error.js';

const formType = 'application/x-www-form-urlencoded';

/**
 * The parameters of a form body, which are signed; none for any other body. Magento compares the content type
 * in small letters only, and would not see a form elsewhere. Its `parse_str` reads what RFC 5849 says here.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5849#section-3.4.1.3.1
 */
export function portableForm(request: { body?: string; contentType?: string }): Parameter[] {
  const { body = '', contentType = '' } = request;
  const type = contentType.trim();
  if (body === '' || !type.toLowerCase().startsWith(formType)) return [];
  if (!type.startsWith(formType)) {
    throw new UnportableRequestError(
      `The content type must be written ${formType}, in small letters.`,
    );
  }
  if (/%(?![0-9A-Fa-f]{2})/.test(body)) {
    throw new UnportableRequestError(
      'The form body holds a % that is not followed by two hexadecimal digits.',
    );
  }
  try {
    return formParameters(body);
  } catch (cause) {
    throw new UnportableRequestError('The form body holds percent escapes that are not UTF-8.', {
      cause,
    });
  }
}

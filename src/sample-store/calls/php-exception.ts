/**
 * An exception of the PHP below Magento, which no class of Magento's expects: a token endpoint answers 500 and
 * `internal_error`, the REST API its masked 500. PHP's own errors are a `TypeError` here.
 *
 * @see docs/magento.md, "Errors of the token endpoints"
 */
export class PhpException extends Error {
  override readonly name = 'PhpException';
}

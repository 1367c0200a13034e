import { AppError } from '../errors.js';

/** What Magento appends to the identity link. */
export interface IdentityParameters {
  readonly consumerKey: string;
  readonly successCallback: string;
}

/**
 * Reads the two parameters from the address the popup was opened with. Magento appends `?…` to whatever the
 * merchant typed, so an identity link with a query of its own arrives with two question marks.
 *
 * @throws AppError `opened_without_parameters`, `magento_too_old`, `activation_unknown` for anything malformed
 * @see docs/magento.md, "The popup"
 */
export function readIdentityParameters(addressWithQuery: string): IdentityParameters {
  const [, ...queries] = addressWithQuery.split('?');
  const parameters = queries.map((query) => new URLSearchParams(query));
  const valuesOf = (name: string) => parameters.flatMap((query) => query.getAll(name));
  const consumerKeys = valuesOf('oauth_consumer_key');
  const callbacks = valuesOf('success_call_back');

  if (consumerKeys.length === 0 && valuesOf('consumer_id').length > 0) {
    throw new AppError('magento_too_old', 'the popup was opened with a consumer_id');
  }
  if (consumerKeys.length === 0 && callbacks.length === 0) {
    throw new AppError('opened_without_parameters', 'the popup was opened without parameters');
  }
  const [consumerKey = '', ...otherKeys] = consumerKeys;
  const [successCallback = '', ...otherCallbacks] = callbacks;
  if (
    otherKeys.length > 0 ||
    otherCallbacks.length > 0 ||
    !/^[0-9a-z]{32}$/.test(consumerKey) ||
    successCallback === ''
  ) {
    throw new AppError('activation_unknown', 'the popup was opened with malformed parameters');
  }
  return { consumerKey, successCallback };
}

/**
 * A request that at least one release of Magento would refuse, and that cannot be respelled.
 * The message is one sentence that names the reason; no secret, token or parameter value is in it.
 */
export class UnportableRequestError extends Error {
  override readonly name = 'UnportableRequestError';
}

/**
 * The token of a Bearer header, which must be exactly two words with one space between; `undefined` for any other.
 *
 * @see docs/magento.md, "REST with the access token"
 */
export function bearerTokenOf(authorization: string): string | undefined {
  const [scheme = '', token, ...rest] = authorization.split(' ');
  return scheme.toLowerCase() === 'bearer' && rest.length === 0 ? token : undefined;
}

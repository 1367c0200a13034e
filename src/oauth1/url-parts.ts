/** The pieces of an absolute URL exactly as written; joining them again gives the same bytes, but for the fragment. */
export interface UrlParts {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  /** Without its `?`; undefined when there is none. */
  readonly query: string | undefined;
}

const absoluteUrl =
  /^(?<scheme>[a-z][a-z0-9+.-]*):\/\/(?<authority>[^/?#]*)(?<path>[^?#]*)(?:\?(?<query>[^#]*))?(?:#.*)?$/is;

/**
 * Splits an absolute URL by hand, since the URL class would change its spelling. The fragment is left out:
 * it is never sent. Undefined when the text is not `scheme://…`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc3986#appendix-B
 */
export function urlParts(url: string): UrlParts | undefined {
  const found = absoluteUrl.exec(url)?.groups;
  if (!found) return undefined;
  const { scheme = '', authority = '', path = '', query } = found;
  return { scheme, authority, path, query };
}

/**
 * Encodes text as UTF-8 and every byte outside `A-Z a-z 0-9 - . _ ~` as `%XX` with capitals.
 * Throws URIError for half of a surrogate pair.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5849#section-3.6
 */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

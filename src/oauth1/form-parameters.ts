/** A decoded name and value. A list of them keeps order and duplicates. */
export type Parameter = readonly [name: string, value: string];

/**
 * Reads a query or an `application/x-www-form-urlencoded` body: `+` is a space, a name without `=` has
 * an empty value, empty pairs do not count. Throws URIError for a malformed or non-UTF-8 escape.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5849#section-3.4.1.3.1
 */
export function formParameters(text: string): Parameter[] {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...rest] = pair.split('=');
      return [decodeFormText(name), decodeFormText(rest.join('='))];
    });
}

function decodeFormText(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

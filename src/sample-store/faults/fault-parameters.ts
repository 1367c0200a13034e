import { z } from 'zod';

/** Numbers come as text from the command line and from forms. */
export function numeral<S extends z.ZodType>(schema: S) {
  return z.preprocess(
    (value) => (typeof value === 'string' && /^-?\d{1,12}$/.test(value) ? Number(value) : value),
    schema,
  );
}

/** A time to wait; a day at most. */
export function milliseconds(meaning = 'how late, in milliseconds') {
  return numeral(z.number().int().min(0).max(86_400_000)).describe(meaning);
}

/** An address of the web. */
export function webAddress(meaning: string) {
  return z
    .url({ protocol: /^https?$/, error: 'must begin with http:// or https://' })
    .describe(meaning);
}

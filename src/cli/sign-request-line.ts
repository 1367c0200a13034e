import { z } from 'zod';

const text = z.string();
const optionalText = text.nullish().transform((value) => value ?? undefined);

const requestLine = z.object({
  method: text,
  url: text,
  consumerKey: text,
  consumerSecret: text,
  token: optionalText,
  tokenSecret: optionalText,
  verifier: optionalText,
  nonce: optionalText,
  timestamp: z
    .union([z.number(), z.string().regex(/^\d+$/)])
    .nullish()
    .transform((value) => value ?? undefined),
  body: optionalText,
  contentType: optionalText,
});

/** One request as `npm run sign` reads it; what was absent or null is undefined. */
export type RequestLine = z.infer<typeof requestLine>;

/** Input that is no request. The message is one sentence that names the line and the field, and no value. */
export class UnreadableLineError extends Error {
  override readonly name = 'UnreadableLineError';
}

/** Reads one line of JSON. Throws UnreadableLineError; `lineNumber` counts from 1. */
export function readRequestLine(line: string, lineNumber: number): RequestLine {
  const found = requestLine.safeParse(parseJson(line, lineNumber));
  if (found.success) return found.data;
  const [field] = found.error.issues[0]?.path ?? [];
  if (field === undefined)
    throw new UnreadableLineError(`Line ${lineNumber} is not a JSON object.`);
  const kind = field === 'timestamp' ? 'a number or a string of digits' : 'a string';
  throw new UnreadableLineError(
    `Line ${lineNumber}: the field ${JSON.stringify(field)} must be ${kind}.`,
  );
}

function parseJson(line: string, lineNumber: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // The parser's own message quotes the text, in which there are secrets: it is not kept as the cause either.
    throw new UnreadableLineError(`Line ${lineNumber} is not JSON.`);
  }
}

import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { signRequest } from '../oauth1/sign-request.js';
import { UnportableRequestError } from '../oauth1/unportable-request-error.js';
import { readRequestLine, type RequestLine } from './sign-request-line.js';
import { textLines } from './text-lines.js';

/** Where an absent nonce and timestamp come from: 32 characters of `[0-9a-z]`; the present. */
export interface SignDeps {
  readonly nonce: () => string;
  readonly now: () => Date;
}

/**
 * Signs one JSON object a line and writes one JSON object a line, in order: `{authorization, baseString,
 * signature, url}`, or `{error}` for a request that cannot be made portable. Holds one chunk at a time and
 * waits for `output`. Returns how many could not be signed. Throws UnreadableLineError, after the lines
 * before it have been answered.
 */
export async function signLines(
  input: AsyncIterable<Uint8Array>,
  output: Writable,
  deps: SignDeps,
): Promise<{ refused: number }> {
  let refused = 0;
  let lineNumber = 0;
  for await (const line of textLines(input)) {
    lineNumber++;
    if (line.trim() === '') continue;
    const answer = answerTo(readRequestLine(line, lineNumber), deps);
    if ('error' in answer) refused++;
    if (!output.write(`${JSON.stringify(answer)}\n`)) await once(output, 'drain');
  }
  return { refused };
}

function answerTo(line: RequestLine, deps: SignDeps) {
  const { nonce, timestamp, ...fields } = withoutUndefined(line);
  try {
    return signRequest(fields, fields, {
      nonce: nonce ?? deps.nonce(),
      timestamp: timestamp ?? Math.floor(deps.now().getTime() / 1000),
    });
  } catch (error) {
    if (error instanceof UnportableRequestError) return { error: error.message };
    throw error;
  }
}

type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

function withoutUndefined<T extends object>(record: T): Present<T> {
  return Object.fromEntries(
    Object.entries(record).filter(([, value]) => value !== undefined),
  ) as Present<T>;
}

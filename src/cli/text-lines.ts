import { TextDecoder } from 'node:util';
import { UnreadableLineError } from './sign-request-line.js';

/** A line longer than this is an accident, and must not fill the memory. */
const longestLine = 16 * 1024 * 1024;

/**
 * The lines of a UTF-8 stream, as they come, without their line ends (LF or CRLF). `node:readline` would do,
 * if it did not also split at U+2028, which may stand in JSON. Throws UnreadableLineError for bytes that are
 * not UTF-8 and for a line of more than 16 Mi characters.
 */
export async function* textLines(input: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let lineNumber = 1;
  let rest: string[] = [];
  let restLength = 0;
  for await (const chunk of input) {
    const [first = '', ...others] = decode(decoder, chunk, lineNumber).split('\n');
    rest.push(first);
    restLength += first.length;
    if (restLength > longestLine) throw new UnreadableLineError(`Line ${lineNumber} is too long.`);
    for (const next of others) {
      yield rest.join('').replace(/\r$/, '');
      lineNumber++;
      rest = [next];
      restLength = next.length;
    }
  }
  rest.push(decode(decoder, undefined, lineNumber));
  yield rest.join('').replace(/\r$/, '');
}

/** Decodes what is complete in the chunk, or with no chunk what is left. */
function decode(decoder: TextDecoder, chunk: Uint8Array | undefined, lineNumber: number): string {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined });
  } catch (cause) {
    throw new UnreadableLineError(`Line ${lineNumber} or one soon after it is not UTF-8.`, {
      cause,
    });
  }
}

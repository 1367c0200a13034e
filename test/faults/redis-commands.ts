import type { Split } from './tcp-proxy.js';

/** Cuts what a Redis client sends into commands. */
export const commandsOf: Split = (bytes) => {
  const messages: Buffer[] = [];
  let start = 0;
  for (;;) {
    const end = endOfCommand(bytes, start);
    if (end === undefined) return { messages, rest: bytes.subarray(start) };
    messages.push(bytes.subarray(start, end));
    start = end;
  }
};

/** The words of one command: its name in capitals, then its arguments. */
export function wordsOf(command: Buffer): string[] {
  const words: string[] = [];
  readCommand(command, 0, (word) => words.push(word.toString()));
  const [name = '', ...args] = words;
  return [name.toUpperCase(), ...args];
}

function endOfCommand(bytes: Buffer, start: number): number | undefined {
  return readCommand(bytes, start, () => undefined);
}

/** `*2\r\n$3\r\nGET\r\n$1\r\nk\r\n`. Answers where it ends, or undefined when it is not all there. */
function readCommand(
  bytes: Buffer,
  start: number,
  take: (word: Buffer) => void,
): number | undefined {
  const count = readNumber(bytes, start);
  if (!count) return undefined;
  let at = count.end;
  for (let left = count.value; left > 0; left -= 1) {
    const length = readNumber(bytes, at);
    if (!length || length.end + length.value + 2 > bytes.length) return undefined;
    take(bytes.subarray(length.end, length.end + length.value));
    at = length.end + length.value + 2;
  }
  return at;
}

function readNumber(bytes: Buffer, start: number) {
  const end = bytes.indexOf('\r\n', start);
  return end < 0
    ? undefined
    : { value: Number(bytes.subarray(start + 1, end).toString()), end: end + 2 };
}

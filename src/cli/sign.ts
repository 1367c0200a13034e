/** `npm run sign`: signs the requests on standard input, one JSON object a line. */
import { randomInt } from 'node:crypto';
import { signLines } from './sign-lines.js';
import { UnreadableLineError } from './sign-request-line.js';

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz';

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  const { refused } = await signLines(process.stdin, process.stdout, {
    nonce: () => Array.from({ length: 32 }, () => alphabet[randomInt(alphabet.length)]).join(''),
    now: () => new Date(),
  });
  if (refused > 0) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof UnreadableLineError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

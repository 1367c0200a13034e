import type { Redis } from 'ioredis';
import { AppError } from '../errors.js';
import { failureReason } from './failure-reason.js';

/**
 * Connects and waits until the server has loaded its data and takes commands. Throws `redis_unavailable` after
 * `timeoutMs`, or at once when waiting cannot help: a wrong password, a database that is not there.
 */
export function waitUntilReady(
  client: Redis,
  { name, timeoutMs }: { name: string; timeoutMs: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    let reason = 'no answer';
    const settle = (end: () => void) => {
      clearTimeout(timer);
      client.off('ready', onReady);
      client.off('error', onError);
      end();
    };
    const fail = () => {
      settle(() => {
        // No cause: ioredis puts the password on its error.
        reject(new AppError('redis_unavailable', `${name} cannot be used: ${reason}`));
      });
    };
    const onReady = () => {
      settle(resolve);
    };
    const onError = (error: Error) => {
      reason = failureReason(error);
      if (isFinal(error)) fail();
    };
    // The client's own attempts keep the process up; once it is closed, nothing waits for this.
    const timer = setTimeout(fail, timeoutMs).unref();
    client.on('ready', onReady);
    client.on('error', onError);
    // Its rejection is the first attempt's; the client goes on trying, and the listeners hear of it.
    client.connect().catch(() => undefined);
  });
}

function isFinal(error: Error): boolean {
  // ioredis goes on in database 0 when SELECT fails: better no Redis than the wrong one.
  return /^(WRONGPASS|NOAUTH|NOPERM)\b/.test(error.message) || commandOf(error) === 'select';
}

function commandOf(error: Error): unknown {
  return 'command' in error && (error.command as { name?: unknown } | undefined)?.name;
}

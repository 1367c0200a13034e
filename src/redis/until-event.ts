import type { Redis } from 'ioredis';

/**
 * Waits for one of these events and answers whether it came within `timeoutMs`. Unlike with `events.once`, an
 * 'error', which ioredis emits for each attempt to connect, does not end the wait.
 */
export function untilEvent(
  client: Redis,
  events: readonly ('ready' | 'end')[],
  timeoutMs: number,
): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (came: boolean) => {
      clearTimeout(timer);
      for (const event of events) client.off(event, onEvent);
      resolve(came);
    };
    const onEvent = () => {
      settle(true);
    };
    const timer = setTimeout(settle, timeoutMs, false).unref();
    for (const event of events) client.once(event, onEvent);
  });
}

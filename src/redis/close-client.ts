import type { Redis } from 'ioredis';
import { untilEvent } from './until-event.js';

/** Ends the connection after what was sent has been answered; within 2 s in any case, and never throws. */
export async function closeClient(client: Redis): Promise<void> {
  if (client.status === 'end') return;
  if (client.status !== 'ready') {
    client.disconnect();
    return;
  }
  const ended = untilEvent(client, ['end'], 2_000);
  // A server that hangs does not answer QUIT: then the line is cut.
  await client.quit().catch(() => {
    client.disconnect();
  });
  await ended;
}

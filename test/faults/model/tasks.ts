import { completeActivation } from '../../../src/activation/exchange/complete-activation.js';
import { disconnectStore } from '../../../src/activation/disconnect-store.js';
import { checkAccount, storesAsking } from '../../../src/activation/exchange/next-step.js';
import { noteOpened } from '../../../src/activation/open-popups.js';
import { probe, probeDueStores } from '../../../src/activation/probe.js';
import {
  receiveActivation,
  type ReceivedFields,
} from '../../../src/activation/receive-activation.js';
import { recoverExchanges } from '../../../src/activation/exchange/recovery.js';
import { replaySpool } from '../../../src/activation/exchange/replay-spool.js';
import { situationOf } from '../../../src/activation/exchange/situation.js';
import { errorCodes } from '../../../src/errors.js';
import type { InstanceDeps } from './instance.js';
import type { Play } from './play.js';
import type { Task } from './steps.js';

/** Begins something at a process. It goes on as far as the walk lets its effects happen. */
async function begin(
  play: Play,
  name: string,
  kind: Task['kind'],
  what: string,
  work: (deps: InstanceDeps) => Promise<string>,
): Promise<Task> {
  const { life, deps } = play.world.instances.get(name)!;
  play.world.story.push(`${name} ${what}`);
  const task = await play.world.steps.begin(life, kind, () => work(deps).catch(described));
  play.tasks.push({ task, begunAt: play.laws.time() });
  return task;
}

/** How a task ended that threw: the code that the merchant is shown, or `!` and what nobody expects. */
function described(error: unknown): string {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return errorCodes.find((known) => known === code) ?? `! ${String(message)}`;
}

/** `POST /endpoint` from the point on where its fields are read. */
export function beginPost(
  play: Play,
  name: string,
  fields: ReceivedFields,
  what: string,
): Promise<Task> {
  return begin(play, name, 'post', `gets ${what}`, async (deps) => {
    const { isConnected } = await receiveActivation(deps, fields, '192.0.2.1');
    if (isConnected) await probe(deps, fields.consumerKey);
    return 'received';
  });
}

/** The popup of the store's admin, opened and signed in to. Where it asks something, the merchant means his own store. */
export function beginSignIn(play: Play, name: string, account: string): Promise<Task> {
  const { consumerKey } = play.world.integration;
  const wantedOrigin = new URL(play.world.storeUrl).origin;
  const subject = { consumerKey, wantedOrigin, invited: undefined };
  return begin(play, name, 'sign-in', `gets a sign-in of ${account}`, async (deps) => {
    const opened = await situationOf(deps, subject);
    storesAsking(opened);
    await noteOpened(deps, consumerKey, opened);
    const situation = await situationOf(deps, subject);
    checkAccount(account, situation);
    const stores = storesAsking(situation).map((url) => new URL(url).origin);
    if (stores.length > 0 && !stores.includes(wantedOrigin)) return 'another store is named';
    await completeActivation(deps, { ...subject, account });
    return 'connected';
  });
}

/** What every process does at its start, and every ten seconds. */
export function beginPass(play: Play, name: string): Promise<Task> {
  return begin(play, name, 'pass', 'makes a pass', async (deps) => {
    await replaySpool(deps);
    await Promise.all([recoverExchanges(deps), probeDueStores(deps)]);
    return 'done';
  });
}

export function beginDisconnect(play: Play, name: string): Promise<Task> {
  return begin(play, name, 'disconnect', 'disconnects the store', async (deps) =>
    String(await disconnectStore(deps, play.world.integration.consumerKey)),
  );
}

import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { activationStore } from '../../src/activation/activation-store.js';
import { arrows, type Activation, type State } from '../../src/activation/activation.js';
import { randomNonce } from '../../src/magento/nonce.js';
import { startRedis, type TestRedis } from '../support/start-redis.js';

let redis: TestRedis;

beforeAll(async () => {
  redis = await startRedis({ tcp: true });
});

const failure = { code: 'store_failed' as const, at: new Date() };
const lease = { attempt: 'any', until: new Date() };
const changesEach = 1_000;

/** Received, requesting, failed, and round again, in one direction; every second change stays where it is. */
function turned(current: Activation): Activation {
  const { state, version, consumerKey, candidates } = current;
  if (version % 2 === 0) return { ...current, version: version + 1 };
  const common = { consumerKey, candidates, generation: 0, version: version + 1 };
  if (state === 'received') {
    const storeOrigin = 'https://shop.example';
    return { ...common, state: 'requesting', lease, candidateId: 'any', storeOrigin };
  }
  if (state === 'requesting') return { ...common, state: 'failed', failure };
  return { ...common, state: 'received' };
}

describe('a record that two processes change 1,000 times each, at once', () => {
  it('has counted every change, and went along legal arrows alone', async () => {
    const prefix = `${randomUUID()}:`;
    const consumerKey = randomNonce();
    const [one, other] = [redis.client(), redis.client()].map((client) =>
      activationStore(client, prefix, () => new Date()),
    );
    await one!.insert({
      version: 1,
      consumerKey,
      state: 'received',
      candidates: [],
      generation: 0,
    });
    const steps: { version: number; from: State; to: State }[] = [];
    const work = async (store: ReturnType<typeof activationStore>) => {
      for (let made = 0; made < changesEach;) {
        const current = (await store.find(consumerKey))!;
        const next = turned(current);
        if (!(await store.replace(current, next))) continue;
        steps.push({ version: next.version, from: current.state, to: next.state });
        made += 1;
      }
    };

    await Promise.all([work(one!), work(other!)]);

    const end = await one!.find(consumerKey);
    const inOrder = steps.toSorted((a, b) => a.version - b.version);
    expect(end?.version).toBe(1 + 2 * changesEach);
    expect(inOrder.map(({ version }) => version)).toEqual(steps.map((_, place) => place + 2));
    expect(inOrder.filter(({ from, to }) => from !== to && !arrows[from].includes(to))).toEqual([]);
    expect(inOrder.filter(({ from }, place) => from !== (inOrder[place - 1]?.to ?? from))).toEqual(
      [],
    );
  });
});

import http from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { probeDueStores } from '../../src/activation/probe.js';
import { activationForm } from '../support/activation.js';
import { fakeClock } from '../support/fake-clock.js';
import { callsOf, connect, newIntegration } from '../support/popup.js';
import { recordOf } from '../support/posts.js';
import { startApp, type TestApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';
import { post } from './activation-load.js';
import { until } from './rig.js';

const stores = 100;
const forgeries = 10_000;
const minutes = 3;

/** A host of the forger's, which counts who connects to it. */
async function startForger() {
  const seen = { connections: 0 };
  const server = http.createServer((_req, res) => res.end());
  server.on('connection', () => (seen.connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return { seen, url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

/** A genuine secret, so that the forgery is as good as it can be, or a made-up one. */
function forgery(target: { consumerKey: string; consumerSecret: string }, n: number, url: string) {
  return activationForm({
    oauth_consumer_key: target.consumerKey,
    store_base_url: url,
    ...(n % 3 === 0 && { oauth_consumer_secret: target.consumerSecret }),
  });
}

/** Sends the forgeries, 50 at a time and from 250 addresses. Answers how often each status came. */
async function flood(app: TestApp, forms: readonly Record<string, string>[]) {
  const statuses = new Map<number, number>();
  const agent = new http.Agent({ keepAlive: true, maxSockets: 50 });
  const left = forms.entries();
  const sender = async () => {
    for (const [n, form] of left) {
      const status = await post(agent, `${app.url}/endpoint`, form, {
        'X-Forwarded-For': `198.51.100.${n % 250}`,
      });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: 50 }, sender));
  agent.destroy();
  return statuses;
}

describe(`${forgeries} forged POSTs for ${stores} connected stores`, () => {
  it('change no credential, reach no host of theirs, and ask each store once in a minute', async () => {
    const clock = fakeClock();
    const app = await startApp({ now: clock.now, trustProxy: 1 });
    const [store, forger] = [await startStore({ now: clock.now }), await startForger()];
    const integrations = Array.from({ length: stores }, () => newIntegration(app, store));
    const signIns = new Set<number>();
    // One after the other: of a hundred at once the line for passwords would turn some away.
    for (const integration of integrations) {
      signIns.add((await connect(app, store, integration)).response.status);
    }
    expect(signIns).toEqual(new Set([303]));
    const records = () => Promise.all(integrations.map((one) => recordOf(app, 'credential', one)));
    const before = await records();
    const callsBefore = callsOf(store).length;
    const urls = [forger.url, `${forger.url}shop/`, store.url];
    const forms = Array.from({ length: forgeries }, (_, n) =>
      forgery(integrations[n % stores]!, n, urls[n % urls.length]!),
    );
    const perMinute = Math.ceil(forgeries / minutes);
    const statuses = new Map<number, number>();

    for (let minute = 0; minute < minutes; minute += 1) {
      clock.advance(61);
      const part = forms.slice(minute * perMinute, (minute + 1) * perMinute);
      for (const [status, times] of await flood(app, part)) {
        statuses.set(status, (statuses.get(status) ?? 0) + times);
      }
      await probeDueStores(app.deps);
      const asked = () => callsOf(store).slice(callsBefore);
      await until('answers', () => asked().every((call) => !call.endsWith('unanswered')));
    }

    const calls = callsOf(store).slice(callsBefore);
    forger.close();
    expect(await records()).toEqual(before);
    expect(forger.seen.connections).toBe(0);
    expect(calls.filter((call) => call !== 'GET rest/V1/store/storeConfigs 200')).toEqual([]);
    expect(calls.length).toBeGreaterThanOrEqual(stores);
    expect(calls.length).toBeLessThanOrEqual(stores * minutes);
    expect([...statuses.keys()].filter((status) => status !== 200 && status !== 429)).toEqual([]);
    expect(statuses.get(200)).toBeGreaterThan(0);
    expect([...statuses.values()].reduce((sum, times) => sum + times, 0)).toBe(forgeries);
  }, 60_000);
});

import { describe, expect, it } from '@jest/globals';
import { activationForm } from '../support/activation.js';
import { fakeClock } from '../support/fake-clock.js';
import { connect } from '../support/popup.js';
import { startApp, type AppOptions, type TestApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';

/** An app behind one proxy, so that a test can say who calls. */
function crowdedApp(options: AppOptions = {}) {
  return startApp({ trustProxy: 1, maxPending: 10, ...options });
}

function post(app: TestApp, from: string, form = activationForm()) {
  return app.visitor().post('/endpoint').set('X-Forwarded-For', from).type('form').send(form);
}

async function fillUp(app: TestApp): Promise<string[]> {
  const forms = Array.from({ length: 10 }, () => activationForm());
  const answers = await Promise.all(forms.map((form, n) => post(app, `198.51.100.${n}`, form)));
  expect(answers.map(({ status }) => status)).toEqual(Array<number>(10).fill(200));
  return forms.map((form) => form['oauth_consumer_key']!);
}

function recordsOf(app: TestApp, kind: string): Promise<string[]> {
  return app.redis.keys(`${app.prefix}${kind}:{*`);
}

describe('POST /endpoint, when as many wait as may', () => {
  it('answers 429 in plain text, says when to come again, and keeps nothing', async () => {
    const app = await crowdedApp();
    const keys = await fillUp(app);

    const response = await post(app, '203.0.113.1');

    expect(response.status).toBe(429);
    expect(response.type).toBe('text/plain');
    expect(response.text).toMatch(/^too_many_pending: /);
    expect(response.headers['retry-after']).toMatch(/^\d+$/);
    expect(response.headers).not.toHaveProperty('set-cookie');
    expect((await recordsOf(app, 'activation')).sort()).toEqual(
      keys.map((key) => `${app.prefix}activation:{${key}}`).sort(),
    );
  });

  it('takes another POST for a key that waits', async () => {
    const app = await crowdedApp();
    const [key = ''] = await fillUp(app);

    const again = await post(app, '203.0.113.1', { ...activationForm(), oauth_consumer_key: key });

    expect(again.status).toBe(200);
    expect((await app.deps.activations.find(key))?.candidates).toHaveLength(2);
  });

  it('refuses an address that has a tenth, and changes no record of its keys', async () => {
    const app = await crowdedApp();
    const [first, second] = [activationForm(), activationForm()];
    await post(app, '203.0.113.1', first);
    await post(app, '203.0.113.2', second);
    const before = await app.deps.activations.find(second['oauth_consumer_key']!);

    const response = await post(app, '203.0.113.1', {
      ...activationForm(),
      oauth_consumer_key: second['oauth_consumer_key']!,
    });

    expect(response.status).toBe(429);
    expect(await app.deps.activations.find(second['oauth_consumer_key']!)).toEqual(before);
  });

  it('loses nothing in a flood, and takes others as soon as places are free', async () => {
    const clock = fakeClock();
    const app = await crowdedApp({ now: clock.now });
    const store = await startStore({ now: clock.now });
    expect((await connect(app, store)).response.status).toBe(303);
    const [connected = ''] = await recordsOf(app, 'credential');
    const credential = await app.redis.get(connected);
    const { consumerKey } = store.integrations()[0]!;
    await app.deps.pending.release(consumerKey, ['127.0.0.1']);
    const keys = await fillUp(app);
    const before = await Promise.all(keys.map((key) => app.deps.activations.find(key)));

    const statuses = new Set(await flood(app, 1_000));

    expect([...statuses]).toEqual([429]);
    expect(await app.redis.get(connected)).toBe(credential);
    expect(await Promise.all(keys.map((key) => app.deps.activations.find(key)))).toEqual(before);
    expect(await recordsOf(app, 'activation')).toHaveLength(keys.length + 1);
    expect((await post(app, '203.0.113.1')).status).toBe(429);
    clock.advance(900);
    expect((await post(app, '203.0.113.1')).status).toBe(200);
  });
});

describe('POST /endpoint, from one address that says it is many', () => {
  it('has no more than the tenth of one address, unless a proxy is trusted', async () => {
    const app = await startApp({ maxPending: 500 });

    const statuses = await flood(app, 1_000);

    const taken = statuses.filter((status) => status === 200);
    expect(taken).toHaveLength(50);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    expect(await recordsOf(app, 'activation')).toHaveLength(50);
  });
});

/** POSTs of unknown keys, 32 at a time. Answers every status. */
async function flood(app: TestApp, count: number): Promise<number[]> {
  const statuses: number[] = [];
  const caller = async () => {
    while (statuses.length < count) {
      const response = await fetch(`${app.url}/endpoint`, {
        method: 'POST',
        body: new URLSearchParams(activationForm()),
        headers: { 'X-Forwarded-For': `192.0.2.${statuses.length % 250}` },
      });
      await response.text();
      statuses.push(response.status);
    }
  };
  await Promise.all(Array.from({ length: 32 }, caller));
  return statuses;
}

import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, describe, expect, it } from '@jest/globals';
import { activationForm, identityQuery } from '../support/activation.js';
import { callsOf, connect, openPopup, sendForm } from '../support/popup.js';
import { startApp, type TestApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';

const sockets = new Set<Socket>();
const servers: ReturnType<typeof createServer>[] = [];

afterAll(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
});

/** A store that takes a connection and never says a word. */
async function startTarpit(): Promise<string> {
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Signs in for a store; the answer comes when its exchange is over. */
async function signInAt(app: TestApp, storeBaseUrl: string) {
  const form = activationForm({ store_base_url: storeBaseUrl });
  const visitor = app.visitor();
  await visitor.post('/endpoint').type('form').send(form);
  const callback = `${storeBaseUrl}admin/admin/integration/loginSuccessCallback/`;
  const query = identityQuery(form['oauth_consumer_key'] ?? '', callback);
  const { fields } = await openPopup(visitor, `${app.url}/login?${query}`);
  return { send: () => sendForm(visitor, fields).then(({ status }) => status) };
}

describe('200 stores that never answer', () => {
  it('hold up no other: 20 good ones are connected long before the first of them is given up', async () => {
    const limits = { deadlineMs: 20_000, replyBytes: 65_536 };
    const app = await startApp({ limits, progressAfterMs: 60_000 });
    const tarpits = await Promise.all(Array.from({ length: 200 }, startTarpit));
    const hung: number[] = [];
    const answers: Promise<unknown>[] = [];
    for (const tarpit of tarpits) {
      const { send } = await signInAt(app, tarpit);
      answers.push(send().then((status) => hung.push(status)));
    }
    while (sockets.size < tarpits.length) await new Promise((resolve) => setTimeout(resolve, 20));

    const good = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const store = await startStore();
        const { response } = await connect(app, store);
        return { status: response.status, calls: callsOf(store).length };
      }),
    );
    const hungByThen = hung.length;
    await Promise.all(answers);

    expect(good).toEqual(good.map(() => ({ status: 303, calls: 3 })));
    expect(hungByThen).toBe(0);
    expect(hung).toHaveLength(200);
    expect(new Set(hung)).toEqual(new Set([502]));
  }, 90_000);
});

describe('more calls than the app makes at once', () => {
  it('tell the merchant to wait, spend nothing, and the next sign-in connects', async () => {
    const callLimits = { inAll: 1, perStore: 1, waiting: 0, patienceMs: 100 };
    const app = await startApp({ callLimits, limits: { deadlineMs: 1_500, replyBytes: 65_536 } });
    const { send } = await signInAt(app, await startTarpit());
    const before = sockets.size;
    const held = send();
    while (sockets.size === before) await new Promise((resolve) => setTimeout(resolve, 10));
    const store = await startStore();

    const { response, fields, visitor } = await connect(app, store);
    await held;
    const again = await sendForm(visitor, fields);

    expect(response.status).toBe(503);
    expect(response.text).toContain('too many calls to stores');
    expect(response.headers).not.toHaveProperty('location');
    expect(again.status).toBe(303);
    expect(callsOf(store)).toHaveLength(3);
  }, 30_000);
});

import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { hiddenFields } from '../support/activation.js';
import { integrationNow } from '../support/popup.js';
import { merchant } from '../support/start-app.js';
import { startRedis, type TestRedis } from '../support/start-redis.js';
import { credentialSigns } from './oracle.js';
import { callsTo, newRig, openForm, until } from './rig.js';

let redis: TestRedis;

beforeAll(async () => {
  redis = await startRedis({ tcp: true, appendfsync: 'always' });
});

/** Opens a popup by hand, so that the one browser can send its form to several processes at once. */
async function openByHand(url: string, popupUrl: string) {
  const { pathname, search } = new URL(popupUrl);
  const first = await fetch(`${url}${pathname}${search}`, { redirect: 'manual' });
  const [cookie = ''] = (first.headers.get('set-cookie') ?? '').split(';');
  const page = await fetch(`${url}${first.headers.get('location') ?? ''}`, { headers: { cookie } });
  const body = new URLSearchParams({ ...hiddenFields(await page.text()), ...merchant }).toString();
  return async (to: string, signal?: AbortSignal) => {
    const { status, headers } = await fetch(`${to}/checklogin`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
      body,
      signal: signal ?? null,
    });
    return { status, location: headers.get('location') };
  };
}

describe('one verifier, one exchange:', () => {
  it('a form sent 50 times over three processes asks the store once, and ends alike 50 times', async () => {
    const rig = await newRig(redis, { EXCHANGE_LEASE_SECONDS: '60' });
    const apps = await Promise.all([rig.start(), rig.start(), rig.start()]);
    const integration = rig.integrate(apps[0]);
    const popupUrl = await rig.activate(integration);
    const send = await openByHand(apps[0].url, popupUrl);

    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, place) => send((apps[place % 3] ?? apps[0]).url)),
    );

    const location = new URL(popupUrl).searchParams.get('success_call_back');
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set([JSON.stringify({ status: 303, location })]),
    );
    expect(callsTo(rig.store, 'token/request')).toBe(1);
    expect(callsTo(rig.store, 'token/access')).toBe(1);
    expect(await credentialSigns(rig, integration)).toBe('signs');
  }, 60_000);

  it('goes on when its popup is closed, and the next popup shows what came of it', async () => {
    const rig = await newRig(redis);
    const app = await rig.start();
    const integration = rig.integrate(app);
    const popupUrl = await rig.activate(integration);
    const send = await openByHand(app.url, popupUrl);
    rig.store.setFaults([{ at: 'request', do: 'slow', ms: 300 }]);
    const closing = new AbortController();
    const answer = send(app.url, closing.signal).catch(() => 'gone');
    await pause(20);
    await until('the request call', () => callsTo(rig.store, 'token/request') === 1);

    closing.abort();

    expect(await answer).toBe('gone');
    await until('a connection', () => integrationNow(rig.store, integration).status === 'active');
    await until('a credential', async () => (await credentialSigns(rig, integration)) === 'signs');
    const reopened = await openForm(app, popupUrl);
    const response = await reopened.send();
    expect(reopened.page.status).toBe(200);
    expect(response.status).toBe(303);
    expect(callsTo(rig.store, 'token/request')).toBe(1);
    expect(callsTo(rig.store, 'token/access')).toBe(1);
  }, 30_000);
});

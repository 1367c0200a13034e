import { describe, expect, it } from '@jest/globals';
import { fakeClock } from '../../support/fake-clock.js';
import { merchant, operator, startApp } from '../../support/start-app.js';
import { operatorsBrowser, send } from '../operators.js';

const { password } = operator;
const typed = { name: 'ada@shop.example', storeHost: 'Shop.example', days: '3' };

async function signedIn() {
  const clock = fakeClock();
  const app = await startApp({ now: clock.now });
  const browser = await operatorsBrowser(app);
  return { clock, app, browser };
}

async function invite(changes: Record<string, string> = {}) {
  const base = await signedIn();
  const { text } = await base.browser.get('/console/people/invite');
  const answer = await send(base.browser, '/console/people/invite', text, { ...typed, ...changes });
  return { ...base, answer };
}

function secretOn(page: string): string {
  return /value="http[^"]+\/invitation\/([\w-]{43})" readonly/.exec(page)?.[1] ?? '';
}

describe('POST /console/people/invite', () => {
  it('shows the link once, to copy, and keeps it nowhere in clear', async () => {
    const { clock, app, browser, answer } = await invite();

    const secret = secretOn(answer.text);
    const [invitation] = await app.deps.invitations.list();
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.text).toContain(`value="${app.url}/invitation/${secret}" readonly`);
    expect(await app.deps.invitations.findByLink(secret)).toMatchObject({
      account: typed.name,
      storeHost: 'shop.example',
      createdBy: 'olga',
      link: { expiresAt: new Date(clock.now().getTime() + 3 * 24 * 3_600_000) },
    });

    const page = await browser.get(`/console/people/invitations/${invitation!.token}`);
    const keys = await app.redis.keys(`${app.prefix}*`);
    const strings = await Promise.all(keys.map((key) => app.redis.get(key).catch(() => '')));
    expect(page.text).toContain(`${app.url}/endpoint/${invitation!.token}`);
    expect(page.text).toContain(`${app.url}/login/${invitation!.token}`);
    // There is no account to lead to before it is accepted.
    expect(page.text).toContain('<h1>Invitation of ada@shop.example</h1>');
    for (const text of [page.text, strings.join(), keys.join(), app.logged()]) {
      expect(text).not.toContain(secret);
    }
    expect(app.logged()).toContain(
      '"event":"invitation_made","account":"ada@shop.example","store":"shop.example","by":"olga"',
    );
    expect(app.logged()).not.toContain(invitation!.token);
  });

  it('takes no host, and seven days, where nothing else is typed', async () => {
    const { clock, app, browser, answer } = await invite({ storeHost: '', days: '7' });
    const { text } = await browser.get('/console/people/invite');

    const [invitation] = await app.deps.invitations.list();
    expect(answer.status).toBe(200);
    expect(text).toMatch(/name="days" type="number" value="7"/);
    expect(invitation?.storeHost).toBeUndefined();
    expect(invitation?.link?.expiresAt.getTime()).toBe(clock.now().getTime() + 604_800_000);
  });

  const refused: readonly (readonly [Record<string, string>, number, string])[] = [
    [{ name: '' }, 400, 'The name must be 1 to 128'],
    [{ storeHost: 'https://shop.example/' }, 400, 'The store must be a host'],
    [{ days: '0' }, 400, 'The time must be 1 day or more.'],
    [{ days: '91' }, 400, 'The time must be 90 days or less.'],
    [{ days: '1.5' }, 400, 'The time must be a whole number of days.'],
    [{ days: 'soon' }, 400, 'The time must be a number of days.'],
    [{ name: operator.username, password }, 409, 'olga is an operator.'],
    [{ name: merchant.username }, 401, 'That is not your password.'],
  ];
  for (const [changes, status, text] of refused) {
    it(`refuses ${JSON.stringify(changes)} in plain words`, async () => {
      const { app, answer } = await invite(changes);

      expect(answer.status).toBe(status);
      expect(answer.text).toContain(text);
      expect(answer.text).toContain(`value="${changes['name'] ?? typed.name}"`);
      expect(await app.deps.invitations.list()).toEqual([]);
    });
  }

  it('invites a merchant who has an account, for the own password', async () => {
    const { app, answer } = await invite({ name: merchant.username, password });

    expect(answer.status).toBe(200);
    expect(await app.deps.invitations.findByLink(secretOn(answer.text))).toBeDefined();
  });
});

describe("an invitation's page", () => {
  async function invited() {
    const base = await invite();
    const [invitation] = await base.app.deps.invitations.list();
    const path = `/console/people/invitations/${invitation!.token}`;
    const press = async (action: string, fields: Record<string, string>) => {
      const { text } = await base.browser.get(path);
      return send(base.browser, `${path}/${action}`, text, fields);
    };
    return { ...base, path, press, secret: secretOn(base.answer.text) };
  }

  it('makes another link, which ends the one before', async () => {
    const { app, press, secret } = await invited();

    const without = await press('link', { password: 'wrong' });
    const kept = await app.deps.invitations.findByLink(secret);
    const { status, text } = await press('link', { password });

    expect([without.status, status]).toEqual([401, 200]);
    expect(kept).toBeDefined();
    expect(await app.deps.invitations.findByLink(secret)).toBeUndefined();
    expect(await app.deps.invitations.findByLink(secretOn(text))).toBeDefined();
  });

  it('makes no link for a name that is an operator by now', async () => {
    const { app, press, secret } = await invited();
    await app.deps.accounts.add(typed.name, 'operator', 'a long password');

    const { status } = await press('link', { password });

    expect(status).toBe(409);
    expect(await app.deps.invitations.findByLink(secret)).toBeDefined();
  });

  it('revokes for the password alone, and the log says so', async () => {
    const { app, browser, path, press, secret } = await invited();

    const without = await press('revoke', { password: 'wrong' });
    const kept = await app.deps.invitations.findByLink(secret);
    const withIt = await press('revoke', { password });

    expect(without.status).toBe(401);
    expect(kept).toBeDefined();
    expect([withIt.status, withIt.headers['location']]).toEqual([303, '/console/people']);
    expect((await browser.get('/console/people')).text).toContain('is revoked');
    expect(await app.deps.invitations.list()).toEqual([]);
    expect(await app.deps.invitations.findByLink(secret)).toBeUndefined();
    expect((await browser.get(path)).status).toBe(404);
    expect(app.logged()).toContain(
      '"event":"invitation_revoked","account":"ada@shop.example","store":"shop.example","by":"olga"',
    );
  });

  it('is 404 for a token that is none', async () => {
    const { browser } = await signedIn();

    const { status, text } = await browser.get('/console/people/invitations/x');

    expect(status).toBe(404);
    expect(text).toContain('There is no such invitation');
  });
});

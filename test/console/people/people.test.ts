import { describe, expect, it } from '@jest/globals';
import { fakeClock } from '../../support/fake-clock.js';
import { turnOn } from '../../support/second-factor.js';
import { merchant, operator, otherMerchant, startApp } from '../../support/start-app.js';
import { connect, letsIn, operatorsBrowser, send } from '../operators.js';

const { password } = operator;

async function signedIn() {
  const clock = fakeClock();
  const app = await startApp({ now: clock.now });
  const browser = await operatorsBrowser(app);
  return { clock, app, browser };
}

/** The cells of the row of this name, as text. */
function rowOf(page: string, name: string): string[] {
  const row = page.split('<tr>').find((part) => part.includes(`>${name}</a>`)) ?? '';
  return [...row.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(([, cell = '']) =>
    cell.replace(/<[^>]*>/g, '').trim(),
  );
}

describe('GET /console/people', () => {
  it('lists every account with role, state, stores and second factor', async () => {
    const { app, browser } = await signedIn();
    await connect(app, { account: merchant.username });
    await connect(app, { account: merchant.username, storeBaseUrl: 'https://other.example/' });
    await app.deps.accounts.disable(otherMerchant.username);
    await turnOn(app.deps, operator.username);

    const { status, text } = await browser.get('/console/people');

    expect(status).toBe(200);
    expect(text).toContain('3 accounts');
    expect(rowOf(text, merchant.username)).toEqual([
      ...[merchant.username, 'Merchant', 'just now', 'Enabled', 'Off', '2'],
    ]);
    expect(rowOf(text, otherMerchant.username)).toEqual(
      expect.arrayContaining(['Disabled', 'Off', '0']),
    );
    expect(rowOf(text, operator.username)).toEqual(expect.arrayContaining(['Operator', 'On']));
    expect(text).toContain('<a href="/console/people" aria-current="page">People</a>');
    expect(text).not.toContain('argon2');
  });

  it('finds accounts by a part of the name, in pages of a hundred', async () => {
    const { app, browser } = await signedIn();
    const hash = await app.deps.accounts.hashNew('a password of theirs');
    for (let n = 100; n < 250; n += 1) await app.deps.accounts.admitMerchant(`shop-${n}`, hash);

    const found = await browser.get('/console/people?q=SHOP-1');
    const last = await browser.get('/console/people?q=shop&page=2');
    const none = await browser.get('/console/people?q=nobody%22%3E');

    expect(found.text).toContain('100 of 153 accounts');
    expect(last.text).toContain('101 to 150 of 150');
    expect(rowOf(last.text, 'shop-249')[0]).toBe('shop-249');
    expect(none.text).toContain('No account matches');
    expect(none.text).not.toContain('nobody">');
  });

  it('lists invitations, the newest first, with how each stands', async () => {
    const { clock, app, browser } = await signedIn();
    const { invitations } = app.deps;
    await invitations.create({ account: 'old', createdBy: 'olga' }, 60);
    clock.advance(61);
    const { secret } = await invitations.create({ account: 'done', createdBy: 'olga' });
    await invitations.accept(secret);
    clock.advance(1);
    await invitations.create({ account: 'new', storeHost: 'shop.example', createdBy: 'olga' });

    const { text } = await browser.get('/console/people');

    expect(rowOf(text, 'old')[3]).toBe('Expired');
    expect(rowOf(text, 'done').slice(1)).toEqual(['any store', 'just now', 'Accepted']);
    expect(rowOf(text, 'new')[1]).toBe('shop.example');
    expect(rowOf(text, 'new')[3]).toMatch(/^Waiting until \d{4}-\d\d-\d\d \d\d:\d\d UTC$/);
    expect(text.indexOf('>new</a>')).toBeLessThan(text.indexOf('>done</a>'));
  });

  it('finds invitations of a name that has no account yet', async () => {
    const { app, browser } = await signedIn();
    await app.deps.invitations.create({ account: 'ada', createdBy: 'olga' });
    await app.deps.invitations.create({ account: 'bob', createdBy: 'olga' });

    const { text } = await browser.get('/console/people?q=AD');

    expect(text).toContain('>ada</a>');
    expect(text).not.toContain('>bob</a>');
  });

  it('is for operators alone', async () => {
    const { app } = await signedIn();

    for (const address of ['/console/people', '/console/people/new', '/console/people/invite']) {
      const { status, headers } = await app.visitor().get(address);
      expect([status, headers['location']]).toEqual([303, '/console/sign-in']);
    }
  });
});

describe('POST /console/people/new', () => {
  const typed = { name: 'Ada@Shop.example', role: 'merchant', newPassword: 'a long password' };

  async function make(changes: Record<string, string> = {}) {
    const base = await signedIn();
    const { text } = await base.browser.get('/console/people/new');
    const answer = await send(base.browser, '/console/people/new', text, { ...typed, ...changes });
    return { ...base, answer };
  }

  it('makes a merchant, without a step-up, and says who did', async () => {
    const { app, answer } = await make();

    expect([answer.status, answer.headers['location']]).toEqual([
      303,
      '/console/people/accounts/ada%40shop.example',
    ]);
    expect(await letsIn(app, 'ada@shop.example', typed.newPassword)).toMatchObject({
      role: 'merchant',
    });
    expect(app.logged()).toContain(
      '"event":"account_made","account":"ada@shop.example","kind":"merchant","by":"olga"',
    );
    expect(app.logged()).not.toContain(typed.newPassword);
  });

  it('makes an operator for the own password alone', async () => {
    const { app, browser, answer } = await make({ role: 'operator' });
    const wrong = await send(browser, '/console/people/new', answer.text, {
      ...{ ...typed, role: 'operator', password: 'wrong' },
    });

    expect([answer.status, wrong.status]).toEqual([401, 401]);
    expect(answer.text).toContain('That is not your password.');
    expect(answer.text).toContain('value="Ada@Shop.example"');
    expect(answer.text).toContain('value="operator" checked');
    expect(answer.text).not.toContain(typed.newPassword);
    expect(await app.deps.accounts.find('ada@shop.example')).toBeUndefined();
    expect(app.logged()).toContain('"event":"change_refused","account":"ada@shop.example"');

    const right = await send(browser, '/console/people/new', wrong.text, {
      ...{ ...typed, role: 'operator', password },
    });
    expect(right.status).toBe(303);
    expect(await app.deps.accounts.find('ada@shop.example')).toMatchObject({ role: 'operator' });
  });

  it('asks for a code, too, where a second factor is on', async () => {
    const { clock, app, browser } = await signedIn();
    const phone = await turnOn(app.deps, operator.username);
    const { text } = await browser.get('/console/people/new');
    const asOperator = { ...typed, role: 'operator', password };

    const without = await send(browser, '/console/people/new', text, asOperator);
    const code = phone.codeAt(clock.now());
    const withCode = await send(browser, '/console/people/new', text, { ...asOperator, code });

    expect(text).toContain('name="code"');
    expect([without.status, withCode.status]).toEqual([401, 303]);
  });

  const refused: readonly (readonly [Record<string, string>, number, string])[] = [
    [{ name: 'a b' }, 400, 'The name must be 1 to 128'],
    [{ newPassword: 'short' }, 400, 'The password must be 8 characters or more.'],
    [{ newPassword: 'é'.repeat(600) }, 400, 'The password must be 1,024 bytes or less.'],
    [{ role: 'admin' }, 400, 'The role must be one of those shown.'],
    [{ name: merchant.username }, 409, `There is an account ${merchant.username} already.`],
  ];
  for (const [changes, status, text] of refused) {
    it(`refuses ${JSON.stringify(changes).slice(0, 40)} in plain words`, async () => {
      const { app, answer } = await make(changes);

      expect(answer.status).toBe(status);
      expect(answer.text).toContain(text);
      expect(await app.deps.accounts.names()).toHaveLength(3);
      expect(await letsIn(app, merchant.username, merchant.password)).toBeDefined();
    });
  }

  it('makes nothing without the token of the form', async () => {
    const { app, browser } = await signedIn();

    const { status } = await browser.post('/console/people/new').type('form').send(typed);

    expect(status).toBe(403);
    expect(await app.deps.accounts.names()).toHaveLength(3);
  });
});

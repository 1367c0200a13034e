import { describe, expect, it } from '@jest/globals';
import { activationForm } from '../support/activation.js';
import { fakeClock } from '../support/fake-clock.js';
import { invite } from '../support/invited.js';
import { merchant, startApp } from '../support/start-app.js';

const clock = fakeClock();
const app = await startApp({ now: clock.now });

function post(path: string, form = activationForm()) {
  return app.visitor().post(path).type('form').send(form);
}

const find = (form: Record<string, string>) =>
  app.deps.activations.find(form['oauth_consumer_key']!);

/** How many commands Redis has been given meanwhile, in all and to read a record. */
async function commandsDuring(work: () => Promise<unknown>) {
  const counts = async () => {
    const stats = await app.redis.info('stats', 'commandstats');
    const count = (shape: RegExp) => Number(shape.exec(stats)?.[1] ?? 0);
    return [count(/total_commands_processed:(\d+)/), count(/cmdstat_get:calls=(\d+)/)] as const;
  };
  const before = await counts();
  await work();
  const after = await counts();
  return { all: after[0] - before[0], reads: after[1] - before[1] };
}

describe('POST /endpoint/<token>', () => {
  for (const spelling of ['%', '%/', '%?a=b', '/ENDPOINT/%']) {
    it(`keeps the activation for the account that was invited, at ${spelling}`, async () => {
      const { endpoint, token } = await invite(app);
      const form = activationForm();
      const path = spelling.replace(/^%/, endpoint).replace('%', token);

      const response = await post(path, form);

      expect([response.status, response.text]).toEqual([200, 'The activation was received.\n']);
      expect(response.headers).not.toHaveProperty('set-cookie');
      expect(await find(form)).toMatchObject({
        state: 'received',
        candidates: [{ account: merchant.username, storeBaseUrl: 'https://shop.example/' }],
      });
    });
  }

  it('counts while its link is open, and for years once it was accepted', async () => {
    const open = await app.deps.invitations.create({ account: 'new', createdBy: 'olga' });
    const accepted = await invite(app);

    expect((await post(`/endpoint/${open.invitation.token}`)).status).toBe(200);
    clock.advance(7 * 24 * 3600);
    expect((await post(`/endpoint/${open.invitation.token}`)).status).toBe(404);
    clock.advance(3 * 365 * 24 * 3600);
    expect((await post(accepted.endpoint)).status).toBe(200);
  });

  it('answers 404 in the same words to every token that does not count, and keeps nothing', async () => {
    const revoked = await invite(app);
    await app.deps.invitations.revoke(revoked.token);
    const { token } = await invite(app);
    const words = [
      ...[revoked.token, 'x'.repeat(22), token.slice(1), `${token}x`, token.toUpperCase()],
      ...['x', '..%2f..', '%00', `${token}%20`, 'a'.repeat(2_000)],
    ];
    const before = await app.redis.keys(`${app.prefix}activation:*`);

    const answers = await Promise.all(words.map((word) => post(`/endpoint/${word}`)));

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]?.text).toMatch(/^address_unknown: /);
    expect(await app.redis.keys(`${app.prefix}activation:*`)).toEqual(before);
  });

  it('answers 404 before the form has come', async () => {
    const response = await app
      .visitor()
      .post('/endpoint/xxxxxxxxxxxxxxxxxxxxxx')
      .set('Content-Type', 'application/x-www-form-urlencoded')
      .set('Content-Length', '100')
      .send('oauth');

    expect(response.status).toBe(404);
  });

  it('answers 405 to other methods, whatever the token', async () => {
    const { endpoint } = await invite(app);
    for (const path of [endpoint, '/endpoint/xxxxxxxxxxxxxxxxxxxxxx']) {
      for (const method of ['get', 'put', 'delete'] as const) {
        const response = await app.visitor()[method](path);

        expect([response.status, response.headers['allow']]).toEqual([405, 'POST']);
      }
    }
  });

  it('is nowhere below /endpoint.php, nor deeper', async () => {
    const { endpoint, token } = await invite(app);
    for (const path of [`/endpoint.php/${token}`, `${endpoint}/more`, `/x${endpoint}`]) {
      const form = activationForm();

      expect((await post(path, form)).status).toBe(404);
      expect(await find(form)).toBeUndefined();
    }
  });

  it('refuses what /endpoint refuses', async () => {
    const { endpoint } = await invite(app);
    const { oauth_verifier: _, ...incomplete } = activationForm();

    expect((await post(endpoint, incomplete)).status).toBe(400);
    expect((await app.visitor().post(endpoint).send({ json: true })).status).toBe(415);
    expect((await post(endpoint, { ...incomplete, more: 'x'.repeat(5_000) })).status).toBe(413);
  });

  it('reads one record more than /endpoint, which reads none', async () => {
    const { endpoint } = await invite(app);
    await post(endpoint);
    await post('/endpoint');

    const common = await commandsDuring(() => post('/endpoint'));
    const own = await commandsDuring(() => post(endpoint));

    expect(common.reads).toBe(0);
    expect(own).toEqual({ all: common.all + 1, reads: 1 });
  });

  it('logs neither token nor account', async () => {
    const { endpoint, token } = await invite(app);
    const before = app.logged().length;

    await post(endpoint);
    await post(`/endpoint/${token}x`);

    const lines = app.logged().slice(before);
    expect(lines).toContain('"activation_received"');
    expect(lines).toContain('"address_unknown"');
    expect(lines).not.toContain(token);
    expect(lines).not.toContain(merchant.username);
  });
});

describe('POST /endpoint/<token> of an invitation for one store', () => {
  const posted = (storeBaseUrl: string) => activationForm({ store_base_url: storeBaseUrl });

  const taken = [
    ['shop.example', 'https://shop.example/de/'],
    ['shop.example', 'https://SHOP.example:443/'],
    ['xn--bcher-kva.example:8443', 'https://bücher.example:8443/'],
  ] as const;
  for (const [host, storeBaseUrl] of taken) {
    it(`takes ${storeBaseUrl} for ${host}`, async () => {
      const { endpoint } = await invite(app, merchant, host);

      expect((await post(endpoint, posted(storeBaseUrl))).status).toBe(200);
    });
  }

  const refused = [
    ...['https://other.example/', 'https://www.shop.example/', 'https://shop.example:8443/'],
    ...['https://shop.example.evil.example/', 'https://shop.example./'],
  ];
  for (const storeBaseUrl of refused) {
    it(`refuses ${storeBaseUrl} for shop.example, and does not say which it is for`, async () => {
      const { endpoint } = await invite(app, merchant, 'shop.example');
      const form = posted(storeBaseUrl);

      const response = await post(endpoint, form);

      expect(response.status).toBe(403);
      expect(response.text).toMatch(/^store_not_expected: These addresses were made for another/);
      expect(response.text).not.toContain('shop.example');
      expect(await find(form)).toBeUndefined();
    });
  }
});

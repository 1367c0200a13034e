import { describe, expect, it } from '@jest/globals';
import { activationForm } from '../support/activation.js';
import { fakeClock } from '../support/fake-clock.js';
import { startApp, type TestApp } from '../support/start-app.js';

const clock = fakeClock();
const { now } = clock;
const app = await startApp({ now, storePolicy: { allowHttp: false, allowPrivate: false } });

function post(body: string, to: TestApp = app) {
  return to
    .visitor()
    .post('/endpoint')
    .set('Content-Type', 'application/x-www-form-urlencoded')
    .send(body);
}

function encoded(form: Record<string, string>): string {
  return new URLSearchParams(form).toString();
}

async function storedKeys(): Promise<string[]> {
  return (await app.redis.keys(`${app.prefix}activation:*`)).sort();
}

describe('POST /endpoint', () => {
  it('keeps the activation and answers 200 in plain text, without a cookie', async () => {
    const form = activationForm();

    const response = await post(encoded(form));

    expect(response.status).toBe(200);
    expect(response.type).toBe('text/plain');
    expect(response.headers).not.toHaveProperty('set-cookie');
    expect(await app.deps.activations.find(form['oauth_consumer_key']!)).toMatchObject({
      state: 'received',
      candidates: [{ storeBaseUrl: 'https://shop.example/', receivedAt: now() }],
    });
  });

  it('writes neither the secret nor the verifier in clear', async () => {
    const form = activationForm();

    await post(encoded(form));

    const record = await app.redis.get(`${app.prefix}activation:{${form['oauth_consumer_key']!}}`);
    expect(record).toContain('v1.test.');
    expect(record).not.toContain(form['oauth_consumer_secret']);
    expect(record).not.toContain(form['oauth_verifier']);
  });

  it('takes the fields in any order, with a charset, and drops what else is posted', async () => {
    const { oauth_verifier, ...rest } = activationForm();

    const response = await app
      .visitor()
      .post('/endpoint?oauth_consumer_key=ignored')
      .set('Content-Type', 'application/x-www-form-urlencoded; charset=UTF-8')
      .set('User-Agent', 'Laminas\\Http\\Client')
      .send(encoded({ oauth_verifier: oauth_verifier!, extra: 'sentinel-of-no-use', ...rest }));

    expect(response.status).toBe(200);
    const record = await app.redis.get(`${app.prefix}activation:{${rest['oauth_consumer_key']!}}`);
    expect(record).not.toContain('sentinel-of-no-use');
  });

  it('answers at /endpoint.php and with a slash at the end, never by a redirect', async () => {
    for (const path of ['/endpoint.php', '/endpoint/']) {
      const response = await app.visitor().post(path).type('form').send(activationForm());

      expect(response.status).toBe(200);
    }
  });

  it('keeps one candidate of an identical POST and refreshes its clock', async () => {
    const form = activationForm();
    await post(encoded(form));
    clock.advance(60);

    await post(encoded(form));

    const activation = await app.deps.activations.find(form['oauth_consumer_key']!);
    expect(activation?.candidates).toHaveLength(1);
    expect(activation?.candidates[0]?.receivedAt).toEqual(now());
    expect(activation?.version).toBe(2);
  });

  it('lets another POST for the same key stand beside the first', async () => {
    const form = activationForm();
    await post(encoded(form));

    await post(encoded({ ...form, store_base_url: 'https://other.example/' }));

    const activation = await app.deps.activations.find(form['oauth_consumer_key']!);
    expect(activation?.candidates.map(({ storeBaseUrl }) => storeBaseUrl)).toEqual([
      'https://shop.example/',
      'https://other.example/',
    ]);
  });

  it('keeps three POSTs of a store and four stores; a new one then takes the place of one', async () => {
    const form = activationForm();
    for (const store of ['a', 'a', 'a', 'a', 'b', 'c', 'd', 'e']) {
      const other = activationForm({ store_base_url: `https://${store}.example/` });
      await post(encoded({ ...other, oauth_consumer_key: form['oauth_consumer_key']! }));
      clock.advance(1);
    }

    const activation = await app.deps.activations.find(form['oauth_consumer_key']!);

    const stores = activation?.candidates.map(({ storeBaseUrl }) => new URL(storeBaseUrl).host);
    expect(stores?.sort()).toEqual(['a', 'a', 'b', 'c', 'd', 'e'].map((name) => `${name}.example`));
  });

  const malformed: Record<string, (form: Record<string, string>) => string> = {
    'a missing field': ({ oauth_verifier: _, ...form }) => encoded(form),
    'a repeated field': (form) => `${encoded(form)}&oauth_verifier=${form['oauth_verifier']!}`,
    'a field in brackets': (form) =>
      encoded(form).replace('oauth_consumer_key=', 'oauth_consumer_key[]='),
    'a key with capitals': (form) =>
      encoded({ ...form, oauth_consumer_key: form['oauth_consumer_key']!.toUpperCase() }),
    'a key of 33 characters': (form) =>
      encoded({ ...form, oauth_consumer_key: `${form['oauth_consumer_key']!}a` }),
    'a key with a line break': (form) => encoded({ ...form, oauth_consumer_key: 'a\r\n{}*:' }),
    'an empty secret': (form) => encoded({ ...form, oauth_consumer_secret: '' }),
    'no body at all': () => '',
  };
  for (const [what, spoil] of Object.entries(malformed)) {
    it(`refuses ${what} with 400, naming the reason, and stores nothing`, async () => {
      const before = await storedKeys();
      const form = activationForm();

      const response = await post(spoil(form));

      expect(response.status).toBe(400);
      expect(response.type).toBe('text/plain');
      expect(response.text).toMatch(/^invalid_activation: .*oauth_/);
      expect(response.text).not.toContain(form['oauth_consumer_secret']);
      expect(await storedKeys()).toEqual(before);
    });
  }

  const spelled: Record<string, string> = {
    'https://shop.example': 'https://shop.example/',
    'https://shop.example//': 'https://shop.example/',
    'HTTPS://Shop.Example:443/index.php/default/': 'https://shop.example/index.php/default/',
    'https://shop.example:8443/shop': 'https://shop.example:8443/shop/',
    'https://bücher.example/': 'https://xn--bcher-kva.example/',
  };
  for (const [sent, kept] of Object.entries(spelled)) {
    it(`keeps ${sent} as ${kept}`, async () => {
      const form = activationForm({ store_base_url: sent });

      await post(encoded(form));

      const activation = await app.deps.activations.find(form['oauth_consumer_key']!);
      expect(activation?.candidates[0]?.storeBaseUrl).toBe(kept);
    });
  }

  const refusedUrls: readonly (readonly [url: string, status: number])[] = [
    ['', 400],
    ['shop.example', 400],
    ['ftp://shop.example/', 400],
    ['javascript:alert(1)', 400],
    ['https:\\\\shop.example\\', 400],
    ['https://shop.example/a\\b', 400],
    ['https://user@shop.example/', 400],
    ['https://user:pass@shop.example/', 400],
    ['https://shop.example/?a=1', 400],
    ['https://shop.example/?', 400],
    ['https://shop.example/#', 400],
    [' https://shop.example/', 400],
    ['https://shop.example/ ', 400],
    ['ht\ntps://shop.example/', 400],
    ['https://shop.example/\u0000', 400],
    ['https://shop.example/\u200b', 400],
    ['https://shop.example/a/../b/', 400],
    ['https://shop.example/%2e%2e/', 400],
    ['https://shop.example:99999/', 400],
    [`https://shop.example/${'a'.repeat(1024)}`, 400],
    ['http://shop.example/', 403],
    ['https://localhost/', 403],
    ['https://127.0.0.1/', 403],
    ['https://0x7f000001/', 403],
    ['https://2130706433/', 403],
    ['https://127.1/', 403],
    ['https://[::1]/', 403],
    ['https://[::ffff:127.0.0.1]/', 403],
    ['https://①②⑦.⓪.⓪.①/', 403],
    ['https://10.0.0.1/', 403],
    ['https://169.254.169.254/', 403],
    ['https://168.63.129.16/', 403],
  ];
  for (const [url, status] of refusedUrls) {
    it(`refuses the store address ${JSON.stringify(url.slice(0, 60))} with ${status}`, async () => {
      const before = await storedKeys();

      const response = await post(encoded(activationForm({ store_base_url: url })));

      expect(response.status).toBe(status);
      expect(response.headers).not.toHaveProperty('location');
      expect(await storedKeys()).toEqual(before);
    });
  }

  it('takes an http store and a private one where the settings allow them', async () => {
    const open = await startApp({ now });

    const response = await post(
      encoded(activationForm({ store_base_url: 'http://127.0.0.1:8080/shop/' })),
      open,
    );

    expect(response.status).toBe(200);
  });

  it('takes only the hosts it was told to', async () => {
    const picky = await startApp({ storePolicy: { hosts: ['shop.example', '*.shops.example'] } });
    const status = async (store_base_url: string) =>
      (await post(encoded(activationForm({ store_base_url })), picky)).status;

    expect(await status('https://shop.example/')).toBe(200);
    expect(await status('https://a.shops.example/')).toBe(200);
    expect(await status('https://shops.example/')).toBe(403);
    expect(await status('https://shop.example.evil.example/')).toBe(403);
  });

  it('refuses other methods with 405 and says which it takes', async () => {
    for (const method of ['get', 'put', 'delete', 'patch', 'head', 'options'] as const) {
      const response = await app.visitor()[method]('/endpoint');

      expect(response.status).toBe(405);
      expect(response.headers['allow']).toBe('POST');
    }
  });

  it('refuses JSON, multipart and nothing said with 415', async () => {
    const json = await app.visitor().post('/endpoint').send({ oauth_consumer_key: 'x' });
    const multipart = await app.visitor().post('/endpoint').field('oauth_consumer_key', 'x');
    const nothing = await app.visitor().post('/endpoint');

    expect([json.status, multipart.status, nothing.status]).toEqual([415, 415, 415]);
  });

  it('refuses a large body and a body of many fields with 413', async () => {
    const large = await post(`${encoded(activationForm())}&pad=${'x'.repeat(9000)}`);
    const many = await post(Array.from({ length: 200 }, (_, n) => `f${n}=`).join('&'));

    expect([large.status, many.status]).toEqual([413, 413]);
  });

  it('logs a line for what arrived and for what it refused, without the key, the secret or the verifier', async () => {
    const form = activationForm();
    const before = app.logged().length;

    await post(encoded(form));
    await post(encoded({ ...form, store_base_url: 'nowhere' }));

    const logged = app.logged().slice(before);
    expect(
      logged
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toMatchObject([
      { event: 'activation_received', store: 'shop.example', status: 200, answered: true },
      { event: 'activation_refused', code: 'invalid_activation', status: 400, answered: true },
    ]);
    for (const name of ['oauth_consumer_key', 'oauth_consumer_secret', 'oauth_verifier']) {
      expect(logged).not.toContain(form[name]);
    }
  });
});

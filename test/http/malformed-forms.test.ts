import { describe, expect, it } from '@jest/globals';
import { readRestError } from '../../src/magento/rest-error.js';
import { readTokenReply } from '../../src/magento/token-reply.js';
import { connect, operatorsBrowser, pageOf, type Browser } from '../console/operators.js';
import { activationForm, hiddenFields, identityQuery } from '../support/activation.js';
import { merchantsBrowser } from '../own-account/merchants.js';
import { rawRequest, statusOf } from '../support/raw-request.js';
import { openPopup } from '../support/popup.js';
import { merchant, operator, startApp } from '../support/start-app.js';

// Who sends so many wrong passwords has to wait in earnest; not here.
const app = await startApp({ wait: () => Promise.resolve(), isRegistrationOpen: true });
const formType = 'application/x-www-form-urlencoded';
const callback = 'https://shop.example/admin/admin/integration/loginSuccessCallback/';

/** A form as it stands on a page, filled in: whoever sends it and where to. */
interface FilledForm {
  readonly browser: Browser;
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}

async function popupQuery(): Promise<string> {
  const form = activationForm();
  await app.visitor().post('/endpoint').type('form').send(form);
  return identityQuery(form['oauth_consumer_key']!, callback);
}

const forms: Readonly<Record<string, () => Promise<FilledForm>>> = {
  async '/checklogin'() {
    const browser = app.visitor();
    const { fields } = await openPopup(browser, `${app.url}/login?${await popupQuery()}`);
    return { browser, action: '/checklogin', fields: { ...fields, ...merchant } };
  },
  async '/checklogin/confirm'() {
    const browser = app.visitor();
    const { fields } = await openPopup(browser, `${app.url}/login?${await popupQuery()}`);
    return { browser, action: '/checklogin/confirm', fields: { ...fields, store: callback } };
  },
  async '/console/sign-in'() {
    const browser = app.visitor();
    const { text } = await browser.get('/console/sign-in');
    return { browser, action: '/console/sign-in', fields: { ...hiddenFields(text), ...operator } };
  },
  async '/account/settings/password'() {
    const browser = await merchantsBrowser(app);
    const { text } = await browser.get('/account/settings');
    const passwords = { new_password: 'a new one', new_password_again: 'a new one' };
    const fields = { ...hiddenFields(text), password: 'wrong', ...passwords };
    return { browser, action: '/account/settings/password', fields };
  },
  async '/register'() {
    const browser = app.visitor();
    const { text } = await browser.get('/register');
    return { browser, action: '/register', fields: { ...hiddenFields(text), ...merchant } };
  },
  async "an operator's form of a store"() {
    const browser = await operatorsBrowser(app);
    const store = await connect(app);
    const { text } = await browser.get(pageOf(store));
    const { password } = operator;
    const action = `${pageOf(store)}/reveal`;
    return { browser, action, fields: { ...hiddenFields(text), password } };
  },
};

function encoded(fields: Readonly<Record<string, string>>): string {
  return new URLSearchParams(fields).toString();
}

/** What an app keeps: everything but sessions, counts of those who came, and what is told of attempts. */
async function kept(): Promise<Record<string, string>> {
  const keys = await app.redis.keys(`${app.prefix}*`);
  const records = keys
    .filter((key) => !/:(session|sign-in|limit|events|attempts|support-code)\b/.test(key))
    .sort();
  const dumps = await Promise.all(records.map((key) => app.redis.dumpBuffer(key)));
  return Object.fromEntries(records.map((key, n) => [key, dumps[n]!.toString('base64')]));
}

function isPolluted(): boolean {
  return 'polluted' in {} || 'polluted' in [] || 'polluted' in Object;
}

/** Bodies that no form of ours sends, each with its type. */
function malformed(
  fields: Readonly<Record<string, string>>,
): readonly (readonly [string, string])[] {
  const whole = encoded(fields);
  const twice = Object.entries(fields).flatMap(([name, value]) => {
    const other = encoded({ [name]: `${value}x` });
    return [`${whole}&${other}`, `${other}&${whole}`];
  });
  const bracketed = Object.keys(fields).flatMap((name) =>
    ['[]', '[0]', '[x]', '[__proto__]', '[constructor][prototype]', '[', '.x'].map((bracket) =>
      whole.replace(`${name}=`, `${encodeURIComponent(name + bracket)}=`),
    ),
  );
  const strange = Object.keys(fields).flatMap((name) =>
    [
      '',
      '\0',
      '\r\nx: y',
      '*',
      '{}',
      '%',
      ':',
      '../',
      'é',
      '\u202e',
      '__proto__',
      'x'.repeat(2_000),
    ].map((value) => encoded({ ...fields, [name]: value })),
  );
  const broken = ['%', '%zz=%', '=', '&&&', '%00=%00', '%ff%fe=%c0%af', '\0\0', '__proto__=1'];
  const polluting = [
    '__proto__[polluted]=1&constructor[prototype][polluted]=1&__proto__.polluted=1',
  ];
  const many = [Array.from({ length: 4_000 }, (_, n) => `f${n}=`).join('&'), '&'.repeat(7_000)];
  return [
    ...[...twice, ...bracketed, ...strange, ...broken, ...polluting, ...many].map(
      (body) => [body, formType] as const,
    ),
    [`${whole}&pad=${'x'.repeat(100_000)}`, formType],
    ['', formType],
    [whole, 'application/octet-stream'],
    [whole, 'text/plain'],
    [whole, `${formType}; charset=utf-16`],
    [JSON.stringify(fields), 'application/json'],
    ['{"__proto__":{"polluted":1}}', 'application/json'],
    ['null', 'application/json'],
    [
      '--x\r\nContent-Disposition: form-data; name="username"\r\n\r\nx\r\n--x--\r\n',
      'multipart/form-data; boundary=x',
    ],
    [whole, 'multipart/form-data'],
  ];
}

describe('a form of the pages that is not as the page has it', () => {
  for (const [name, fill] of Object.entries(forms)) {
    it(`is refused with 4xx, changes nothing and pollutes nothing: ${name}`, async () => {
      const { browser, action, fields } = await fill();
      const before = await kept();

      const statuses = new Set<number>();
      for (const [body, type] of malformed(fields)) {
        const response = await browser.post(action).set('Content-Type', type).send(body);
        statuses.add(response.status);
      }

      expect([...statuses].filter((status) => status < 400 || status >= 500)).toEqual([]);
      expect(isPolluted()).toBe(false);
      expect(await kept()).toEqual(before);
    }, 60_000);
  }

  it('is refused without a body or a type, or compressed', async () => {
    for (const fill of Object.values(forms)) {
      const { browser, action, fields } = await fill();

      const nothing = await browser.post(action);
      const untyped = await rawRequest(app.url, [
        ...[`POST ${action} HTTP/1.1`, 'Host: localhost', 'Connection: close'],
        ...[`Content-Length: ${encoded(fields).length}`, '', encoded(fields)],
      ]);
      const compressed = await browser
        .post(action)
        .set({ 'Content-Type': formType, 'Content-Encoding': 'gzip' })
        .send(encoded(fields));

      expect([nothing.status, compressed.status]).toEqual([415, 415]);
      // A stranger's, who is asked for more before his form is looked at.
      expect([401, 415]).toContain(statusOf(untyped));
    }
  });
});

describe('a form that is as the page has it, but for', () => {
  it('a hundred fields more, or eight kilobytes, is refused with 413', async () => {
    for (const fill of Object.values(forms)) {
      const { browser, action, fields } = await fill();
      const whole = encoded(fields);

      const statuses: number[] = [];
      for (const body of [`${whole}${'&a='.repeat(100)}`, `${whole}&a=${'x'.repeat(8_192)}`]) {
        statuses.push((await browser.post(action).type('form').send(body)).status);
      }

      expect(statuses).toEqual([413, 413]);
    }
  });
});

describe('a query that is not as Magento or a page has it', () => {
  it('is answered below 500, and changes and pollutes nothing', async () => {
    const browser = await operatorsBrowser(app);
    const good = await popupQuery();
    const before = await kept();
    const queries = [
      `${good}&oauth_consumer_key=x`,
      `oauth_consumer_key=x&${good}`,
      good.replace('oauth_consumer_key=', 'oauth_consumer_key[]='),
      good.replace('success_call_back=', 'success_call_back[__proto__]='),
      good.replace(/key=\w+/, 'key=%00%0d%0a*{}'),
      `${good.replace(/key=\w+/, 'key=__proto__')}&__proto__[polluted]=1`,
      '__proto__[polluted]=1&constructor[prototype][polluted]=1&__proto__=1',
      'popup=a&popup=b',
      'popup=__proto__',
      'popup[]=a',
      'q=a&q=b&page=x&page=2',
      'q[]=a&page[$gt]=',
      'q=%00%ff&page=1e9',
      Array.from({ length: 1_000 }, (_, n) => `f${n}=`).join('&'),
    ];

    const statuses = new Set<number>();
    for (const query of queries) {
      for (const page of [
        '/login',
        '/login.php',
        '/console',
        '/console/sign-in',
        '/healthz',
        '/no',
      ]) {
        statuses.add((await browser.get(`${page}?${query}`)).status);
      }
    }

    expect([...statuses].filter((status) => status >= 500)).toEqual([]);
    expect(isPolluted()).toBe(false);
    expect(await kept()).toEqual(before);
  });
});

describe('names of the language itself', () => {
  it("in a store's answers pollute nothing", () => {
    const reply = {
      status: 200,
      text: `__proto__[polluted]=1&__proto__=1&oauth_token=${'a'.repeat(32)}`,
    };
    const error =
      '{"message":"%polluted","parameters":{"polluted":"x"},"__proto__":{"polluted":1}}';
    const inParameters = '{"message":"m","parameters":{"__proto__":"x","constructor":"y"}}';

    expect(() => readTokenReply(reply as Parameters<typeof readTokenReply>[0])).toThrow();
    expect(readRestError(error)).toMatchObject({ message: 'x' });
    expect(readRestError(inParameters)).toMatchObject({ message: 'm' });

    expect(isPolluted()).toBe(false);
  });

  it('in what Redis holds pollute nothing, and are not read', async () => {
    const form = activationForm();
    await app.visitor().post('/endpoint').type('form').send(form);
    const consumerKey = form['oauth_consumer_key']!;
    const key = `${app.prefix}activation:{${consumerKey}}`;
    const record = (await app.redis.get(key)) ?? '';
    await app.redis.set(
      key,
      record.replace(
        '{',
        '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},',
      ),
    );

    const activation = await app.deps.activations.find(consumerKey);

    expect(activation).toMatchObject({ state: 'received' });
    expect(activation && 'polluted' in activation).toBe(false);
    expect(isPolluted()).toBe(false);
  });
});

describe('the app, after all this', () => {
  it('lives, serves the same form as it should be, and has a log of one JSON object a line', async () => {
    const { browser, action, fields } = await forms['/console/sign-in']!();

    const response = await browser.post(action).type('form').send(fields);

    expect(response.status).toBe(303);
    const lines = app.logged().trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(500);
    for (const line of lines) expect(JSON.parse(line)).toBeInstanceOf(Object);
    expect(app.logged()).not.toContain('"code":"unexpected"');
  });
});

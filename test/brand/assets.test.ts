import { get, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { onDark } from '../../src/brand/brand-color.js';
import { operatorsBrowser } from '../console/operators.js';
import { activationForm, identityQuery } from '../support/activation.js';
import { openPopup } from '../support/popup.js';
import { startApp, type TestApp } from '../support/start-app.js';

const drawing = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
const plain = await startApp();
const branded = await startApp({
  brand: {
    name: 'Ärger & Söhne',
    color: '#00664f',
    logo: { kind: 'svg', content: Buffer.from(drawing) },
  },
});
const withPng = await startApp({
  brand: { logo: { kind: 'png', content: Buffer.from('\x89PNG\r\n\x1a\n', 'latin1') } },
});

/** An asset as it goes over the wire to a browser that takes these encodings. */
function raw(app: TestApp, name: string, encodings: string) {
  return new Promise<{ headers: IncomingHttpHeaders; content: Buffer }>((resolve, reject) => {
    const headers = { 'Accept-Encoding': encodings };
    get(`${app.url}/assets/${name}`, { headers }, (res) => {
      buffer(res).then((content) => {
        resolve({ headers: res.headers, content });
      }, reject);
    });
  });
}

describe("the brand's name", () => {
  it('stands on every page, in the popup, in the console, on failures, and nothing else does', async () => {
    const form = activationForm();
    const visitor = branded.visitor();
    await visitor.post('/endpoint').type('form').send(form);
    const query = identityQuery(
      form['oauth_consumer_key']!,
      'https://shop.example/admin/admin/integration/loginSuccessCallback/',
    );
    const { page } = await openPopup(visitor, `${branded.url}/login?${query}`);
    const operators = await operatorsBrowser(branded);
    const pages = [
      page,
      await visitor.get('/login'),
      await visitor.get('/no'),
      await visitor.get('/console/sign-in'),
      await operators.get('/console'),
      await operators.get('/account/second-factor'),
    ];

    for (const { text } of pages) {
      expect(text).toContain(
        '<strong class="brand"><img src="/assets/logo.svg" alt="" height="24"> <span>Ärger &amp; Söhne</span>',
      );
      expect(text).not.toContain('Magento integration');
    }
    expect(page.text).toContain('Sign in to let Ärger &amp; Söhne use this store');
  });
});

describe("the brand's colour", () => {
  it('is the last word of the one style sheet, and that of the icon', async () => {
    const { text } = await branded.visitor().get('/assets/style.css');
    const icon = await branded.visitor().get('/assets/icon.svg');

    expect(text).toMatch(
      new RegExp(
        `:root \\{\\s+--brand: light-dark\\(#00664f, ${onDark('#00664f')}\\);\\s+\\}\\s*$`,
      ),
    );
    expect(String(icon.body)).toContain('fill="#00664f"');
  });
});

describe("the brand's logo", () => {
  it('cannot run a script of its own, nor be taken for anything else', async () => {
    const response = await branded.visitor().get('/assets/logo.svg');
    const { status, headers } = response;

    expect(status).toBe(200);
    expect(headers['content-type']).toBe('image/svg+xml');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-security-policy']).toMatch(/^default-src 'none';.*; sandbox$/);
    expect(String(response.body)).toBe(drawing);
  });

  it('may be PNG, which is not compressed once more', async () => {
    const { headers, content } = await raw(withPng, 'logo.png', 'gzip');

    expect(headers['content-type']).toBe('image/png');
    expect(headers).not.toHaveProperty('content-encoding');
    expect(content).toHaveLength(8);
  });

  it('is not there where none was set', async () => {
    const visitor = plain.visitor();

    expect((await visitor.get('/assets/logo.svg')).status).toBe(404);
    expect((await visitor.get('/console/sign-in')).text).toContain('<strong class="brand"><svg ');
  });
});

describe('an asset', () => {
  for (const name of ['style.css', 'popup.js', 'icon.svg']) {
    it(`${name} is compressed for whoever takes it so, and the same for all others`, async () => {
      const small = await raw(plain, name, 'br, gzip');
      const whole = await raw(plain, name, 'identity');
      const refused = await raw(plain, name, 'gzip;q=0');

      expect(small.headers['content-encoding']).toBe('gzip');
      expect(small.headers.vary).toBe('Accept-Encoding');
      expect(whole.headers.vary).toBe('Accept-Encoding');
      expect(whole.headers).not.toHaveProperty('content-encoding');
      expect(gunzipSync(small.content)).toEqual(whole.content);
      expect(refused.content).toEqual(whole.content);
      expect(small.headers['cache-control']).toBe('public, max-age=3600');
    });
  }
});

describe('a page', () => {
  it('is never compressed: it holds a token beside what a visitor has sent', async () => {
    const { headers } = await plain
      .visitor()
      .get('/console/sign-in')
      .set('Accept-Encoding', 'gzip, br');

    expect(headers).not.toHaveProperty('content-encoding');
  });
});

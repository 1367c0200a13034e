import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { activationForm } from '../support/activation.js';
import { rawRequest, statusOf } from '../support/raw-request.js';
import { startApp, type TestApp } from '../support/start-app.js';

const app = await startApp({ publicUrl: 'https://app.example' });
const onAPort = await startApp({ publicUrl: 'http://app.example:8080' });
const unset = await startApp({ otherHosts: ['192.0.2.7', 'fd00::7'] });

function ask(of: TestApp, target: string, ...headers: string[]): Promise<string> {
  return rawRequest(of.url, [
    `GET ${target} HTTP/1.1`,
    ...headers,
    'X-Forwarded-Host: evil.example',
    ...['Forwarded: host=evil.example', 'Connection: close', '', ''],
  ]);
}

const pages = ['/login', '/console', '/console/sign-in', '/assets/style.css', '/no', '/endpoint'];

describe('a request for another host', () => {
  const strangers = [
    'evil.example',
    'app.example.evil.example',
    'evilapp.example',
    'app.example@evil.example',
    'app.example:444',
    'app.example:99999',
    'app.example, evil.example',
    'app.example/evil',
    'app.example..',
    '127.0.0.2',
    '0.0.0.0',
    '2130706433',
    '[::2]',
    'localhost.evil.example',
    'evil.example:443',
    ':443',
    '',
  ];
  for (const host of strangers) {
    it(`is answered 421 in plain text, on every page and at the endpoint: ${host || 'no name'}`, async () => {
      for (const page of pages) {
        const heard = await ask(app, page, `Host: ${host}`);

        expect(statusOf(heard)).toBe(421);
        expect(heard).toContain('Content-Type: text/plain');
        expect(heard).toContain('wrong_host: ');
        expect(heard).not.toMatch(/evil|set-cookie|location:/i);
      }
    });
  }

  it('stores no activation', async () => {
    const body = new URLSearchParams(activationForm()).toString();

    const heard = await rawRequest(app.url, [
      ...['POST /endpoint HTTP/1.1', 'Host: evil.example', 'Connection: close'],
      ...['Content-Type: application/x-www-form-urlencoded', `Content-Length: ${body.length}`],
      ...['', body],
    ]);

    expect(statusOf(heard)).toBe(421);
    expect(await app.redis.keys(`${app.prefix}activation:*`)).toEqual([]);
  });

  it('is known by the whole address in a request line, too', async () => {
    for (const address of ['http://evil.example/login', 'https://app.example@evil.example/login']) {
      expect(statusOf(await ask(app, address, 'Host: app.example'))).toBe(421);
    }
    expect(statusOf(await ask(app, 'https://app.example/login', 'Host: app.example'))).toBe(400);
  });

  it('is logged with that host, for whoever has to mend the proxy', async () => {
    await ask(app, '/login?sentinel', 'Host: inner.example:3000');

    const line = app.logged().trimEnd().split('\n').at(-1) ?? '';
    expect(JSON.parse(line)).toMatchObject({
      event: 'request_refused',
      code: 'wrong_host',
      status: 421,
      host: 'inner.example:3000',
    });
    expect(line).not.toContain('sentinel');
  });
});

describe('a request for this app', () => {
  const names: readonly (readonly [of: TestApp, host: string])[] = [
    [app, 'app.example'],
    [app, 'APP.Example'],
    [app, 'app.example.'],
    [app, 'app.example:443'],
    [app, 'app.example.:443'],
    [app, 'localhost:1'],
    [app, 'localhost'],
    [app, '127.0.0.1:3000'],
    [app, '[::1]:3000'],
    [onAPort, 'app.example:8080'],
    [onAPort, 'app.example'],
    [unset, '192.0.2.7:3000'],
    [unset, '[fd00::7]'],
  ];
  for (const [of, host] of names) {
    it(`is served by the name ${host}, and says nothing of any other`, async () => {
      for (const page of pages) {
        const heard = await ask(of, page, `Host: ${host}`);

        expect([200, 303, 400, 404, 405]).toContain(statusOf(heard));
        expect(heard).not.toContain('evil');
      }
    });
  }
});

describe('a request with two hosts or none', () => {
  const heads = {
    two: ['Host: app.example', 'Host: app.example'],
    'two, the second of them foreign': ['Host: app.example', 'Host: evil.example'],
    'two, the first of them foreign': ['host: evil.example', 'HOST: app.example'],
    none: [],
  };
  for (const [what, headers] of Object.entries(heads)) {
    it(`is answered 400: ${what}`, async () => {
      for (const page of pages) expect(statusOf(await ask(app, page, ...headers))).toBe(400);
    });
  }
});

describe('a health probe', () => {
  it('may use any name', async () => {
    for (const probe of ['/healthz', '/readyz', '/readyz?full']) {
      expect(statusOf(await ask(app, probe, 'Host: 10.0.0.9:3000'))).toBe(200);
    }
  });

  it('is nothing else', async () => {
    for (const page of ['/healthz/x', '/healthzz', '//healthz', '/login?/healthz']) {
      expect(statusOf(await ask(app, page, 'Host: evil.example'))).toBe(421);
    }
  });
});

describe('X-Forwarded-Host', () => {
  it('is not read anywhere, nor what Express makes of it', () => {
    const source = path.resolve(import.meta.dirname, '../../src');
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.startsWith('sample-store'))
      .map((name) => readFileSync(path.join(source, name), 'utf8'));

    expect(
      files.filter((text) => /x-forwarded-host['"\]]|req\.(host|hostname)\b/i.test(text)),
    ).toEqual([]);
  });
});

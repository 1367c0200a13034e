import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import express from 'express';
import { completeConfig } from '../src/cli/complete-config.js';
import { loadConfig, secretSettings } from '../src/config.js';
import { AppError } from '../src/errors.js';
import { generatedSecrets } from '../src/generated-secrets.js';

const key = Buffer.alloc(32, 1).toString('base64');
const login = Buffer.from('user:sentinel').toString('base64');
const secrets = { SESSION_SECRETS: 's'.repeat(32), ENCRYPTION_KEYS: `k1:${key}` };

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'mi-config-'));
  folders.push(folder);
  return folder;
}

function failureOf(work: () => unknown): AppError {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('loadConfig', () => {
  it('needs nothing to be set', () => {
    expect(loadConfig({})).toEqual({
      port: 3000,
      host: '127.0.0.1',
      publicUrl: undefined,
      redis: { url: undefined, prefix: 'mi:' },
      dataDir: '.data',
      sessionSecrets: undefined,
      encryptionKeys: undefined,
      stores: { hosts: [], allowHttp: false, allowPrivate: false },
      basicCredentials: new Map(),
      returnOrigins: [],
      extraCaFile: undefined,
      trustProxy: undefined,
      isRegistrationOpen: false,
      maxPending: 10_000,
      exchangeLeaseSeconds: 60,
      recoveryIntervalSeconds: 10,
      logLevel: 'info',
      metricsPort: undefined,
      brand: { name: 'Magento integration', color: '#1a56c4', logoFile: undefined },
    });
  });

  it('reads every setting', () => {
    const config = loadConfig({
      ...secrets,
      PORT: '8080',
      HOST: '0.0.0.0',
      PUBLIC_URL: 'https://App.Example:443/',
      REDIS_URL: 'rediss://user:pass@redis.example:6380/2',
      REDIS_PREFIX: 'mine:',
      DATA_DIR: '/srv/data',
      STORE_HOSTS: ' shop.example , *.shops.example,',
      STORE_BASIC_AUTH: `Staging.Shop.example:443=${login}, 10.0.0.1:8443=${login}`,
      RETURN_ORIGINS: ' https://admin.shop.example , http://[::1]:8080,',
      EXTRA_CA_FILE: '/etc/ssl/own.pem',
      ALLOW_HTTP_STORES: 'true',
      ALLOW_PRIVATE_STORES: 'true',
      TRUST_PROXY: '1',
      REGISTRATION: 'open',
      MAX_PENDING: '50',
      EXCHANGE_LEASE_SECONDS: '30',
      RECOVERY_INTERVAL_SECONDS: '5',
      LOG_LEVEL: 'warn',
      METRICS_PORT: '9090',
      BRAND_NAME: ' Ärger & Söhne ',
      BRAND_COLOR: '#00664F',
      BRAND_LOGO: '/etc/logo.svg',
    });

    expect(config).toEqual({
      port: 8080,
      host: '0.0.0.0',
      publicUrl: 'https://app.example',
      redis: { url: 'rediss://user:pass@redis.example:6380/2', prefix: 'mine:' },
      dataDir: '/srv/data',
      sessionSecrets: ['s'.repeat(32)],
      encryptionKeys: [{ id: 'k1', key: Buffer.alloc(32, 1) }],
      isRegistrationOpen: true,
      maxPending: 50,
      exchangeLeaseSeconds: 30,
      recoveryIntervalSeconds: 5,
      stores: { hosts: ['shop.example', '*.shops.example'], allowHttp: true, allowPrivate: true },
      basicCredentials: new Map([
        ['staging.shop.example', login],
        ['10.0.0.1:8443', login],
      ]),
      returnOrigins: ['https://admin.shop.example', 'http://[::1]:8080'],
      extraCaFile: '/etc/ssl/own.pem',
      trustProxy: 1,
      logLevel: 'warn',
      metricsPort: 9090,
      brand: { name: 'Ärger & Söhne', color: '#00664f', logoFile: '/etc/logo.svg' },
    });
  });

  it('refuses a switch of Node.js that would trust any certificate, beside what else is wrong', () => {
    const { code, message } = failureOf(() =>
      loadConfig({ NODE_TLS_REJECT_UNAUTHORIZED: '0', PORT: 'x' }),
    );

    expect(code).toBe('wrong_setting');
    expect(message).toBe('PORT must be a port number; NODE_TLS_REJECT_UNAUTHORIZED must not be 0.');
    expect(loadConfig({ NODE_TLS_REJECT_UNAUTHORIZED: '1' })).toEqual(loadConfig({}));
  });

  it('counts an empty value as none, for every setting', () => {
    const names = [
      ...readFileSync(path.resolve(import.meta.dirname, '../src/config.ts'), 'utf8').matchAll(
        /^ {4}([A-Z][A-Z_]+):/gm,
      ),
    ].map(([, name = '']) => [name, ''] as const);

    expect(names.length).toBeGreaterThan(10);
    expect(loadConfig(Object.fromEntries(names))).toEqual(loadConfig({}));
  });

  it('keeps keys in their order, the first to seal with', () => {
    const other = Buffer.alloc(32, 2).toString('base64');

    const { encryptionKeys } = loadConfig({ ENCRYPTION_KEYS: `new:${other}, old:${key}` });

    expect(encryptionKeys?.map(({ id }) => id)).toEqual(['new', 'old']);
  });

  const wrong: readonly (readonly [name: string, value: string])[] = [
    ['PORT', 'sentinel'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['PORT', ' 80'],
    ['METRICS_PORT', '99999'],
    ['PUBLIC_URL', 'sentinel.example'],
    ['PUBLIC_URL', 'ftp://sentinel.example'],
    ['PUBLIC_URL', 'https://sentinel.example/path'],
    ['PUBLIC_URL', 'https://sentinel.example/?a'],
    ['PUBLIC_URL', 'https://user:sentinel@app.example'],
    ['PUBLIC_URL', 'javascript:alert(1)'],
    ['REDIS_URL', 'http://sentinel.example'],
    ['REDIS_URL', 'sentinel:6379'],
    ['REDIS_PREFIX', 'sentinel {x}'],
    ['REDIS_PREFIX', 'x'.repeat(65)],
    ['SESSION_SECRETS', 'sentinel'],
    ['SESSION_SECRETS', `${'s'.repeat(32)},sentinel`],
    ['SESSION_SECRETS', ' , '],
    ['ENCRYPTION_KEYS', 'sentinel'],
    ['ENCRYPTION_KEYS', key],
    ['ENCRYPTION_KEYS', `k1:${Buffer.alloc(31).toString('base64')}`],
    ['ENCRYPTION_KEYS', `k1:${key},k1:${key}`],
    ['ENCRYPTION_KEYS', `k1:${key},sentinel`],
    ['ENCRYPTION_KEYS', `k.1:${key}`],
    ['ENCRYPTION_KEYS', ','],
    ['STORE_HOSTS', 'https://sentinel.example'],
    ['STORE_HOSTS', '*sentinel.example'],
    ['STORE_HOSTS', '*'],
    ['STORE_HOSTS', 'a.*.sentinel'],
    ['STORE_BASIC_AUTH', 'sentinel'],
    ['STORE_BASIC_AUTH', 'shop.example=user:sentinel'],
    ['STORE_BASIC_AUTH', 'shop.example=c2VudGluZWw='],
    ['STORE_BASIC_AUTH', `https://shop.example=${login}`],
    ['STORE_BASIC_AUTH', `shop.example=${login},SHOP.example:443=${login}`],
    ['RETURN_ORIGINS', 'sentinel.example'],
    ['RETURN_ORIGINS', 'https://sentinel.example/'],
    ['RETURN_ORIGINS', 'https://sentinel.example/admin'],
    ['RETURN_ORIGINS', 'https://sentinel.example:443'],
    ['RETURN_ORIGINS', 'https://Sentinel.example'],
    ['RETURN_ORIGINS', 'https://user@sentinel.example'],
    ['RETURN_ORIGINS', 'https://sentinel.example?'],
    ['RETURN_ORIGINS', 'https://*.sentinel.example'],
    ['RETURN_ORIGINS', 'https://séntinel.example'],
    ['RETURN_ORIGINS', 'ftp://sentinel.example'],
    ['RETURN_ORIGINS', 'null'],
    ['RETURN_ORIGINS', '*'],
    ['RETURN_ORIGINS', 'https://a.example,sentinel'],
    ['ALLOW_HTTP_STORES', 'yes'],
    ['ALLOW_HTTP_STORES', '1'],
    ['ALLOW_PRIVATE_STORES', 'TRUE'],
    ['MAX_PENDING', '0'],
    ['MAX_PENDING', '1e4'],
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', 'sentinel'],
    ['TRUST_PROXY', '-1'],
    ['TRUST_PROXY', '10.0.0.0/8,true'],
    ['TRUST_PROXY', 'dead'],
    ['TRUST_PROXY', 'Loopback'],
    ['TRUST_PROXY', ','],
    ['TRUST_PROXY', '10.0.0.0/99'],
    ['REGISTRATION', 'sentinel'],
    ['REGISTRATION', 'true'],
    ['LOG_LEVEL', 'sentinel'],
    ['LOG_LEVEL', 'INFO'],
    ['BRAND_NAME', 'sentinel\u202ename'],
    ['BRAND_NAME', 'two\nsentinels'],
    ['BRAND_NAME', 'sentinel'.repeat(6)],
    ['BRAND_COLOR', 'sentinel'],
    ['BRAND_COLOR', 'red'],
    ['BRAND_COLOR', '#1a56c4;}'],
    ['BRAND_COLOR', '#fc0'],
    ['BRAND_COLOR', 'ffcc00'],
  ];
  for (const [name, value] of wrong) {
    it(`refuses ${name}=${value.slice(0, 40)} by name, without its value`, () => {
      const error = failureOf(() => loadConfig({ [name]: value }));

      expect(error.code).toBe('wrong_setting');
      expect(error.message).toMatch(new RegExp(`^${name} must be `));
      expect(error.message).not.toMatch(/sentinel|undefined/);
      expect(error.message).not.toContain(key);
    });
  }

  it('names every setting that is wrong at once', () => {
    const bad = Object.fromEntries(wrong);

    const { message } = failureOf(() => loadConfig(bad));

    for (const name of Object.keys(bad)) expect(message).toContain(`${name} must be `);
    expect(message).not.toContain('sentinel');
    expect(message).not.toContain('\n');
  });

  it('asks for both secrets where Redis is a server', () => {
    const { message } = failureOf(() => loadConfig({ REDIS_URL: 'redis://redis.example' }));

    expect(message).toContain('SESSION_SECRETS is required when REDIS_URL is set');
    expect(message).toContain('ENCRYPTION_KEYS is required when REDIS_URL is set');
    expect(loadConfig({ ...secrets, REDIS_URL: 'redis://redis.example' })).toBeDefined();
  });

  it('names missing secrets beside what else is wrong', () => {
    const bad = { REDIS_URL: 'redis://redis.example', PORT: 'x', SESSION_SECRETS: 'short' };

    const { message } = failureOf(() => loadConfig(bad));

    expect(message).toContain('PORT must be ');
    expect(message).toContain('ENCRYPTION_KEYS is required when REDIS_URL is set');
    expect(message.match(/SESSION_SECRETS/g)).toHaveLength(1);
  });

  for (const permissive of [
    ...[
      'true',
      '*',
      '10',
      '99',
      '-1',
      '0.0.0.0/0',
      '::/0',
      '0.0.0.0/00',
      '0.0.0.0/1',
      '128.0.0.0/1',
    ],
    ...[
      '10.0.0.0/7',
      '::/1',
      '2000::/3',
      'fc00::/6',
      '::ffff:0:0/96',
      '::ffff:0.0.0.0/97',
      '::/80',
    ],
  ]) {
    it(`refuses TRUST_PROXY=${permissive}, also beside a proxy, since whoever calls would be believed`, () => {
      for (const value of [permissive, `127.0.0.1, ${permissive}`]) {
        const { message } = failureOf(() => loadConfig({ TRUST_PROXY: value }));

        expect(message).toMatch(/^TRUST_PROXY must be /);
      }
    });
  }

  const proxies: Record<string, number | string[]> = {
    '0': 0,
    '2': 2,
    'loopback,': ['loopback'],
    '9': 9,
    '10.0.0.0/8': ['10.0.0.0/8'],
    'fc00::/7': ['fc00::/7'],
    '::ffff:10.0.0.0/104': ['::ffff:10.0.0.0/104'],
    'loopback, 192.168.1.1, fd00::/8': ['loopback', '192.168.1.1', 'fd00::/8'],
  };
  for (const [text, value] of Object.entries(proxies)) {
    it(`takes TRUST_PROXY=${text}`, () => {
      const { trustProxy } = loadConfig({ TRUST_PROXY: text });

      expect(trustProxy).toEqual(value);
      expect(() => express().set('trust proxy', trustProxy)).not.toThrow();
    });
  }
});

describe('generatedSecrets', () => {
  it('are made once, readable by nobody else, and kept', () => {
    const folder = path.join(newFolder(), 'deep/data');

    const first = generatedSecrets(folder);
    const second = generatedSecrets(folder);

    expect(second).toEqual(first);
    expect(statSync(path.join(folder, 'secrets.json')).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('are what the settings take, and others in each installation', () => {
    const [one, other] = [generatedSecrets(newFolder()), generatedSecrets(newFolder())];

    expect(loadConfig(one).encryptionKeys).toHaveLength(1);
    expect(loadConfig(one).sessionSecrets).toHaveLength(1);
    expect(one.ENCRYPTION_KEYS).not.toBe(other.ENCRYPTION_KEYS);
    expect(one.SESSION_SECRETS).not.toBe(other.SESSION_SECRETS);
  });

  for (const content of ['', 'sentinel', '{}', '{"SESSION_SECRETS":"sentinel"}']) {
    it(`are not made anew over a file that holds ${JSON.stringify(content)}`, () => {
      const folder = newFolder();
      const file = path.join(folder, 'secrets.json');
      writeFileSync(file, content);

      const error = failureOf(() => generatedSecrets(folder));

      expect(error).toMatchObject({ code: 'wrong_setting' });
      expect(error.message).not.toContain('sentinel');
      expect(readFileSync(file, 'utf8')).toBe(content);
    });
  }

  it('need a folder that can be written to', () => {
    const file = path.join(newFolder(), 'file');
    writeFileSync(file, '');

    expect(failureOf(() => generatedSecrets(path.join(file, 'data'))).message).toMatch(
      /^DATA_DIR /,
    );
  });
});

describe('completeConfig', () => {
  it('generates what is missing beside an embedded Redis', () => {
    const DATA_DIR = newFolder();

    const config = completeConfig({ DATA_DIR });

    expect(config.sessionSecrets).toHaveLength(1);
    expect(config.encryptionKeys.map(({ id }) => id)).toEqual(['generated']);
    expect(completeConfig({ DATA_DIR })).toEqual(config);
  });

  it('prefers the secrets it was given', () => {
    const config = completeConfig({ DATA_DIR: newFolder(), ...secrets });

    expect(config.sessionSecrets).toEqual([secrets.SESSION_SECRETS]);
    expect(config.encryptionKeys.map(({ id }) => id)).toEqual(['k1']);
  });

  it('reads each secret from a file that is named in its place', () => {
    const folder = newFolder();
    const given = {
      ...secrets,
      REDIS_URL: 'redis://:sentinel@redis.example',
      STORE_BASIC_AUTH: `shop.example=${login}`,
    };
    const files = Object.entries(given).map(([name, value]) => {
      const file = path.join(folder, name);
      writeFileSync(file, `${value}\n`);
      return [`${name}_FILE`, file] as const;
    });

    expect(files.map(([name]) => name).sort()).toEqual(
      secretSettings.map((name) => `${name}_FILE`).sort(),
    );
    expect(completeConfig(Object.fromEntries(files))).toEqual(completeConfig(given));
  });

  for (const name of secretSettings) {
    it(`refuses ${name}_FILE beside ${name}, empty, missing or with something else in it`, () => {
      const [full, empty] = [path.join(newFolder(), 'sentinel'), path.join(newFolder(), 'empty')];
      writeFileSync(full, 'sentinel');
      writeFileSync(empty, ' \n');
      const wrong = [
        { [`${name}_FILE`]: full, [name]: name === 'REDIS_URL' ? 'redis://x' : 'x' },
        { [`${name}_FILE`]: empty },
        { [`${name}_FILE`]: path.join(full, 'missing') },
        { [`${name}_FILE`]: path.dirname(full) },
        { [`${name}_FILE`]: full },
      ];

      for (const [at, env] of wrong.entries()) {
        const error = failureOf(() => completeConfig({ DATA_DIR: newFolder(), ...env }));

        expect(error.code).toBe('wrong_setting');
        expect(error.message).toContain(`${name}${at < 4 ? '_FILE' : ''} must `);
        expect(error.message).not.toMatch(/sentinel|missing|mi-config/);
      }
    });
  }

  it('names a file that cannot be read beside what else is wrong', () => {
    const { message } = failureOf(() =>
      completeConfig({ DATA_DIR: newFolder(), PORT: 'x', ENCRYPTION_KEYS_FILE: '/nowhere/k' }),
    );

    expect(message).toContain('PORT must be ');
    expect(message).toContain('ENCRYPTION_KEYS_FILE must name a file');
  });

  it('generates nothing where Redis is a server', () => {
    const DATA_DIR = path.join(newFolder(), 'data');

    completeConfig({ DATA_DIR, ...secrets, REDIS_URL: 'redis://redis.example' });

    expect(statSync(DATA_DIR, { throwIfNoEntry: false })).toBeUndefined();
  });
});

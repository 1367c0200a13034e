import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { newDataDir } from '../redis/support.js';
import { startRedis } from '../support/start-redis.js';
import { environment, run, startMain } from './child.js';

const secrets = {
  SESSION_SECRETS: 'a session secret of thirty-two bytes or more',
  ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 5).toString('base64')}`,
};

function main(env: NodeJS.ProcessEnv) {
  return run(['main'], env).ended;
}

/** A port of 127.0.0.1 that is taken until the test is over. */
async function takenPort(use: (port: number) => Promise<void>): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

describe('npm start', () => {
  it('names the address it listens on, where it answers that it lives and is ready', async () => {
    const app = await startMain(environment(await newDataDir()));

    const [health, ready] = await Promise.all(
      ['/healthz', '/readyz'].map((page) => fetch(`${app.url}${page}`)),
    );

    expect(app.url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
    expect([health?.status, ready?.status]).toEqual([200, 200]);
    expect(await health?.text()).toBe('ok');
  });

  it('logs JSON, one object a line, and nothing on standard error', async () => {
    const app = await startMain(environment(await newDataDir()));
    await fetch(`${app.url}/healthz`);
    app.kill('SIGTERM');

    const { code, stdout, stderr } = await app.ended;

    const lines = stdout.trimEnd().split('\n');
    for (const line of lines) {
      expect(JSON.parse(line)).toEqual(
        expect.objectContaining({ level: expect.any(String), time: expect.any(String) }),
      );
    }
    expect(app.lines().map(({ event }) => event)).toEqual(
      expect.arrayContaining(['listening', 'request', 'stopped']),
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('warns once of a Node.js that gets no more repairs, and of none that does', async () => {
    const app = await startMain(environment(await newDataDir()));

    const warnings = app.lines().filter(({ event }) => event === 'node_out_of_support');

    expect(warnings).toHaveLength(Number.parseInt(process.versions.node) < 22 ? 1 : 0);
  });

  it('listens on an IPv6 address and names it in brackets', async () => {
    const app = await startMain(environment(await newDataDir(), { HOST: '::1' }));

    const response = await fetch(`${app.url}/healthz`);

    expect(app.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect(response.status).toBe(200);
  });

  it('warns of a Redis that may lose what it has acknowledged, and serves', async () => {
    const redis = await startRedis({ tcp: true });
    const app = await startMain(
      environment(await newDataDir(), { REDIS_URL: redis.url, ...secrets }),
    );

    const warning = await app.line('redis_not_durable');

    expect(warning).toMatchObject({
      level: 'warn',
      missing: expect.arrayContaining(['appendonly yes']),
    });
    expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
  });

  it('does not warn of the Redis it starts itself', async () => {
    const app = await startMain(environment(await newDataDir()));

    const events = app.lines().map(({ event }) => event);

    expect(events).not.toContain('redis_not_durable');
  });
});

describe('npm start with wrong settings', () => {
  it('names each of them in one message, without a value, and exits with 78', async () => {
    const wrong = {
      PORT: 'eighty-eighty',
      PUBLIC_URL: 'ftp://files.example',
      SESSION_SECRETS: 'tooshort',
      ENCRYPTION_KEYS: 'k1:hushhush',
      STORE_HOSTS: 'bad host!',
      ALLOW_HTTP_STORES: 'perhaps',
      TRUST_PROXY: 'everyone',
      LOG_LEVEL: 'chatty',
    };

    const { code, stdout, stderr } = await main(environment(await newDataDir(), wrong));

    for (const [name, value] of Object.entries(wrong)) {
      expect(stderr).toContain(`${name} must`);
      expect(stderr).not.toContain(value);
    }
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
  });

  it('asks for the secrets that a Redis of ones own needs', async () => {
    const { code, stderr } = await main(
      environment(await newDataDir(), { REDIS_URL: 'redis://:hush@127.0.0.1:6379' }),
    );

    expect(stderr).toBe(
      'SESSION_SECRETS is required when REDIS_URL is set; ENCRYPTION_KEYS is required when REDIS_URL is set.\n',
    );
    expect(code).toBe(78);
  });

  it('asks for them beside other wrong settings', async () => {
    const { code, stderr } = await main(
      environment(await newDataDir(), { REDIS_URL: 'redis://127.0.0.1:6379', PORT: 'x' }),
    );

    expect(stderr).toMatch(/PORT must .*SESSION_SECRETS is required.*ENCRYPTION_KEYS is required/);
    expect(code).toBe(78);
  });

  for (const value of ['fade', '10.0.0.0/33', '10.0.0.1/0', '300.1.1.1', 'true', '::1/129']) {
    it(`refuses TRUST_PROXY ${value} before anything is started`, async () => {
      const { code, stdout, stderr } = await main(
        environment(await newDataDir(), { TRUST_PROXY: `127.0.0.1, ${value}` }),
      );

      expect(stderr).toMatch(/^TRUST_PROXY must be .*\n$/);
      expect(stderr).not.toContain(value);
      expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
    });
  }

  it('refuses a brand that cannot be shown: a colour too light, a logo that is not there', async () => {
    const folder = await newDataDir();
    const pale = await main(environment(folder, { BRAND_COLOR: '#ffcc00' }));
    const lost = await main(environment(folder, { BRAND_LOGO: path.join(folder, 'hush.svg') }));

    expect(pale.stderr).toMatch(/^BRAND_COLOR must be a darker colour: .* 1\.5:1.* 4\.5:1.*\n$/);
    expect(lost.stderr).toMatch(/^BRAND_LOGO must be .*\n$/);
    expect(lost.stderr).not.toContain('hush');
    expect([pale.code, lost.code]).toEqual([78, 78]);
  });

  it('refuses a DATA_DIR that is a file', async () => {
    const file = path.join(await newDataDir(), 'file');
    await writeFile(file, 'not a folder');

    const { code, stderr } = await main(environment(file));

    expect(stderr).toMatch(/^DATA_DIR .*\.\n$/);
    expect(code).toBe(78);
  });

  it('refuses a DATA_DIR beneath a file', async () => {
    const file = path.join(await newDataDir(), 'file');
    await writeFile(file, 'not a folder');

    const { code, stderr } = await main(environment(path.join(file, 'data')));

    expect(stderr).toBe('DATA_DIR must be a folder this user can write to.\n');
    expect(code).toBe(78);
  });

  it('refuses a Redis that may evict records', async () => {
    const redis = await startRedis({
      tcp: true,
      args: ['--maxmemory', '64mb', '--maxmemory-policy', 'allkeys-lru'],
    });

    const { code, stdout, stderr } = await main(
      environment(await newDataDir(), { REDIS_URL: redis.url, ...secrets }),
    );

    expect(stderr).toMatch(/^Redis may evict records: .*noeviction.*\n$/);
    expect(stdout).not.toContain('listening');
    expect(code).toBe(78);
  });
});

describe('npm start where it cannot serve', () => {
  it('says that Redis does not answer, without its password, and exits with 1', async () => {
    const password = 'h%20ush-hush';
    const REDIS_URL = `redis://mia:${password}@127.0.0.1:1/0`;

    const { code, stdout, stderr } = await main(
      environment(await newDataDir(), { REDIS_URL, ...secrets, LOG_LEVEL: 'trace' }),
    );

    expect(stderr).toBe('Redis at 127.0.0.1:1 cannot be used: ECONNREFUSED\n');
    expect(`${stdout}${stderr}`).not.toMatch(/ush-hush/);
    expect(code).toBe(1);
  });

  it('says that Redis refuses its password, without the password', async () => {
    const redis = await startRedis({ tcp: true, args: ['--requirepass', 'right'] });
    const REDIS_URL = redis.url.replace('//', '//:wrong-hush@');

    const { code, stdout, stderr } = await main(
      environment(await newDataDir(), { REDIS_URL, ...secrets, LOG_LEVEL: 'trace' }),
    );

    expect(stderr).toMatch(/^Redis at 127\.0\.0\.1:\d+ cannot be used: .*WRONGPASS\n$/);
    expect(`${stdout}${stderr}`).not.toContain('wrong-hush');
    expect(code).toBe(1);
  });

  it('says which port is taken, and exits with 1', async () => {
    await takenPort(async (port) => {
      const { code, stderr } = await main(environment(await newDataDir(), { PORT: `${port}` }));

      expect(stderr).toBe(`Port ${port} of 127.0.0.1 is taken by another process.\n`);
      expect(code).toBe(1);
    });
  });

  it('says that HOST is no address of this machine, and exits with 1', async () => {
    const { code, stderr } = await main(environment(await newDataDir(), { HOST: '192.0.2.1' }));

    expect(stderr).toBe('HOST is not an address of this machine (EADDRNOTAVAIL).\n');
    expect(code).toBe(1);
  });
});

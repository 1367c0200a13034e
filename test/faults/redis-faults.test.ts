import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import supertest from 'supertest';
import { activationForm } from '../support/activation.js';
import { startRedis, type TestRedis } from '../support/start-redis.js';
import { unwatch, watchEffects } from './crash.js';
import { credentialSigns } from './oracle.js';
import { callsTo, newRig, openForm, signIn, until, type App, type Rig } from './rig.js';
import { report } from './rounds.js';

/** Within this time the endpoint answers; Magento waits for five seconds. */
const promisedMs = 1_200;

let redis: TestRedis;
let rig: Rig;
let app: App;

// One app for all of the faults: none of them may make it need a restart.
beforeAll(async () => {
  redis = await startRedis({ tcp: true, appendfsync: 'always' });
  rig = await newRig(redis);
  app = await rig.start({}, 'file');
  await supertest(app.url).post('/endpoint').type('form').send(activationForm());
});

interface Fault {
  begin(): unknown;
  end(): unknown;
}

/** A connection that no fault of the proxy touches. */
const behind = () => rig.client;

const signalRedis = (signal: 'SIGSTOP' | 'SIGCONT') => () => {
  process.kill(redis.pid, signal);
};

const faults: Record<string, Fault> = {
  down: { begin: () => redis.kill(), end: () => redis.revive() },
  'stopped with SIGSTOP': {
    begin: signalRedis('SIGSTOP'),
    end: signalRedis('SIGCONT'),
  },
  'paused for all commands': {
    begin: () => behind().call('CLIENT', 'PAUSE', '3000', 'ALL'),
    // It would not take an UNPAUSE before that.
    end: () => behind().ping(),
  },
  'paused for writes': {
    begin: () => behind().call('CLIENT', 'PAUSE', '600000', 'WRITE'),
    end: () => behind().call('CLIENT', 'UNPAUSE'),
  },
  'black-holed': {
    begin: () => {
      rig.toRedis.blackHole();
    },
    end: () => {
      rig.toRedis.open();
    },
  },
  'read-only, a replica without its primary': {
    begin: () => behind().replicaof('127.0.0.1', 1),
    end: () => behind().replicaof('NO', 'ONE'),
  },
  'out of memory': {
    begin: () => behind().config('SET', 'maxmemory', '1'),
    end: () => behind().config('SET', 'maxmemory', '0'),
  },
  'forbidding us to write': {
    begin: () => behind().call('ACL', 'SETUSER', 'default', '-@write', '-@scripting'),
    end: () => behind().call('ACL', 'SETUSER', 'default', '+@all'),
  },
  'refusing writes, as its disk takes no snapshot': {
    begin: failSnapshots,
    end: mendSnapshots,
  },
  'loading its data': { begin: restartSlowly, end: () => behind().ping() },
};

/** No snapshot can take the name of a folder, whoever runs the server. */
async function failSnapshots(): Promise<void> {
  await mkdir(path.join(redis.folder, 'dump.rdb/in-the-way'), { recursive: true });
  await behind().config('SET', 'save', '3600 1000000');
  await behind().bgsave();
  await until('a failed snapshot', () => persistenceSays('rdb_last_bgsave_status:err'));
}

async function mendSnapshots(): Promise<void> {
  await rm(path.join(redis.folder, 'dump.rdb'), { recursive: true });
  await behind().bgsave();
  await until('a snapshot', () => persistenceSays('rdb_last_bgsave_status:ok'));
  await behind().config('SET', 'save', '');
}

async function persistenceSays(words: string): Promise<boolean> {
  return (await behind().info('persistence')).includes(words);
}

/** The server takes a millisecond for each command of its file, and says LOADING to everyone meanwhile. */
async function restartSlowly(): Promise<void> {
  const filling = behind().pipeline();
  for (let entry = 0; entry < 3_500; entry += 1) filling.set(`filling:${entry}`, 'x');
  await filling.exec();
  await redis.kill();
  await redis.revive('starting', ['--key-load-delay', '1000']);
  const probe = redis.client({ enableReadyCheck: false });
  const refusal = () => probe.ping().then(() => '', String);
  await until('LOADING', async () => (await refusal()).includes('LOADING'));
  probe.disconnect();
}

async function timed<Result>(work: PromiseLike<Result>) {
  const begin = performance.now();
  const result = await work;
  return { result, ms: performance.now() - begin };
}

async function post(form: Record<string, string>): Promise<number> {
  return (await supertest(app.url).post('/endpoint').type('form').send(form)).status;
}

async function readiness(): Promise<number> {
  return (await supertest(app.url).get('/readyz')).status;
}

describe('with a Redis that is', () => {
  for (const [what, fault] of Object.entries(faults)) {
    it(`${what}: 503 in 1.2 s, nothing spent, and back by itself in 5 s`, async () => {
      const spentBefore = callsTo(rig.store, 'token/request');
      const integration = rig.integrate(app);
      const popupUrl = await rig.activate(integration);
      const { send } = await openForm(app, popupUrl);
      const forms = [activationForm(), activationForm(), activationForm()];
      await fault.begin();

      const postAll = () => Promise.all(forms.map((form) => timed(post(form))));
      const [page, ready, firstPosts] = await Promise.all([
        timed(send()),
        timed(supertest(app.url).get('/readyz')),
        postAll(),
      ]);
      // A busy machine may hold up one try; an app that waits for Redis is slow in the next one, too.
      const posts = slowest(firstPosts) < promisedMs ? firstPosts : await postAll();
      await fault.end();
      const ended = performance.now();
      const spentUnderFault = callsTo(rig.store, 'token/request') - spentBefore;
      await until('readiness', async () => (await readiness()) === 200, 6_000);
      await until('an activation', async () => (await post(activationForm())) === 200, 6_000);
      const backMs = performance.now() - ended;
      await until('a sign-in', async () => (await signIn(app, popupUrl)) === 303, 6_000);

      report(
        `Redis ${what}: POST ${shown(posts)}, readyz ${shown([ready])}, ` +
          `sign-in ${Math.round(page.ms)} ms, back after ${Math.round(backMs)} ms`,
      );
      expect(posts.map(({ result }) => result)).toEqual([503, 503, 503]);
      expect(slowest(posts)).toBeLessThan(promisedMs);
      expect(ready.result.status).toBe(503);
      expect(page.result.status).toBe(503);
      expect(page.result.text).toContain('<html');
      expect(spentUnderFault).toBe(0);
      expect(backMs).toBeLessThan(5_000);
      expect(callsTo(rig.store, 'token/request') - spentBefore).toBe(1);
      expect(await credentialSigns(rig, integration)).toBe('signs');
    }, 40_000);
  }
});

describe('with a Redis that fails at the very claim of an exchange, as it is', () => {
  for (const what of [
    'down',
    'stopped with SIGSTOP',
    'read-only, a replica without its primary',
    'out of memory',
  ]) {
    it(`${what}, nothing is spent, and the next sign-in connects`, async () => {
      const fault = faults[what]!;
      const spentBefore = callsTo(rig.store, 'token/request');
      const integration = rig.integrate(app);
      const popupUrl = await rig.activate(integration);
      const { send } = await openForm(app, popupUrl);
      let begun: unknown;
      watchEffects(rig, integration.consumerKey, async (effect) => {
        if (effect.endsWith('requesting')) await (begun ??= fault.begin());
        return 'pass' as const;
      });

      const { status, text } = await send();
      const spentUnderFault = callsTo(rig.store, 'token/request') - spentBefore;
      unwatch(rig);
      await fault.end();
      await until('a sign-in', async () => (await signIn(app, popupUrl)) === 303);

      expect(status).toBe(503);
      expect(text).toContain('<html');
      expect(spentUnderFault).toBe(0);
      expect(callsTo(rig.store, 'token/request') - spentBefore).toBe(1);
      expect(await credentialSigns(rig, integration)).toBe('signs');
    }, 30_000);
  }
});

function slowest(answers: readonly { readonly ms: number }[]): number {
  return Math.max(...answers.map(({ ms }) => ms));
}

function shown(answers: readonly { readonly ms: number }[]): string {
  return answers.map(({ ms }) => `${Math.round(ms)} ms`).join(' ');
}

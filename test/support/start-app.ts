import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll } from '@jest/globals';
import type { Redis } from 'ioredis';
import supertest from 'supertest';
import { probeList } from '../../src/activation/probe.js';
import { spoolIn } from '../../src/activation/exchange/spool.js';
import { accountStore } from '../../src/accounts/account-store.js';
import { familiarPlaces } from '../../src/accounts/familiar-places.js';
import { passwordChecks, wrongPasswordCounters } from '../../src/accounts/password-checks.js';
import { sessions } from '../../src/accounts/session.js';
import { signInStore } from '../../src/accounts/sign-in-store.js';
import { activationStore } from '../../src/activation/activation-store.js';
import { handOverStore } from '../../src/activation/hand-over/hand-over-store.js';
import { pendingLimits } from '../../src/activation/pending-limits.js';
import { progressAfterMs } from '../../src/activation/waiting/connect-and-return.js';
import type { Brand } from '../../src/brand/brand.js';
import { defaultColor } from '../../src/brand/brand-color.js';
import { createApp, type Deps } from '../../src/app.js';
import { credentialStore } from '../../src/credentials/credential-store.js';
import { keyRing } from '../../src/credentials/key-ring.js';
import { noticeStore } from '../../src/credentials/notice-store.js';
import { visitWindowSeconds } from '../../src/http/visit-limit.js';
import { invitationStore } from '../../src/invitations/invitation-store.js';
import { registrationCounters } from '../../src/joining/registration-limit.js';
import { createLog } from '../../src/log.js';
import { randomNonce } from '../../src/magento/nonce.js';
import {
  withBasicCredentials,
  type BasicCredentials,
} from '../../src/magento/basic-credentials.js';
import { limitedCalls, type CallLimits } from '../../src/magento/limited-calls.js';
import { storeHttp, type StoreHttpOptions } from '../../src/magento/store-http.js';
import type { StorePolicy } from '../../src/magento/store-url.js';
import { isServing } from '../../src/redis/is-serving.js';
import { rateLimiter } from '../../src/redis/rate-limiter.js';
import { redisClient } from '../../src/redis/redis-client.js';
import { waitUntilReady } from '../../src/redis/wait-until-ready.js';
import { secondFactorStore } from '../../src/second-factor/second-factor-store.js';
import { secondFactors } from '../../src/second-factor/second-factors.js';
import { timelineStore } from '../../src/timeline/timeline-store.js';
import { startRedis, type TestRedis } from './start-redis.js';

/** The people every test app knows. */
export const merchant = { username: 'mia@merchant.example', password: 'correct horse battery' };
export const otherMerchant = {
  username: 'max@merchant.example',
  password: 'another long password',
};
export const operator = { username: 'olga', password: 'operators have passwords too' };

export interface AppOptions extends StoreHttpOptions {
  readonly now?: () => Date;
  readonly storePolicy?: Partial<StorePolicy>;
  readonly callLimits?: CallLimits;
  readonly basicCredentials?: BasicCredentials;
  readonly publicUrl?: string;
  readonly wait?: Deps['wait'];
  readonly progressAfterMs?: number;
  readonly otherHosts?: readonly string[];
  readonly maxPending?: number;
  readonly isRegistrationOpen?: boolean;
  readonly trustProxy?: Deps['trustProxy'];
  readonly returnOrigins?: readonly string[];
  readonly brand?: Partial<Brand>;
  /** Another app's, so that two stand on the same records. */
  readonly prefix?: string;
  readonly sessionSecrets?: readonly string[];
  readonly redis?: TestRedis;
  /** Where a grant goes that Redis does not take; without it, a folder of its own. */
  readonly spoolFolder?: string;
}

export interface TestApp {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  readonly deps: Deps;
  readonly redis: Redis;
  readonly prefix: string;
  /** Everything it has logged so far. */
  logged(): string;
  /** A browser without a cookie. */
  visitor(): ReturnType<typeof supertest.agent>;
  close(): Promise<void>;
}

let shared: Promise<TestRedis> | undefined;
const running: TestApp[] = [];

/** The real app on a real Redis under a prefix of its own, listening on a free port; it stops with the test file. */
export async function startApp(options: AppOptions = {}): Promise<TestApp> {
  const server = options.redis ?? (await (shared ??= startRedis()));
  const client = redisClient({ path: server.socketPath });
  client.on('error', () => undefined);
  await waitUntilReady(client, { name: 'the test Redis', timeoutMs: 5_000 });
  const prefix = options.prefix ?? `test-${randomBytes(6).toString('hex')}:`;
  const lines: string[] = [];
  const log = createLog('trace', { write: (line) => void lines.push(line) });
  const now = options.now ?? (() => new Date());
  const wait = options.wait ?? ((ms: number) => pause(ms));
  const ring = keyRing([{ id: 'test', key: Buffer.alloc(32, 7) }]);
  const storePolicy = { hosts: [], allowHttp: true, allowPrivate: true, ...options.storePolicy };
  const http = withBasicCredentials(
    limitedCalls(storeHttp(storePolicy, options), options.callLimits),
    options.basicCredentials ?? new Map(),
  );
  const listener = createServer();
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const url = `http://localhost:${(listener.address() as AddressInfo).port}`;
  const publicUrl = options.publicUrl ?? url;
  const accounts = accountStore(client, prefix, now);
  const ownSpool = path.join(tmpdir(), `mi-spool-${randomBytes(6).toString('hex')}`);
  const deps: Deps = {
    sessions: sessions({
      redis: client,
      prefix,
      secrets: options.sessionSecrets ?? ['test secret of thirty-two bytes or more'],
      https: publicUrl.startsWith('https:'),
    }),
    signIns: signInStore(client, prefix),
    activations: activationStore(client, prefix, now),
    pending: pendingLimits(client, prefix, { max: options.maxPending ?? 10_000, now }),
    credentials: credentialStore(client, prefix, ring),
    accounts,
    passwords: passwordChecks({
      accounts,
      familiar: familiarPlaces(client, prefix, now),
      wrong: wrongPasswordCounters((name, seconds) =>
        rateLimiter(client, prefix, { name, seconds }),
      ),
      wait,
      log,
    }),
    secondFactors: secondFactors({
      store: secondFactorStore(client, prefix),
      ring,
      wrongCodes: rateLimiter(client, prefix, { name: 'second-factor', seconds: 15 * 60 }),
      triesInSignIn: rateLimiter(client, prefix, { name: 'code-tries', seconds: 5 * 60 }),
      now,
      log,
    }),
    invitations: invitationStore(client, prefix, now),
    isRegistrationOpen: options.isRegistrationOpen ?? false,
    registrations: registrationCounters((name, seconds) =>
      rateLimiter(client, prefix, { name, seconds }),
    ),
    notices: noticeStore(client, prefix),
    timeline: timelineStore(client, prefix, { now, log }),
    handOvers: handOverStore(client, prefix, now),
    probes: probeList(client, prefix, now),
    spool: spoolIn(options.spoolFolder ?? ownSpool),
    leaseSeconds: 60,
    ring,
    storeHttp: http,
    storePolicy,
    returnOrigins: options.returnOrigins ?? [],
    brand: { name: 'Magento integration', color: defaultColor, logo: undefined, ...options.brand },
    publicUrl,
    otherHosts: options.otherHosts ?? [],
    trustProxy: options.trustProxy,
    visits: rateLimiter(client, prefix, { name: 'visits', seconds: visitWindowSeconds }),
    isReady: () => isServing(client, `${prefix}ready`),
    now,
    nonce: randomNonce,
    underWay: (work) => work,
    progressAfterMs: options.progressAfterMs ?? progressAfterMs,
    wait,
    randomToken: () => randomBytes(32).toString('base64url'),
    log,
  };
  await accounts.add(merchant.username, 'merchant', merchant.password);
  await accounts.add(otherMerchant.username, 'merchant', otherMerchant.password);
  await accounts.add(operator.username, 'operator', operator.password);
  listener.on('request', createApp(deps));

  const app: TestApp = {
    url,
    deps,
    redis: client,
    prefix,
    logged: () => lines.join(''),
    visitor: () => supertest.agent(url),
    async close() {
      const closed = new Promise((resolve) => listener.close(resolve));
      listener.closeAllConnections();
      await closed;
      await http.close();
      client.disconnect();
      await rm(ownSpool, { recursive: true, force: true });
    },
  };
  running.push(app);
  return app;
}

afterAll(async () => {
  await Promise.all(running.splice(0).map((app) => app.close()));
});

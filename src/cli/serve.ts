import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { accountStore } from '../accounts/account-store.js';
import { familiarPlaces } from '../accounts/familiar-places.js';
import { passwordChecks, wrongPasswordCounters } from '../accounts/password-checks.js';
import { sessions } from '../accounts/session.js';
import { signInStore } from '../accounts/sign-in-store.js';
import { probeList } from '../activation/probe.js';
import { spoolFolder, spoolIn } from '../activation/exchange/spool.js';
import { activationStore } from '../activation/activation-store.js';
import { handOverStore } from '../activation/hand-over/hand-over-store.js';
import { pendingLimits } from '../activation/pending-limits.js';
import { progressAfterMs } from '../activation/waiting/connect-and-return.js';
import { createApp, type Deps } from '../app.js';
import { completeConfig, redisSettings } from './complete-config.js';
import { brandLogo } from './brand-logo.js';
import { startPasses } from './passes.js';
import { extraAuthorities } from './extra-authorities.js';
import { workUnderWay } from './work-under-way.js';
import type { Config } from '../config.js';
import { canary } from '../credentials/canary.js';
import { credentialStore } from '../credentials/credential-store.js';
import { keyRing } from '../credentials/key-ring.js';
import { noticeStore } from '../credentials/notice-store.js';
import { tallySealed } from '../credentials/sealed-records.js';
import { boundedServer } from '../http/bounded-server.js';
import { trustedProxy } from '../http/client-address.js';
import { visitWindowSeconds } from '../http/visit-limit.js';
import { invitationStore } from '../invitations/invitation-store.js';
import { registrationCounters } from '../joining/registration-limit.js';
import { createLog, type Logger } from '../log.js';
import { randomNonce } from '../magento/nonce.js';
import { withBasicCredentials } from '../magento/basic-credentials.js';
import { limitedCalls } from '../magento/limited-calls.js';
import { storeHttp } from '../magento/store-http.js';
import { isServing } from '../redis/is-serving.js';
import { openRedis } from '../redis/open-redis.js';
import { rateLimiter } from '../redis/rate-limiter.js';
import type { RedisService } from '../redis/redis-service.js';
import { secondFactorStore } from '../second-factor/second-factor-store.js';
import { secondFactors } from '../second-factor/second-factors.js';
import { timelineStore } from '../timeline/timeline-store.js';
import { sealedKinds } from './sealed-kinds.js';

/** An app that is up. */
export interface RunningApp {
  /** Where it listens: the address itself, not that of a proxy before it. */
  readonly url: string;
  readonly deps: Deps;
  readonly redis: RedisService['kind'];
  /** Takes nothing new, finishes what is under way, lets go of Redis. Bounded in time. */
  close(): Promise<void>;
}

/** After a stop was asked for, exchanges begin no call later than this; a call that has begun may bring a grant. */
const lastCallsMs = 15_000;

/** After that a call takes 15 s at the most, and what it brings is stored within seconds. */
const lastRequestsMs = 35_000;

/**
 * Starts the app that an environment describes.
 *
 * @throws AppError `wrong_setting`, `redis_unavailable`; the system's own error when the port is taken.
 */
export async function serve(env: NodeJS.ProcessEnv): Promise<RunningApp> {
  const config = completeConfig(env);
  const log = createLog(config.logLevel);
  warnOfTheUnusual(config, log);
  const authorities = extraAuthorities(config.extraCaFile);
  const brand = { ...config.brand, logo: brandLogo(config.brand.logoFile) };
  const spool = spoolIn(spoolFolder(config.dataDir));
  const redis = await openRedis(redisSettings(config, env), log);
  const { client } = redis;
  const { prefix } = config.redis;
  const ring = keyRing(config.encryptionKeys);
  const credentials = credentialStore(client, prefix, ring);
  const server = boundedServer({ isTrusted: trustedProxy(config.trustProxy), log });
  const http = withBasicCredentials(
    limitedCalls(storeHttp(config.stores, { extraAuthorities: authorities })),
    config.basicCredentials,
  );
  let stopping = false;
  const work = workUnderWay();
  try {
    const tally = () => tallySealed(client, sealedKinds(prefix), ring);
    await canary(client, prefix, config.encryptionKeys, tally).admit();
    await credentials.completeLists();
    server.listen(config.port, config.host);
    await once(server, 'listening');
  } catch (error) {
    await redis.close();
    throw error;
  }
  const { address, port } = server.address() as AddressInfo;
  const now = () => new Date();
  const wait = (ms: number) => pause(ms);
  const accounts = accountStore(client, prefix, now);
  const publicUrl = config.publicUrl ?? `http://localhost:${port}`;
  const deps: Deps = {
    sessions: sessions({
      redis: client,
      prefix,
      secrets: config.sessionSecrets,
      https: publicUrl.startsWith('https:'),
    }),
    signIns: signInStore(client, prefix),
    activations: activationStore(client, prefix, now),
    pending: pendingLimits(client, prefix, { max: config.maxPending, now }),
    credentials,
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
    isRegistrationOpen: config.isRegistrationOpen,
    registrations: registrationCounters((name, seconds) =>
      rateLimiter(client, prefix, { name, seconds }),
    ),
    notices: noticeStore(client, prefix),
    timeline: timelineStore(client, prefix, { now, log }),
    handOvers: handOverStore(client, prefix, now),
    probes: probeList(client, prefix, now),
    spool,
    leaseSeconds: config.exchangeLeaseSeconds,
    ring,
    storeHttp: http,
    storePolicy: config.stores,
    returnOrigins: config.returnOrigins,
    brand,
    publicUrl,
    otherHosts: config.publicUrl === undefined ? [config.host] : [],
    trustProxy: config.trustProxy,
    visits: rateLimiter(client, prefix, { name: 'visits', seconds: visitWindowSeconds }),
    isReady: async () => !stopping && (await isServing(client, `${prefix}ready`)),
    now,
    nonce: randomNonce,
    underWay: work.add,
    progressAfterMs,
    wait,
    randomToken: () => randomBytes(32).toString('base64url'),
    log,
  };
  server.on('request', createApp(deps));
  server.on('request', (_req, res) => {
    // A browser keeps its connection for a next request, and would hold up the stop for seconds.
    res.once('close', () => {
      if (stopping) server.closeIdleConnections();
    });
  });
  const url = `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
  log.info({ event: 'listening', url, publicUrl, redis: redis.kind });
  const passes = startPasses(deps, client, config.recoveryIntervalSeconds);

  return {
    url,
    deps,
    redis: redis.kind,
    async close() {
      stopping = true;
      passes.stop();
      // A sign-in that is still at its password is not yet work under way: first no request may be left.
      const ended = closeServer(server).then(() => work.settled());
      const patience = new AbortController();
      await Promise.race([ended, pause(lastCallsMs, undefined, { signal: patience.signal })]);
      patience.abort();
      http.refuseCalls();
      await ended;
      await http.close();
      await redis.close();
      log.info({ event: 'stopped' });
    },
  };
}

function warnOfTheUnusual(config: Config, log: Logger): void {
  if (Number.parseInt(process.versions.node) < 22) {
    log.warn({
      event: 'node_out_of_support',
      version: process.version,
      advice: 'Use Node.js 22 or newer.',
    });
  }
  if (config.metricsPort !== undefined) {
    log.warn({
      event: 'metrics_not_served',
      advice: 'METRICS_PORT has no effect in this version.',
    });
  }
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => {
    server.closeAllConnections();
  }, lastRequestsMs);
  await closed;
  clearTimeout(timer);
}

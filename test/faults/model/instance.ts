import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { activationStore } from '../../../src/activation/activation-store.js';
import type { DisconnectStoreDeps } from '../../../src/activation/disconnect-store.js';
import { pendingLimits } from '../../../src/activation/pending-limits.js';
import { probeList, type ProbeDeps } from '../../../src/activation/probe.js';
import type { RecoveryDeps } from '../../../src/activation/exchange/recovery.js';
import { spoolIn, type Spool } from '../../../src/activation/exchange/spool.js';
import { credentialStore } from '../../../src/credentials/credential-store.js';
import type { KeyRing } from '../../../src/credentials/key-ring.js';
import { noticeStore } from '../../../src/credentials/notice-store.js';
import { createLog } from '../../../src/log.js';
import { randomNonce } from '../../../src/magento/nonce.js';
import type { StoreHttp } from '../../../src/magento/store-http.js';
import { timelineStore } from '../../../src/timeline/timeline-store.js';
import type { Life, Steps } from './steps.js';

/** What the instances of one app share. */
export interface Ground {
  readonly redis: Redis;
  readonly prefix: string;
  readonly ring: KeyRing;
  readonly http: StoreHttp;
  readonly now: () => Date;
  readonly steps: Steps;
}

export type InstanceDeps = RecoveryDeps & ProbeDeps & DisconnectStoreDeps;

/** One of several processes of the app, as long as it lives. */
export interface Instance {
  readonly life: Life;
  readonly deps: InstanceDeps;
  readonly spoolFolder: string;
}

const reads = new Set(['get', 'exists', 'zrange', 'zrangebyscore', 'zscore']);

/** The app as one process has it: the real stores and the real way out, each command and call held up until its turn. */
export function newInstance(ground: Ground, name: string, spoolFolder: string): Instance {
  const { prefix, ring, http, now, steps } = ground;
  const redis = heldUp(ground.redis, steps);
  const wait = (ms: number) => steps.through('wait', `${ms} ms`, () => Promise.resolve());
  const log = createLog('silent', { write: () => undefined });
  const deps: InstanceDeps = {
    activations: activationStore(redis, prefix, now, wait),
    credentials: credentialStore(redis, prefix, ring),
    notices: noticeStore(redis, prefix),
    pending: pendingLimits(redis, prefix, { max: 10_000, now }),
    // Nobody waits for it and nothing is decided by it, so it has no turns.
    timeline: timelineStore(ground.redis, prefix, { now, log }),
    probes: probeList(redis, prefix, now),
    spool: heldUpSpool(spoolIn(spoolFolder), steps),
    leaseSeconds: 60,
    ring,
    storeHttp: {
      ...http,
      send: (request) => {
        const { pathname } = new URL(request.url);
        const what = /token\/(request|access)$/.exec(pathname)?.[1] ?? 'rest';
        return steps.through('call', what, () => http.send(request));
      },
    },
    now,
    wait,
    nonce: randomNonce,
    randomToken: () => randomBytes(8).toString('hex'),
    log,
  };
  return { life: { name, isDead: false }, deps, spoolFolder };
}

function heldUp(redis: Redis, steps: Steps): Redis {
  return new Proxy(redis, {
    get(target, name: string) {
      const member = Reflect.get(target, name) as unknown;
      if (typeof member !== 'function') return member;
      const command = member.bind(target) as (...args: unknown[]) => Promise<unknown>;
      if (name === 'defineCommand') return command;
      return (...args: unknown[]) =>
        steps.through(reads.has(name) ? 'read' : 'write', described(name, args), () =>
          command(...args),
        );
    },
  });
}

function heldUpSpool(spool: Spool, steps: Steps): Spool {
  return {
    keep: (entry) => steps.through('file', `keep ${entry.kind}`, () => spool.keep(entry)),
    names: () => steps.through('file', 'names', () => spool.names()),
    read: (name) => steps.through('file', 'read', () => spool.read(name)),
    remove: (name) => steps.through('file', 'remove', () => spool.remove(name)),
  };
}

/** A command in a few words: its name, the kinds of its keys, the states it writes. */
function described(name: string, args: readonly unknown[]): string {
  const words = args
    .map(String)
    .flatMap(
      (arg) => /"state":"([a-z-]+)"/.exec(arg)?.[1] ?? /:([a-z]+)(?::\{|$)/.exec(arg)?.[1] ?? [],
    )
    .map(String);
  return [name, ...words].join(' ');
}

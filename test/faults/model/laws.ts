import {
  arrows,
  heldTokenOf,
  leaseOf,
  type Activation,
} from '../../../src/activation/activation.js';
import { candidatePlace } from '../../../src/activation/places.js';
import { credentialPlace } from '../../../src/credentials/credential.js';
import type { Effect, Task } from './steps.js';
import { atStore, recordsOf, type LateCall, type Records, type World } from './world.js';

/** A step that our records took. */
interface Change {
  readonly before: Records;
  readonly after: Records;
  readonly by: Task;
}

/** What a task has last written that it is about to do. */
interface Announcement {
  readonly state: Activation['state'];
  readonly at: number;
  readonly attempt: string | undefined;
  readonly generation: number;
  /** The end of the lease it was made under. */
  readonly until: number;
}

/** A token that the store has given for a call. */
export interface Given {
  readonly kind: 'request' | 'access';
  readonly token: string;
  readonly announced: Announcement;
  readonly task: Task;
  /** Whether its answer reached the task. */
  readonly isDelivered: boolean;
}

export type Laws = ReturnType<typeof newLaws>;

/** Watches every step of one integration, and throws at the first that may not be. */
export function newLaws(world: World) {
  /** Every change of state so far, as `from → to`. */
  const walked = new Set<string>();
  let seen: Records = { activation: undefined, credential: undefined };
  let time = 0;
  let disconnectedAt = -1;
  /** When a POST last changed the record: it takes the place of a diagnosis. */
  let postedAt = -1;
  const announced = new Map<Task, Announcement>();
  const underWay = new Map<Effect | LateCall, Announcement>();
  const given = new Map<string, Given>();
  const callsToForger = world.forger.calls();

  /** The laws that hold for every change, each with what to say when it is broken. */
  const broken = ({ before, after, by }: Change): string | undefined => {
    const [was, is] = [before.activation, after.activation];
    const [had, has] = [before.credential, after.credential];
    if (was && !is) return 'a record vanished';
    if (is && was?.version !== is.version) {
      if (is.version !== (was?.version ?? 0) + 1) return 'a version was left out or came back';
      if (was && was.state !== is.state && !arrows[was.state].includes(is.state))
        return `no arrow leads from ${was.state} to ${is.state}`;
      if (was && is.generation !== was.generation + (is.state === 'disconnected' ? 1 : 0))
        return 'the generation changed without a disconnect, or did not change with one';
    } else if (JSON.stringify(was) !== JSON.stringify(is)) return 'a change without a version';
    const isReplaced = tokenOf(had) !== tokenOf(has);
    if (isReplaced && has && (is?.state !== 'connected' || was === is))
      return 'a credential came without its activation';
    if (isReplaced && !has && is?.state !== 'disconnected') return 'a credential went';
    if (has && openSecret(has) !== world.integration.consumerSecret)
      return 'a credential has a secret that is not the store’s';
    if (has && has.storeBaseUrl !== world.storeUrl) return 'a credential names another store';
    if (by.kind === 'post') return brokenByPost({ before, after, by });
    return lostToken({ before, after, by });
  };

  function brokenByPost({ before, after }: Change): string | undefined {
    const [was, is] = [before.activation, after.activation];
    if (JSON.stringify(before.credential) !== JSON.stringify(after.credential))
      return 'a POST changed a credential';
    if (!was || !is) return undefined;
    if (JSON.stringify(heldTokenOf(was)) !== JSON.stringify(heldTokenOf(is)))
      return 'a POST changed a held request token';
    const rest = ({ candidates: _, version: __, ...others }: Activation) => JSON.stringify(others);
    if ((leaseOf(was) ?? was.state === 'connected') && rest(was) !== rest(is))
      return 'a POST changed an exchange or a connection';
    return undefined;
  }

  /** What the store still takes must not be thrown away, but by an operator. */
  function lostToken({ before, after }: Change): string | undefined {
    const row = atStore(world)?.tokens[0];
    const held = before.activation && openHeld(before.activation);
    const isTaken = row?.type === 'request' && row.token === held;
    const stillHas = after.activation && openHeld(after.activation) === held;
    const isForgotten = after.activation?.state === 'disconnected';
    return isTaken && !stillHas && !isForgotten ? 'a held request token was dropped' : undefined;
  }

  const openHeld = (activation: Activation): string | undefined => {
    const held = heldTokenOf(activation);
    const place = held && candidatePlace(activation.consumerKey, held.storeBaseUrl);
    return held && place && world.ring.open(held.token, place('requestToken'));
  };
  const tokenOf = (credential: Records['credential']) =>
    credential &&
    world.ring.open(credential.accessToken, credentialPlace(credential, 'accessToken'));
  const openSecret = (credential: NonNullable<Records['credential']>) =>
    world.ring.open(credential.consumerSecret, credentialPlace(credential, 'consumerSecret'));

  function note({ before, after, by }: Change): void {
    const is = after.activation;
    if (!is || is.version === before.activation?.version) return;
    walked.add(`${before.activation?.state ?? 'none'} → ${is.state}`);
    if (by.kind === 'post') postedAt = time;
    if (is.state === 'disconnected') disconnectedAt = time;
    const lease = leaseOf(is);
    const { state, generation } = is;
    const until = lease?.until.getTime() ?? 0;
    announced.set(by, { state, at: time, attempt: lease?.attempt, generation, until });
  }

  return {
    given,
    walked,
    seen: () => seen,
    tokenOf,
    openHeld,
    disconnectedAt: () => disconnectedAt,
    postedAt: () => postedAt,

    /** Before a call leaves: it is written that it will, and no other of a live owner is under way. */
    beforeCall(effect: Effect): void {
      time += 1;
      if (effect.what === 'rest') return;
      const own = announced.get(effect.task);
      const expected = effect.what === 'request' ? 'requesting' : 'accessing';
      if (own?.state !== expected) throw new Error(`${effect.what} call that was not announced`);
      const now = world.now().getTime();
      const isStalled = own.until <= now;
      for (const other of underWay.values()) {
        if (isStalled || other.until <= now || other.generation !== own.generation) continue;
        if (other.attempt !== own.attempt) throw new Error('two calls at once for one key');
      }
      underWay.set(effect, own);
    },

    /** After a call: what it changed at the store was given to its task, if that heard of it. */
    afterCall(effect: Effect, firstToken: string | undefined, isDelivered: boolean): void {
      underWay.delete(effect);
      if (effect.what === 'rest') return;
      const row = atStore(world)?.tokens[0];
      const own = announced.get(effect.task);
      if (!row || !own || row.type === 'verifier' || row.token === firstToken) return;
      given.set(row.token, {
        kind: row.type,
        token: row.token,
        announced: own,
        task: effect.task,
        isDelivered,
      });
    },

    /** A call whose caller has given up on it is still under way. */
    leftAlone(effect: Effect, late: LateCall): void {
      const own = announced.get(effect.task);
      underWay.delete(effect);
      if (effect.what !== 'rest' && own) underWay.set(late, own);
    },
    lateCallEnded: (late: LateCall): boolean => underWay.delete(late),

    /** After any effect: every change was a legal one. */
    async afterEffect(effect: Effect): Promise<void> {
      time += 1;
      if (world.forger.calls() > callsToForger) throw new Error('a call to the forger’s host');
      if (effect.kind !== 'write') return;
      const change: Change = { before: seen, after: await recordsOf(world), by: effect.task };
      seen = change.after;
      note(change);
      const sentence = broken(change);
      if (sentence !== undefined) throw new Error(sentence);
      const token = tokenOf(seen.credential);
      const grant = token === undefined ? undefined : given.get(token);
      if (token !== undefined && grant?.kind !== 'access')
        throw new Error('a credential that was never granted');
      if (grant && grant.announced.at < disconnectedAt)
        throw new Error('a credential from before a disconnect');
    },

    /** A merchant who is told that the store is connected finds it so, unless it was disconnected meanwhile. */
    afterTask({ kind, outcome, metRedisFault }: Task, begunAt: number): void {
      if (outcome?.startsWith('!') && !metRedisFault)
        throw new Error(`${kind} ended with ${outcome}`);
      if (kind !== 'sign-in' || outcome !== 'connected' || disconnectedAt >= begunAt) return;
      if (!seen.credential) throw new Error('a sign-in returned without a credential');
    },

    time: () => time,

    /** Redis has forgotten the activation: its life was over. */
    forgotten(): void {
      seen = { ...seen, activation: undefined };
    },
  };
}

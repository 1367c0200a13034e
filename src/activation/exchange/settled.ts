import type { ErrorCode } from '../../errors.js';
import { heldTokenOf, type Activation } from '../activation.js';
import { common } from './ownership.js';

/**
 * The record of an exchange that has ended without a credential, by how its last call ended. The lease goes, but
 * after an access call without an answer: a second call beside one that is still at work may kill its token.
 */
export function settled(current: Activation, code: ErrorCode, at: Date): Activation {
  const isUnanswered = code === 'store_no_reply' || code === 'store_timeout';
  if (current.state === 'accessing' && isUnanswered) {
    return {
      ...current,
      version: current.version + 1,
      failure: { code: 'grant_lost', at },
    };
  }
  const failure = { code, at };
  const heldToken = heldTokenOf(current);
  if (current.state === 'accessing' && code === 'already_granted') {
    // The verifiers of the POSTs before the token are spent.
    const { obtainedAt } = current.heldToken;
    const candidates = current.candidates.filter(({ receivedAt }) => receivedAt > obtainedAt);
    return { ...common(current), candidates, state: 'needs-reauthorize', failure };
  }
  if (heldToken) return { ...common(current), state: 'authorized', heldToken, failure };
  const state = code === 'verifier_spent' ? 'needs-recreate' : 'failed';
  return { ...common(current), state, failure };
}

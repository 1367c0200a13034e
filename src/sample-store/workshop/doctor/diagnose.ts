import type { Evidence } from '../evidence.js';
import { addressMistakes } from './address-mistakes.js';
import { baseStringBy } from './base-string-by.js';
import { encodingMistakes } from './encoding-mistakes.js';
import { generationMistakes } from './generation-mistakes.js';
import { keyMistakes } from './key-mistakes.js';
import type { Mistake } from './mistake.js';
import { parameterMistakes } from './parameter-mistakes.js';
import { pathMistakes } from './path-mistakes.js';
import { signatureMistakes } from './signature-mistakes.js';
import {
  baseStringOf,
  givenSignature,
  rightSigning,
  type Signing,
  signatureOf,
} from './signing.js';

/** Mistakes that are made whatever the base string is. */
const beyondTheBaseString: readonly Mistake[] = [...keyMistakes, ...signatureMistakes];

/**
 * Every mistake that the doctor knows, the plainer ones first: where one of them explains what another release would
 * take, it is the finding. A path that is decoded as other releases do it is theirs.
 */
export const mistakes: readonly Mistake[] = [
  ...beyondTheBaseString,
  ...addressMistakes,
  ...parameterMistakes,
  ...encodingMistakes,
  ...generationMistakes,
  ...pathMistakes,
];

/** What a mistake is called, and what to do about it. */
export type Finding = Pick<Mistake, 'name' | 'advice'>;

/** What the doctor says of a call's signature. */
export interface Diagnosis {
  /**
   * `unsigned`: there is no signature. `unknown`: the secrets that it needs are not known here. `matches`: it is
   * right. `explained`: the findings, all of them together, reproduce it. `unexplained`: nothing does.
   */
  readonly verdict: 'unsigned' | 'unknown' | 'matches' | 'explained' | 'unexplained';
  /** The store's base string; `undefined` where PHP fails at it. */
  readonly ours: string | undefined;
  /** The base string that the caller signed, where it is known. */
  readonly theirs?: string;
  readonly findings: readonly Finding[];
}

/** Looks for the mistake, or the two, by which the call's signature comes about. */
export function diagnose(evidence: Evidence): Diagnosis {
  const ours = baseStringBy(evidence.generation, evidence.request);
  const given = givenSignature(evidence);
  if (given === undefined) return { verdict: 'unsigned', ours, findings: [] };
  const right = rightSigning(evidence);
  if (!right) return { verdict: 'unknown', ours, findings: [] };
  if (ours !== undefined && signatureOf({ ...right, base: ours }) === given) {
    return { verdict: 'matches', ours, theirs: ours, findings: [] };
  }
  const search = searchFor(given);
  const explanation =
    ofTheStandard(right, search) ??
    ofSecrets(right, evidence, search, ours) ??
    ofMistakes(right, evidence, search, 1) ??
    ofMistakes(right, evidence, search, 2);
  return explanation
    ? { verdict: 'explained', ours, ...explanation }
    : { verdict: 'unexplained', ours, findings: [] };
}

type Explanation = Pick<Diagnosis, 'findings'> & { readonly theirs: string };

/**
 * How much is signed before the doctor gives up, in characters: the work of about a second. For a call of some
 * thousand parameters it would otherwise be minutes, in which the store answers nobody.
 */
const mostSigned = 25_000_000;

type Search = ReturnType<typeof searchFor>;

function searchFor(given: string) {
  let signed = 0;

  return {
    isOver: () => signed > mostSigned,
    /** Whether this gives the signature that was sent. */
    isFoundIn(signing: Signing): boolean {
      const base = baseStringOf(signing);
      signed += base.length;
      return signatureOf({ ...signing, base }) === given;
    },
  };
}

function ofTheStandard(right: Signing, search: Search): Explanation | undefined {
  if (!search.isFoundIn(right)) return undefined;
  const advice =
    'The call is signed as RFC 5849 says, and this release of Magento reads the address in another way. Respell it: in the query no `+`, no bare names, no dots or spaces in names, one `=` in each pair, no name twice; in the path no escaped punctuation such as `%2F`.';
  return { theirs: baseStringOf(right), findings: [{ name: 'as-the-standard-says', advice }] };
}

/** The store's own base string, and a mistake in what is made of it. */
function ofSecrets(right: Signing, evidence: Evidence, search: Search, ours: string | undefined) {
  if (ours === undefined) return undefined;
  return ofMistakes({ ...right, base: ours }, evidence, search, 1, beyondTheBaseString);
}

/** Tries one mistake, or each two together. */
function ofMistakes(
  signing: Signing,
  evidence: Evidence,
  search: Search,
  depth: 1 | 2,
  candidates = mistakes,
): Explanation | undefined {
  for (const [index, { name, advice, variants }] of candidates.entries()) {
    for (const wrong of variants(signing, evidence)) {
      if (search.isOver()) return undefined;
      const found =
        depth === 2
          ? ofMistakes(wrong, evidence, search, 1, candidates.slice(index + 1))
          : search.isFoundIn(wrong) && { theirs: baseStringOf(wrong), findings: [] };
      if (found) return { ...found, findings: [{ name, advice }, ...found.findings] };
    }
  }
  return undefined;
}

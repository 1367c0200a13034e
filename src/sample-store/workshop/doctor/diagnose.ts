import { baseStringsOf } from '../base-strings.js';
import type { Evidence } from '../evidence.js';
import { addressMistakes } from './address-mistakes.js';
import { encodingMistakes } from './encoding-mistakes.js';
import { keyMistakes } from './key-mistakes.js';
import type { Mistake } from './mistake.js';
import { parameterMistakes } from './parameter-mistakes.js';
import { signatureMistakes } from './signature-mistakes.js';
import {
  baseStringOf,
  givenSignature,
  rightSigning,
  type Signing,
  signatureOf,
} from './signing.js';

/** Every mistake that the doctor knows. */
export const mistakes: readonly Mistake[] = [
  ...keyMistakes,
  ...signatureMistakes,
  ...addressMistakes,
  ...parameterMistakes,
  ...encodingMistakes,
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
  const bases = baseStringsOf(evidence.request);
  const ours = bases.get(evidence.generation);
  const given = givenSignature(evidence);
  if (given === undefined) return { verdict: 'unsigned', ours, findings: [] };
  const right = rightSigning(evidence);
  if (!right) return { verdict: 'unknown', ours, findings: [] };
  if (ours !== undefined && signatureOf(right, ours) === given) {
    return { verdict: 'matches', ours, theirs: ours, findings: [] };
  }
  const explanation =
    ofAnotherGeneration(bases, right, given) ??
    ofTheStandard(right, given) ??
    ofMistakes(right, evidence, given, 1) ??
    ofMistakes(right, evidence, given, 2);
  return explanation
    ? { verdict: 'explained', ours, ...explanation }
    : { verdict: 'unexplained', ours, findings: [] };
}

type Explanation = Pick<Diagnosis, 'findings'> & { readonly theirs: string };

const releasesOf = {
  zend: 'up to 2.4.5',
  laminas: '2.4.6 and 2.4.7',
  magento: 'from 2.4.8 on',
} as const;

function ofAnotherGeneration(
  bases: ReturnType<typeof baseStringsOf>,
  right: Signing,
  given: string,
): Explanation | undefined {
  for (const [generation, theirs] of bases) {
    if (signatureOf(right, theirs) !== given) continue;
    const advice = `The call is signed as releases ${releasesOf[generation]} do it, and this store is another. Respell the address so that all releases sign it alike.`;
    return { theirs, findings: [{ name: 'another-generation', advice }] };
  }
  return undefined;
}

function ofTheStandard(right: Signing, given: string): Explanation | undefined {
  if (signatureOf(right) !== given) return undefined;
  const advice =
    'The call is signed as RFC 5849 says, and this release of Magento reads its parameters in another way. Respell the address: no `+`, no bare names, no dots or spaces in names, one `=` in each pair, no name twice.';
  return { theirs: baseStringOf(right), findings: [{ name: 'as-the-standard-says', advice }] };
}

/** Tries one mistake, or each two together. */
function ofMistakes(
  signing: Signing,
  evidence: Evidence,
  given: string,
  depth: 1 | 2,
  candidates = mistakes,
): Explanation | undefined {
  for (const [index, { name, advice, variants }] of candidates.entries()) {
    for (const wrong of variants(signing, evidence)) {
      const found =
        depth === 2
          ? ofMistakes(wrong, evidence, given, 1, candidates.slice(index + 1))
          : signatureOf(wrong) === given && { theirs: baseStringOf(wrong), findings: [] };
      if (found) return { ...found, findings: [{ name, advice }, ...found.findings] };
    }
  }
  return undefined;
}

import type { Evidence } from '../evidence.js';
import type { Signing } from './signing.js';

/** A well-known way to get a signature wrong. */
export interface Mistake {
  readonly name: string;
  /** What was done, and what to do, in one or two sentences. */
  readonly advice: string;
  /** What the signing becomes by it; several where it can be made in several ways. */
  readonly variants: (signing: Signing, evidence: Evidence) => Iterable<Signing>;
}

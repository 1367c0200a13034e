import type { z } from 'zod';

/** Where a fault can strike: at the activation POST, at one of the token calls, or at a REST call. */
export type Place = 'post' | 'request' | 'access' | 'rest';

/** What is known of a fault by its name. */
export interface FaultKind {
  readonly at: readonly Place[];
  /** What happens, in a sentence. */
  readonly does: string;
  /** What it stands for. */
  readonly situation: string;
  /** The heading of docs/magento.md that tells more of it. */
  readonly heading: string;
  /** What must be said beside the name and the place. Each schema describes itself in a few words. */
  readonly takes: Readonly<Record<string, z.ZodType>>;
  /** One of its kind, spelled as on the command line. */
  readonly example: string;
}

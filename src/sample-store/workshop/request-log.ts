import type { Place } from '../faults/fault-kind.js';
import type { Evidence } from './evidence.js';

/** How many requests a store remembers. */
const kept = 500;

/** A request as it came or, at the place `post`, as it left. */
export interface SeenRequest {
  readonly place: Place;
  readonly method: string;
  /** The raw request target; of an activation POST the whole address. */
  readonly target: string;
  /** Name and value by turns, as node:http has them in `rawHeaders`. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
  /** The fault that struck, in the command line's spelling. */
  readonly fault?: string | undefined;
  /** What the store knew of a signed call at that moment. */
  readonly evidence?: Evidence;
}

/** What came of a request. Without a status there was no answer. */
export interface Outcome {
  readonly status?: number | undefined;
  /** The refusal in words, or why there was no answer. */
  readonly problem?: string | undefined;
  /** The beginning of the answer. */
  readonly reply?: string;
}

/** A request, since when it is known, and what came of it; nothing yet while it is under way. */
export interface LoggedRequest extends SeenRequest {
  /** Counts from 1 and never again. */
  readonly number: number;
  readonly at: Date;
  outcome?: Outcome;
}

/** The requests of one store. */
export type RequestLog = ReturnType<typeof requestLog>;

/** Remembers the last 500 requests, with all that is in them: secrets, too. */
export function requestLog({ now }: { now: () => Date }) {
  const requests: LoggedRequest[] = [];
  let count = 0;

  return {
    /** Keeps a request; call what it returns with the outcome. */
    began(request: SeenRequest): (outcome: Outcome) => void {
      count += 1;
      const entry: LoggedRequest = { ...request, number: count, at: now() };
      requests.unshift(entry);
      requests.splice(kept);
      return (outcome) => {
        entry.outcome = outcome;
      };
    },
    /** The newest first. */
    all: (): readonly LoggedRequest[] => requests,
    byNumber: (number: number): LoggedRequest | undefined =>
      requests.find((request) => request.number === number),
  };
}

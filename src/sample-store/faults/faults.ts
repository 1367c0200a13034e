import type { z } from 'zod';
import type { Place } from './fault-kind.js';
import type { faultKinds } from './fault-kinds.js';

type Kinds = typeof faultKinds;

/** The name of a fault. */
export type FaultName = keyof Kinds;

type Parameters<Takes extends Record<string, z.ZodType>> = {
  readonly [P in keyof Takes as undefined extends z.output<Takes[P]> ? never : P]: z.output<
    Takes[P]
  >;
} & {
  readonly [P in keyof Takes as undefined extends z.output<Takes[P]> ? P : never]?: z.output<
    Takes[P]
  >;
};

/** Every fault of the catalogue that can strike at one of these places. */
type FaultsAt<At extends Place> = {
  [Name in FaultName as At & Kinds[Name]['at'][number] extends never ? never : Name]: {
    readonly at: At & Kinds[Name]['at'][number];
    readonly do: Name;
    /** How many times; without it, every time. */
    readonly times?: number;
  } & Parameters<Kinds[Name]['takes']>;
};

/** What stands between a client and the store, or goes wrong in it, at one of the signed calls. */
export type CallFault = FaultsAt<'request' | 'access' | 'rest'>[keyof FaultsAt<
  'request' | 'access' | 'rest'
>];

/** What goes wrong with the activation POST. */
export type PostFault = FaultsAt<'post'>[keyof FaultsAt<'post'>];

/** The only ways in which a sample store misbehaves. */
export type Fault = CallFault | PostFault;

/** A fault and how often it will still strike; without a number, for good. */
export interface FaultInForce {
  readonly fault: Fault;
  readonly left: number | undefined;
}

/** The faults in force, used up one by one. */
export type Faults = ReturnType<typeof faultList>;

/** Keeps the faults of one store. The first that fits a call is taken. */
export function faultList(initial: readonly Fault[]) {
  let pending = initial.map(counted);

  function take<F extends Fault>(fits: (fault: Fault) => fault is F): F | undefined {
    for (const entry of pending) {
      if (entry.left > 0 && fits(entry.fault)) {
        entry.left -= 1;
        return entry.fault;
      }
    }
    return undefined;
  }

  return {
    set(faults: readonly Fault[]): void {
      pending = faults.map(counted);
    },
    add(faults: readonly Fault[]): void {
      pending.push(...faults.map(counted));
    },
    inForce: (): readonly FaultInForce[] =>
      pending
        .filter(({ left }) => left > 0)
        .map(({ fault, left }) => ({ fault, left: left === Infinity ? undefined : left })),
    takeFor: (at: CallFault['at']): CallFault | undefined =>
      take((fault): fault is CallFault => fault.at === at),
    takeForPost: (): PostFault | undefined =>
      take((fault): fault is PostFault => fault.at === 'post'),
  };
}

function counted(fault: Fault) {
  return { fault, left: fault.times ?? Infinity };
}

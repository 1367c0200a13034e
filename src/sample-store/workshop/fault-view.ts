import type { z } from 'zod';
import { faultKinds } from '../faults/fault-kinds.js';
import type { FaultInForce } from '../faults/faults.js';
import { faultNames, faultSpec } from '../faults/read-fault.js';

/** The page of faults and of the clock. `problem` says what is wrong with a form that was sent. */
export function faultView(inForce: readonly FaultInForce[], now: Date, problem = '') {
  return {
    title: 'Faults and clock',
    problem,
    now: now.toISOString(),
    inForce: inForce.map(({ fault, left }) => ({
      spec: faultSpec(fault),
      left: left === undefined ? 'every time' : `${left} more`,
    })),
    kinds: faultNames.map((name) => {
      const { at, does, situation, heading, takes, example } = faultKinds[name];
      const inputs = Object.entries<z.ZodType>(takes).map(([parameter, schema]) => ({
        name: parameter,
        hint: schema.description ?? '',
        isRequired: !schema.safeParse(undefined).success,
      }));
      return { name, at, does, situation, heading, example, inputs };
    }),
  };
}

/** The faults in force as JSON has them; `left` is null for one that lasts. */
export function faultsJson(inForce: readonly FaultInForce[]) {
  return inForce.map(({ fault, left }) => ({ ...fault, left: left ?? null }));
}

import { z } from 'zod';
import { faultKinds } from './fault-kinds.js';
import { numeral } from './fault-parameters.js';
import type { Fault, FaultName } from './faults.js';

const times = numeral(z.number().int().min(1).max(999_999)).optional();

/** The names of all faults, in the order of the catalogue. */
export const faultNames = Object.keys(faultKinds) as readonly FaultName[];

/**
 * Reads a fault from an object: `{"at":"access","do":"drop-after","times":1}`. Numbers may be text.
 *
 * @throws TypeError with one sentence that says what is wrong.
 */
export function readFault(value: unknown): Fault {
  const name = z.object({ do: z.string() }).safeParse(value).data?.do;
  if (name === undefined) throw new TypeError('A fault is an object with "at" and "do".');
  if (!isFaultName(name)) {
    throw new TypeError(`There is no fault "${name}". There are: ${faultNames.join(', ')}.`);
  }
  const { at, takes } = faultKinds[name];
  const result = z
    .strictObject({ do: z.literal(name), at: z.enum(at), times, ...takes })
    .safeParse(value);
  if (result.success) return withoutUndefined(result.data) as unknown as Fault;
  throw new TypeError(`Fault "${name}": ${result.error.issues.map(sentence).join('; ')}.`);
}

/**
 * Reads a fault from the command line's spelling: the name, `@` and the place, then each parameter after a
 * comma, by its name: `slow@post,ms=7000,times=1`. A comma belongs to the value if no `name=` follows it.
 *
 * @throws TypeError with one sentence that says what is wrong.
 */
export function readFaultSpec(spec: string): Fault {
  const [head = '', ...pairs] = spec.split(/,(?=[a-z]+=)/);
  const [, name, at] = /^([a-z0-9-]+)@([a-z]+)$/.exec(head) ?? [];
  if (name === undefined) {
    throw new TypeError(`"${spec}" is no fault. Write it as in ${faultKinds.slow.example}.`);
  }
  const parameters = pairs.map((pair): [string, string] => {
    const [parameter = '', ...value] = pair.split('=');
    return [parameter, value.join('=')];
  });
  const twice = parameters.find(([one], index) =>
    parameters.slice(0, index).some(([other]) => other === one),
  );
  if (twice) throw new TypeError(`Fault "${name}": ${twice[0]} stands there twice.`);
  return readFault({ ...Object.fromEntries(parameters), do: name, at });
}

/** A fault in the command line's spelling. */
export function faultSpec({ do: name, at, ...parameters }: Fault): string {
  const pairs = Object.entries(parameters).map(([parameter, value]) => `,${parameter}=${value}`);
  return `${name}@${at}${pairs.join('')}`;
}

function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(faultKinds, name);
}

function sentence(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `it takes no ${issue.keys.join(', ')}`;
  return `${issue.path.join('.')}: ${issue.message}`;
}

function withoutUndefined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

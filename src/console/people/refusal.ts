import type { z } from 'zod';
import type { Problem } from '../../sign-in/sign-in-view.js';

/** Why a form was not done, and the status that says so. */
export type Refusal = Problem & { readonly status: number };

/** What stands in a form, or which of its fields is wrong, by the names that people see. */
export function readFields<Fields>(
  schema: z.ZodType<Fields>,
  labels: Readonly<Record<string, string>>,
  body: unknown,
): Fields | Refusal {
  const { data, error } = schema.safeParse(body ?? {});
  if (!error) return data;
  const { path, message } = error.issues[0] ?? { path: [], message: '' };
  return refusal(400, `${labels[String(path[0])] ?? 'The form'} ${message}.`);
}

/** Says that nothing was done. */
export function refusal(status: number, text: string, next = 'Nothing was done.'): Refusal {
  return { status, text, next };
}

export function isRefusal(read: object): read is Refusal {
  return 'status' in read;
}

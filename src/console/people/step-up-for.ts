import type { Response } from 'express';
import type { Logger } from '../../log.js';
import { stepUp, type StepUpDeps } from '../../sign-in/step-up.js';
import { operatorOf } from '../require-operator.js';
import type { Refusal } from './refusal.js';

/** `stepUp` for a change to an account; that it was refused is logged. */
export async function stepUpFor(
  deps: StepUpDeps & { readonly log: Logger },
  res: Response,
  account: string,
  body: unknown,
): Promise<Refusal | undefined> {
  const problem = await stepUp(deps, res, body);
  if (problem) deps.log.warn({ event: 'change_refused', account, by: operatorOf(res).name });
  return problem;
}

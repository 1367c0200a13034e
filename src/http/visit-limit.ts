import type { Request, RequestHandler, Response } from 'express';
import { AppError } from '../errors.js';
import { networkOf } from './network-of.js';

/** Counts by key in windows that all processes share; answers what has been counted, and when that is forgotten. */
export interface VisitCounter {
  add(
    this: void,
    key: string,
    points: number,
  ): Promise<{ readonly count: number; readonly resetMs: number }>;
}

/** What a counter of visits counts in: so many seconds. */
export const visitWindowSeconds = 300;

/** Of one network: an office of a hundred signs in together and has room to spare, a flood soon has not. */
export const mostVisits = 3_000;

/** Bounds the visits of one network; it stands in front of what makes sessions and checks passwords. */
export function visitLimit(deps: { readonly visits: VisitCounter }): RequestHandler {
  return async (req, res, next) => {
    await countVisit(deps, req, res);
    next();
  };
}

/** @throws AppError `too_many_requests`, once the answer says when to come again, if it was one visit too many. */
export async function countVisit(
  { visits }: { readonly visits: VisitCounter },
  req: Request,
  res: Response,
): Promise<void> {
  const { count, resetMs } = await visits.add(networkOf(req.ip ?? ''), 1);
  if (count <= mostVisits) return;
  res.set('Retry-After', String(Math.max(1, Math.ceil(resetMs / 1000))));
  throw new AppError('too_many_requests', `more than ${mostVisits} visits of one network`);
}

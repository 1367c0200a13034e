import type { Request, RequestHandler, Response } from 'express';
import { refuseBeyond, type Counter } from './counter.js';
import { networkOf } from './network-of.js';

/** What a counter of visits counts in: so many seconds. */
export const visitWindowSeconds = 300;

/** Of one network: an office of a hundred signs in together and has room to spare, a flood soon has not. */
export const mostVisits = 3_000;

/** Bounds the visits of one network; it stands in front of what makes sessions and checks passwords. */
export function visitLimit(deps: { readonly visits: Counter }): RequestHandler {
  return async (req, res, next) => {
    await countVisit(deps, req, res);
    next();
  };
}

/** @throws AppError `too_many_requests`, once the answer says when to come again, if it was one visit too many. */
export async function countVisit(
  { visits }: { readonly visits: Counter },
  req: Request,
  res: Response,
): Promise<void> {
  refuseBeyond(mostVisits, await visits.add(networkOf(req.ip ?? ''), 1), res, 'too_many_requests');
}

import type { Request, Response } from 'express';
import { refuseBeyond, type Counter } from '../http/counter.js';
import { networkOf } from '../http/network-of.js';

export type RegistrationCounters = ReturnType<typeof registrationCounters>;

/** The counters of accounts that people made themselves, and of the names that were asked for. */
export function registrationCounters(counter: (name: string, seconds: number) => Counter) {
  return { made: counter('registrations', 3600), asked: counter('registration-names', 3600) };
}

/** In an hour: accounts of one network and of all, and names that one network may ask for. */
export const most = { made: 10, madeInAll: 300, asked: 60 };

/** Stands for all networks together; no network has such a name. */
const everybody = 'all';

/**
 * Bounds the names that a network asks for: the answer says whether there is such an account.
 *
 * @throws AppError `too_many_accounts`, once the answer says when to come again.
 */
export async function countName(
  { asked }: RegistrationCounters,
  req: Request,
  res: Response,
): Promise<void> {
  const count = await asked.add(networkOf(req.ip ?? ''), 1);
  refuseBeyond(most.asked, count, res, 'too_many_accounts');
}

/**
 * Makes an account, if there is room for one more, of this network and of all. It is counted before it is made, so that
 * many at once find no more room than one after another; what is not made does not count.
 *
 * @throws AppError `too_many_accounts`, once the answer says when to come again.
 */
export async function withinLimit(
  { made }: RegistrationCounters,
  req: Request,
  res: Response,
  make: () => Promise<boolean>,
): Promise<boolean> {
  const ofNetwork = { counter: made, key: networkOf(req.ip ?? ''), limit: most.made, res };
  const ofAll = { counter: made, key: everybody, limit: most.madeInAll, res };
  return counted(ofNetwork, () => counted(ofAll, make));
}

async function counted(
  to: { counter: Counter; key: string; limit: number; res: Response },
  make: () => Promise<boolean>,
): Promise<boolean> {
  let isMade = false;
  try {
    refuseBeyond(to.limit, await to.counter.add(to.key, 1), to.res, 'too_many_accounts');
    isMade = await make();
    return isMade;
  } finally {
    if (!isMade) await to.counter.add(to.key, -1);
  }
}

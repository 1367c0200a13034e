import type { Release, ReleaseTraits } from '../releases.js';
import type { StoreData } from '../webapi/data/store-data.js';
import { type People, people } from './people.js';
import { type RequestThrottler, requestThrottler } from './request-throttler.js';
import { type Sessions, sessionTable } from './sessions.js';
import type { TwoFactor } from './two-factor.js';
import { type UserTokens, userTokens } from './user-tokens.js';

/** What a store knows of the people who sign in to it, and how they do. */
export interface Users {
  readonly now: () => Date;
  readonly traits: ReleaseTraits;
  readonly twoFactor: TwoFactor;
  readonly people: People;
  readonly throttler: RequestThrottler;
  readonly tokens: UserTokens;
  readonly customerSessions: Sessions;
  readonly adminSessions: Sessions;
}

/** Throws a RangeError for two-factor authentication in a release that comes without it. */
export function storeUsers({
  now,
  release,
  traits,
  twoFactor,
  data,
}: {
  readonly now: () => Date;
  readonly release: Release;
  readonly traits: ReleaseTraits;
  readonly twoFactor: TwoFactor;
  readonly data: StoreData;
}): Users {
  if (twoFactor !== 'off' && !traits.twoFactor) {
    throw new RangeError(`Magento ${release} comes without two-factor authentication.`);
  }
  return {
    now,
    traits,
    twoFactor,
    people: people(data),
    throttler: requestThrottler({ now }),
    tokens: userTokens({ now, traits }),
    customerSessions: sessionTable({ now, cookie: 'PHPSESSID' }),
    adminSessions: sessionTable({ now, cookie: 'admin' }),
  };
}

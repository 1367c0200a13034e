import { bearerTokenOf } from '../webapi/bearer-token.js';
import type { UserContext } from '../webapi/caller.js';
import type { Users } from './users.js';

/** Tells an admin or a customer by their token as Bearer. One that is no good any more says nothing. */
export function userTokenContext({ tokens, people }: Users): UserContext {
  return ({ authorization }) => {
    const token = bearerTokenOf(authorization);
    const owner = token === undefined ? undefined : tokens.ownerOf(token);
    return owner && people.callerOf(owner);
  };
}

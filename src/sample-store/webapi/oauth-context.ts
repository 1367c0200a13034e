import type { Tables } from '../oauth/oauth-checks.js';
import { callerOf } from '../oauth/token-exchange.js';
import type { UserContext } from './caller.js';

/** Tells an integration by the signature of its call. An integration that is not active is nobody. */
export function oauthContext(tables: Tables): UserContext {
  return (request) => {
    const integration = callerOf(tables, request);
    return integration && { kind: 'integration', resources: integration.resources };
  };
}

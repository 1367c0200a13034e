import type { Integrations } from '../integrations/integrations.js';
import { bearerTokenOf } from './bearer-token.js';
import type { UserContext } from './caller.js';

/**
 * Tells an integration by its access token as Bearer, where the store allows that. A Bearer that is no good says
 * nothing: its caller is a guest.
 *
 * @see docs/magento.md, "REST with the access token"
 */
export function integrationBearerContext({
  integrations,
  integrationBearer,
}: {
  readonly integrations: Integrations;
  readonly integrationBearer: boolean;
}): UserContext {
  return ({ authorization }) => {
    const token = bearerTokenOf(authorization);
    if (!integrationBearer || token === undefined) return undefined;
    const owner = integrations.byToken(token);
    const row = owner?.tokens.find((candidate) => candidate.token === token);
    return row?.type === 'access' && owner
      ? { kind: 'integration', resources: owner.resources }
      : undefined;
  };
}

import type { IncomingRequest } from '../calls/incoming-request.js';
import type { Integrations } from '../integrations/integrations.js';
import type { ReleaseTraits } from '../releases.js';
import { headerPairs } from './doctor/pairs.js';

/** What a store knew when a signed call came: enough to judge its signature at any later time. */
export interface Evidence {
  readonly request: IncomingRequest;
  readonly generation: ReleaseTraits['baseString'];
  /** `undefined` for a consumer key that this store does not know. */
  readonly consumerSecret: string | undefined;
  /** Empty where no token is named; `undefined` for one that this store does not know. */
  readonly tokenSecret: string | undefined;
  readonly now: Date;
  /** The base URL that the store announces. */
  readonly storeUrl: string;
}

/** What collecting evidence reads. */
export interface EvidenceDeps {
  readonly integrations: Integrations;
  readonly traits: ReleaseTraits;
  readonly now: () => Date;
  readonly storeUrl: () => string;
}

/** The evidence of a call before it is answered: an answer may replace the token that it was signed with. */
export function evidenceOf(deps: EvidenceDeps, request: IncomingRequest): Evidence {
  const named = new Map(headerPairs(request).map(({ name, value }) => [name, value]));
  const token = named.get('oauth_token') ?? '';
  const row = deps.integrations.byToken(token)?.tokens.find((one) => one.token === token);
  return {
    request,
    generation: deps.traits.baseString,
    consumerSecret: deps.integrations.byConsumerKey(named.get('oauth_consumer_key') ?? '')
      ?.consumerSecret,
    tokenSecret: token === '' ? '' : row?.secret,
    now: deps.now(),
    storeUrl: deps.storeUrl(),
  };
}

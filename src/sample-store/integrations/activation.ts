import { setTimeout as delay } from 'node:timers/promises';
import { type LeavingPost, postActivation } from './activation-post.js';
import type { AdminSite } from '../admin/admin-site.js';
import type { Faults } from '../faults/faults.js';
import { faultSpec } from '../faults/read-fault.js';
import type { Integration, Integrations } from './integrations.js';
import type { ReleaseTraits } from '../releases.js';
import { formEncode } from '../php-strings.js';
import type { Outcome, RequestLog } from '../workshop/request-log.js';

/** How an activation went, and where Magento's admin page would go on. */
export interface Activation {
  /** Whether the POST was answered in time, by whatever status. Without that there is no popup. */
  readonly delivered: boolean;
  readonly identityUrl: string;
  readonly consumerKey: string;
  readonly successCallbackUrl: string;
  /** What the admin page opens: the identity link, a `?` whatever it contains, and the two parameters. */
  readonly popupUrl: string;
}

/** What an activation reaches. */
export interface Activating {
  readonly traits: ReleaseTraits;
  readonly integrations: Integrations;
  readonly faults: Faults;
  readonly admin: AdminSite;
  readonly storeUrl: () => string;
  readonly postTimeoutMs: number;
  readonly closing: AbortSignal;
  readonly requestLog: RequestLog;
  readonly activated: (integration: Integration, delivered: boolean) => void;
}

/**
 * Activates an integration: everything is committed before the POST leaves, so the third party may call the
 * token endpoints while it is still being answered. `reauthorize` first takes the access away.
 *
 * Rejects for a release that cannot do it, before anything has changed: its admin page gets a 404 there.
 *
 * @see docs/magento.md, "Token rows"
 */
export async function activate(
  deps: Activating,
  id: number,
  { reauthorize }: { reauthorize: boolean },
): Promise<Activation> {
  if (!deps.traits.handshake) {
    throw new Error('Magento 2.4.2 cannot activate an integration: its own script gets a 404.');
  }
  if (reauthorize) deps.integrations.revoke(id);
  const { integration, verifier } = deps.integrations.beginActivation(id);
  const delivered = await delivers(deps, integration, verifier);
  deps.activated(integration, delivered);
  const successCallbackUrl = deps.admin.url('integration/loginSuccessCallback');
  const { identityUrl, consumerKey } = integration;
  return {
    delivered,
    identityUrl,
    consumerKey,
    successCallbackUrl,
    popupUrl: `${identityUrl}?oauth_consumer_key=${consumerKey}&success_call_back=${formEncode(successCallbackUrl)}`,
  };
}

async function delivers(
  { traits, faults, storeUrl, postTimeoutMs, closing, requestLog }: Activating,
  { endpointUrl, consumerKey, consumerSecret }: Integration,
  verifier: string,
): Promise<boolean> {
  const fault = faults.takeForPost();
  if (fault?.do === 'drop-before') return false;
  if (fault?.do === 'slow') await delay(fault.ms, undefined, { signal: closing });
  const fields = {
    oauth_consumer_key: consumerKey,
    oauth_consumer_secret: consumerSecret,
    store_base_url: fault?.do === 'wrong-base-url' ? fault.url : storeUrl(),
    oauth_verifier: verifier,
  };
  let ended: (outcome: Outcome) => void = () => undefined;
  const leaves = (post: LeavingPost) => {
    const spec = fault && faultSpec(fault);
    const seen = { place: 'post', method: 'POST', target: endpointUrl, fault: spec } as const;
    ended = requestLog.began({ ...seen, ...post });
  };
  try {
    const inTime = AbortSignal.any([closing, AbortSignal.timeout(postTimeoutMs)]);
    const status = await postActivation(endpointUrl, fields, traits.httpClient, inTime, leaves);
    ended({ status });
    return fault?.do !== 'drop-after';
  } catch (error) {
    ended({ problem: error instanceof Error ? error.message : String(error) });
    // Refused, broken off, too late or no address at all: the admin reads one sentence for all of them.
    return false;
  }
}

import type { Activation } from '../../src/activation/activation.js';
import { randomNonce } from '../../src/magento/nonce.js';
import { signedCall } from '../../src/magento/signed-call.js';
import { storeHttp } from '../../src/magento/store-http.js';
import type { Integration } from '../../src/sample-store/integrations/integrations.js';
import { integrationNow } from '../support/popup.js';
import { signIn, until, type App, type Rig } from './rig.js';

/**
 * How an exchange that was interrupted may end, and how it may not: `silent` is access that the store has granted
 * and the app neither holds nor misses, `untraced` any other pair of records that leads the merchant nowhere.
 */
export const outcomes = [
  'completed',
  'recovered',
  'needsReauthorize',
  'needsRecreate',
  'notStarted',
  'silent',
  'untraced',
] as const;

export type Outcome = (typeof outcomes)[number];

export interface Judgement {
  readonly outcome: Outcome;
  /** Both sides' records as they were judged. */
  readonly found: string;
}

/** One integration at the moment its app died. */
export interface Interrupted {
  readonly integration: Integration;
  readonly popupUrl: string;
  readonly hadCredential: boolean;
}

const policy = { hosts: [], allowHttp: true, allowPrivate: true };

/**
 * Waits until nothing moves by itself any more, then compares the store's rows with the app's records, and does
 * what the app would have the merchant do: the outcome counts only if that leads to a credential that signs.
 */
export async function judge(
  rig: Rig,
  app: App,
  { integration, popupUrl, hadCredential }: Interrupted,
  withinMs: number,
): Promise<Judgement> {
  await untilSettled(rig, integration, withinMs);
  const { status, tokens } = integrationNow(rig.store, integration);
  const activation = await rig.activations.find(integration.consumerKey);
  const row = tokens[0]?.type;
  const signs = await credentialSigns(rig, integration);
  const found = `store: ${status}, ${row ?? 'no row'}; app: ${described(activation)}, credential ${signs}`;
  const ends = async (outcome: Outcome, remedy: Promise<boolean>) =>
    (await remedy) ? outcome : ('untraced' as const);
  const judged = async (): Promise<Outcome> => {
    if (row === 'access' && status === 'active') {
      if (signs === 'signs') return hadCredential ? 'completed' : 'recovered';
      return activation?.state === 'needs-reauthorize'
        ? ends('needsReauthorize', reauthorizing(rig, app, integration))
        : 'silent';
    }
    if (row === 'request') {
      return activation?.state === 'needs-recreate'
        ? ends('needsRecreate', recreating(rig, app, integration))
        : 'untraced';
    }
    return row === 'verifier'
      ? ends('notStarted', connects(rig, app, integration, popupUrl))
      : 'untraced';
  };
  return { outcome: await judged(), found };
}

/** Settled is what no lease protects: a recovery pass has nothing to do with it. What never settles is judged as it is. */
async function untilSettled(
  { activations }: Rig,
  { consumerKey }: Integration,
  withinMs: number,
): Promise<void> {
  const isSettled = async () => {
    const activation = await activations.find(consumerKey);
    return !activation || !('lease' in activation) || !activation.lease;
  };
  await until('a settled record', isSettled, withinMs).catch(() => undefined);
}

function described(activation: Activation | undefined): string {
  if (!activation) return 'no record';
  const failure = 'failure' in activation ? ` (${activation.failure?.code ?? 'no failure'})` : '';
  const held = 'heldToken' in activation && activation.heldToken ? ' holding a request token' : '';
  const lease = 'lease' in activation && activation.lease ? ' under a lease' : '';
  return `${activation.state}${failure}${held}${lease}`;
}

/** Whether the stored credential opens a door of the store. */
export async function credentialSigns(
  { credentials }: Rig,
  { consumerKey }: Integration,
): Promise<'signs' | 'is refused' | 'is missing'> {
  const credential = await credentials.find(consumerKey);
  if (!credential) return 'is missing';
  const { consumerSecret, accessToken, accessTokenSecret } = credentials.open(credential);
  const http = storeHttp(policy);
  try {
    const reply = await signedCall(
      { storeHttp: http, now: () => new Date(), nonce: randomNonce },
      { method: 'GET', url: `${credential.storeBaseUrl}rest/V1/store/storeConfigs` },
      { consumerKey, consumerSecret, token: accessToken, tokenSecret: accessTokenSecret },
    );
    return reply.status === 200 ? 'signs' : 'is refused';
  } finally {
    await http.close();
  }
}

async function connects(
  rig: Rig,
  app: App,
  integration: Integration,
  popupUrl: string,
): Promise<boolean> {
  return (
    (await signIn(app, popupUrl)) === 303 && (await credentialSigns(rig, integration)) === 'signs'
  );
}

async function reauthorizing(rig: Rig, app: App, integration: Integration): Promise<boolean> {
  return connects(rig, app, integration, await rig.activate(integration, 'reauthorize'));
}

async function recreating(rig: Rig, app: App, { id }: Integration): Promise<boolean> {
  rig.store.remove(id);
  const another = rig.integrate(app);
  return connects(rig, app, another, await rig.activate(another));
}

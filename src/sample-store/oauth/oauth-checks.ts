import type { IncomingRequest } from '../calls/incoming-request.js';
import type { Integration, Integrations } from '../integrations/integrations.js';
import { missingParameters } from '../calls/magento-error.js';
import type { Nonces } from './nonces.js';
import { rawUrlDecode } from '../php-strings.js';
import type { ReleaseTraits, SignatureMethod } from '../releases.js';
import { parameter, type ProtocolParameters } from './protocol-parameters.js';
import { refusal } from './refusals.js';
import { baseStrings, type Secrets, signatureOf } from './signature.js';

/** What the checks read and write. */
export interface Tables {
  readonly integrations: Integrations;
  readonly nonces: Nonces;
  readonly now: () => Date;
  readonly traits: ReleaseTraits;
  /** How long after an activation POST a request token is given. Only that first call asks. */
  readonly consumerExpirySeconds: number;
}

const always = [
  'oauth_consumer_key',
  'oauth_signature',
  'oauth_signature_method',
  'oauth_nonce',
  'oauth_timestamp',
];

/**
 * Makes the checks that all signed calls share, in Magento's order, and burns the nonce. The signature is not
 * among them: token and expiry are judged first.
 *
 * @see docs/magento.md, "Errors of the token endpoints", rows 1 to 8
 */
export function checkedConsumer(
  tables: Tables,
  parameters: ProtocolParameters,
  alsoRequired: readonly string[],
): Integration {
  const version = parameters.get('oauth_version');
  if (version !== undefined && version !== '1.0') {
    throw refusal('versionUnsupported', parameter(parameters, 'oauth_version'));
  }
  const missing = [...always, ...alsoRequired].filter((name) => !parameters.has(name));
  if (missing.length > 0) throw missingParameters(missing);
  if (parameters.has('oauth_token') && parameter(parameters, 'oauth_token').length !== 32) {
    throw refusal('tokenLength');
  }
  signatureMethod(tables, parameters);
  const consumer = consumerOf(tables, parameter(parameters, 'oauth_consumer_key'));
  const nonce = parameter(parameters, 'oauth_nonce');
  tables.nonces.use(consumer.id, nonce, parameter(parameters, 'oauth_timestamp'));
  return consumer;
}

/** Refuses a request that was not signed with these secrets. */
export function checkSignature(
  { traits }: Tables,
  request: IncomingRequest,
  parameters: ProtocolParameters,
  secrets: Secrets,
): void {
  const base = baseStrings[traits.baseString](request, parameters);
  const method = signatureMethod({ traits }, parameters);
  const given = parameter(parameters, 'oauth_signature');
  const signature = traits.baseString === 'magento' ? rawUrlDecode(given) : given;
  if (signature !== signatureOf(method, base, secrets)) throw refusal('signatureInvalid');
}

function signatureMethod(
  { traits }: Pick<Tables, 'traits'>,
  parameters: ProtocolParameters,
): SignatureMethod {
  const named = parameter(parameters, 'oauth_signature_method');
  const method = traits.signatureMethods.find((accepted) => accepted === named);
  if (!method) throw refusal('methodUnsupported', named);
  return method;
}

function consumerOf({ integrations }: Tables, key: string): Integration {
  if (key.length !== 32) throw refusal('consumerKeyLength');
  const consumer = integrations.byConsumerKey(key);
  if (!consumer) throw refusal('consumerUnknown');
  return consumer;
}

import type { IncomingRequest } from '../calls/incoming-request.js';
import type { Integration, Integrations } from '../integrations/integrations.js';
import { MagentoError, missingParameters } from '../calls/magento-error.js';
import type { Nonces } from './nonces.js';
import { rawUrlDecode } from '../php-strings.js';
import type { ProtocolParameters } from './protocol-parameters.js';
import { baseString, signatureOf } from './signature.js';

/** What the checks read and write. */
export interface Tables {
  readonly integrations: Integrations;
  readonly nonces: Nonces;
  readonly now: () => Date;
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
    throw new MagentoError(400, 'The "%1" Oauth version isn\'t supported.', [version]);
  }
  const missing = [...always, ...alsoRequired].filter((name) => !parameters.has(name));
  if (missing.length > 0) throw missingParameters(missing);
  const token = parameters.get('oauth_token');
  if (token !== undefined && token.length !== 32) {
    throw new MagentoError(400, 'The token length is invalid. Check the length and try again.');
  }
  const method = parameter(parameters, 'oauth_signature_method');
  if (method !== 'HMAC-SHA256') {
    throw new MagentoError(400, 'Signature method %1 is not supported', [method]);
  }
  const consumer = consumerOf(tables, parameter(parameters, 'oauth_consumer_key'));
  const nonce = parameter(parameters, 'oauth_nonce');
  tables.nonces.use(consumer.id, nonce, parameter(parameters, 'oauth_timestamp'));
  return consumer;
}

/** Refuses a request that was not signed with these secrets. */
export function checkSignature(
  request: IncomingRequest,
  parameters: ProtocolParameters,
  secrets: { consumerSecret: string; tokenSecret: string },
): void {
  const base = baseString(request, parameters);
  const expected = signatureOf(base, secrets.consumerSecret, secrets.tokenSecret);
  const given = rawUrlDecode(parameter(parameters, 'oauth_signature'));
  if (given !== expected) {
    throw new MagentoError(401, 'The signature is invalid. Verify and try again.');
  }
}

/** A parameter that `checkedConsumer` has found to be there. */
export function parameter(parameters: ProtocolParameters, name: string): string {
  return parameters.get(name) ?? '';
}

function consumerOf({ integrations }: Tables, key: string): Integration {
  if (key.length !== 32) throw new MagentoError(401, 'Consumer key is not the correct length');
  const consumer = integrations.byConsumerKey(key);
  if (!consumer) {
    throw new MagentoError(401, 'A consumer having the specified key does not exist');
  }
  return consumer;
}

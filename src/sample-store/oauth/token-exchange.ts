import type { IncomingRequest } from '../calls/incoming-request.js';
import type { Integration } from '../integrations/integrations.js';
import { MagentoError } from '../calls/magento-error.js';
import { checkSignature, checkedConsumer, parameter, type Tables } from './oauth-checks.js';
import { protocolParameters } from './protocol-parameters.js';
import type { TokenPair, TokenRow } from '../integrations/token-rows.js';

/** How long after an activation POST a request token is given. Only that first call asks. */
const expirySeconds = 300;

/**
 * Turns the consumer's verifier row into a request token.
 *
 * @see docs/magento.md, "Errors of the token endpoints", rows 9 to 11
 */
export function grantRequestToken(tables: Tables, request: IncomingRequest): TokenPair {
  const parameters = protocolParameters(request);
  const consumer = checkedConsumer(tables, parameters, []);
  if (secondsSince(consumer.updatedAt, tables.now()) >= expirySeconds) {
    throw new MagentoError(401, 'Consumer key has expired');
  }
  checkSignature(request, parameters, { ...consumer, tokenSecret: '' });
  refuseUnlessFirstIs(consumer, 'verifier');
  return firstRow(tables.integrations.makeRequestToken(consumer.id));
}

/** Turns the consumer's request row into an access token, and the integration active. There is no expiry here. */
export function grantAccessToken(tables: Tables, request: IncomingRequest): TokenPair {
  const parameters = protocolParameters(request);
  const consumer = checkedConsumer(tables, parameters, ['oauth_token', 'oauth_verifier']);
  const row = rowOf(tables, parameter(parameters, 'oauth_token'), consumer, {
    stranger: 'Request token is not associated with the specified consumer',
    type: 'request',
    otherType: 'Token is already being used',
  });
  checkVerifier(row, parameter(parameters, 'oauth_verifier'));
  checkSignature(request, parameters, { ...consumer, tokenSecret: row.secret });
  refuseUnlessFirstIs(consumer, 'request');
  return firstRow(tables.integrations.makeAccessToken(consumer.id));
}

/**
 * Who signed a REST call with an access token; `undefined` is a guest: nothing of OAuth in the header, or an
 * integration that is not active.
 *
 * @see docs/magento.md, "REST with the access token"
 */
export function callerOf(tables: Tables, request: IncomingRequest): Integration | undefined {
  const parameters = protocolParameters(request);
  if (parameters.size === 0) return undefined;
  const consumer = checkedConsumer(tables, parameters, ['oauth_token']);
  const row = rowOf(tables, parameter(parameters, 'oauth_token'), consumer, {
    stranger: 'Token is not associated with the specified consumer',
    type: 'access',
    otherType: 'Token is not an access token',
  });
  checkSignature(request, parameters, { ...consumer, tokenSecret: row.secret });
  return consumer.status === 'active' ? consumer : undefined;
}

function rowOf(
  { integrations }: Tables,
  token: string,
  consumer: Integration,
  expected: { stranger: string; type: TokenRow['type']; otherType: string },
): TokenRow {
  const owner = integrations.byToken(token);
  const row = owner?.tokens.find((candidate) => candidate.token === token);
  if (!row) throw new MagentoError(401, 'Specified token does not exist');
  if (owner?.id !== consumer.id) throw new MagentoError(401, expected.stranger);
  if (row.type !== expected.type) throw new MagentoError(401, expected.otherType);
  return row;
}

function checkVerifier(row: TokenRow, verifier: string): void {
  if (verifier.length !== 32) throw new MagentoError(401, 'Verifier is not the correct length');
  if (verifier !== row.verifier) {
    throw new MagentoError(401, 'Token verifier and verifier token do not match');
  }
}

function refuseUnlessFirstIs(consumer: Integration, type: 'verifier' | 'request'): void {
  if (firstRow(consumer).type === type) return;
  throw new MagentoError(
    401,
    type === 'verifier'
      ? 'Cannot create request token because consumer token is not a verifier token'
      : 'Cannot get access token because consumer token is not a request token',
  );
}

function firstRow({ id, tokens: [first] }: Integration): TokenRow {
  if (!first) throw new MagentoError(401, 'A token with consumer ID %1 does not exist', [id]);
  return first;
}

function secondsSince(then: Date, now: Date): number {
  return Math.floor(now.getTime() / 1000) - Math.floor(then.getTime() / 1000);
}

import type { IncomingRequest } from '../calls/incoming-request.js';
import type { Integration } from '../integrations/integrations.js';
import { checkSignature, checkedConsumer, type Tables } from './oauth-checks.js';
import { parameter, protocolParameters } from './protocol-parameters.js';
import { type Refusal, refusal } from './refusals.js';
import type { TokenPair, TokenRow } from '../integrations/token-rows.js';

/**
 * Turns the consumer's verifier row into a request token.
 *
 * @see docs/magento.md, "Errors of the token endpoints", rows 9 to 11
 */
export function grantRequestToken(tables: Tables, request: IncomingRequest): TokenPair {
  const parameters = protocolParameters(request, tables.traits);
  const consumer = checkedConsumer(tables, parameters, []);
  if (secondsSince(consumer.updatedAt, tables.now()) >= tables.consumerExpirySeconds) {
    throw refusal('consumerExpired');
  }
  checkSignature(tables, request, parameters, { ...consumer, tokenSecret: '' });
  if (firstRow(consumer).type !== 'verifier') throw refusal('notAVerifier');
  return tables.integrations.makeRequestToken(consumer.id);
}

/** Turns the consumer's request row into an access token, and the integration active. There is no expiry here. */
export function grantAccessToken(tables: Tables, request: IncomingRequest): TokenPair {
  const parameters = protocolParameters(request, tables.traits);
  const consumer = checkedConsumer(tables, parameters, ['oauth_token', 'oauth_verifier']);
  const row = rowOf(tables, parameter(parameters, 'oauth_token'), consumer, {
    stranger: 'requestTokenOfAnother',
    type: 'request',
    otherType: 'requestTokenUsed',
  });
  checkVerifier(row, parameter(parameters, 'oauth_verifier'));
  checkSignature(tables, request, parameters, { ...consumer, tokenSecret: row.secret });
  if (firstRow(consumer).type !== 'request') throw refusal('notARequestToken');
  return tables.integrations.makeAccessToken(consumer.id);
}

/**
 * Who signed a REST call with an access token; `undefined` is a guest: nothing of OAuth in the header, or an
 * integration that is not active.
 *
 * @see docs/magento.md, "REST with the access token"
 */
export function callerOf(tables: Tables, request: IncomingRequest): Integration | undefined {
  const parameters = protocolParameters(request, tables.traits);
  if (parameters.size === 0) return undefined;
  const consumer = checkedConsumer(tables, parameters, ['oauth_token']);
  const row = rowOf(tables, parameter(parameters, 'oauth_token'), consumer, {
    stranger: 'accessTokenOfAnother',
    type: 'access',
    otherType: 'notAnAccessToken',
  });
  checkSignature(tables, request, parameters, { ...consumer, tokenSecret: row.secret });
  return consumer.status === 'active' ? consumer : undefined;
}

function rowOf(
  { integrations }: Tables,
  token: string,
  consumer: Integration,
  expected: { stranger: Refusal; type: TokenRow['type']; otherType: Refusal },
): TokenRow {
  const owner = integrations.byToken(token);
  const row = owner?.tokens.find((candidate) => candidate.token === token);
  if (!row) throw refusal('tokenUnknown');
  if (owner?.id !== consumer.id) throw refusal(expected.stranger);
  if (row.type !== expected.type) throw refusal(expected.otherType);
  return row;
}

function checkVerifier(row: TokenRow, verifier: string): void {
  if (verifier.length !== 32) throw refusal('verifierLength');
  if (verifier !== row.verifier) throw refusal('verifierWrong');
}

function firstRow({ id, tokens: [first] }: Integration): TokenRow {
  if (!first) throw refusal('noRow', id);
  return first;
}

function secondsSince(then: Date, now: Date): number {
  return Math.floor(now.getTime() / 1000) - Math.floor(then.getTime() / 1000);
}

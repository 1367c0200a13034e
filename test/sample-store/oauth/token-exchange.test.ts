import { describe, expect, it } from '@jest/globals';
import type { IncomingRequest } from '../../../src/sample-store/calls/incoming-request.js';
import {
  type Integration,
  integrationTable,
} from '../../../src/sample-store/integrations/integrations.js';
import { nonceTable } from '../../../src/sample-store/oauth/nonces.js';
import type { Tables } from '../../../src/sample-store/oauth/oauth-checks.js';
import { traitsOf } from '../../../src/sample-store/releases.js';
import { callerOf, grantAccessToken } from '../../../src/sample-store/oauth/token-exchange.js';
import { authorization, type Credentials, fakeClock, parametersFor } from '../third-party.js';

const { now } = fakeClock();

/** Tables in a state that Magento's database can come to, but no sequence of calls to this store. */
function tablesWith(changes: Partial<Integration>): { tables: Tables; record: Integration } {
  const never = { now, isCleanupDue: () => false };
  const integrations = integrationTable(never);
  const fields = { name: 'Demo', endpointUrl: '', identityUrl: '', resources: [] };
  const record = { ...integrations.add(fields), ...changes };
  const found = { byConsumerKey: () => record, byToken: () => record };
  return {
    tables: {
      integrations: { ...integrations, ...found },
      nonces: nonceTable(never),
      now,
      traits: traitsOf['2.4.8'],
      consumerExpirySeconds: 300,
    },
    record,
  };
}

function row(type: 'verifier' | 'request' | 'access', letter: string) {
  const value = letter.repeat(32);
  return { id: 1, type, token: value, secret: value, verifier: value, createdAt: now() };
}

function signed(target: string, signer: Credentials): IncomingRequest {
  const call = { storeUrl: 'http://shop.example/', target };
  const header = authorization(call, signer, parametersFor(signer, now()));
  return {
    method: 'POST',
    scheme: 'http',
    host: 'shop.example',
    target,
    authorization: header,
    contentType: '',
    headers: {},
    body: '',
  };
}

describe('grantAccessToken', () => {
  it('refuses a request row that is not the first of its consumer', () => {
    const { tables, record } = tablesWith({ tokens: [row('verifier', 'a'), row('request', 'b')] });
    const token = { token: 'b'.repeat(32), tokenSecret: 'b'.repeat(32), verifier: 'b'.repeat(32) };
    const request = signed('/oauth/token/access', { ...record, ...token });

    expect(() => grantAccessToken(tables, request)).toThrow(
      'Cannot get access token because consumer token is not a request token',
    );
  });
});

describe('callerOf', () => {
  for (const [status, caller] of [
    ['active', 'the integration'],
    ['inactive', 'a guest'],
  ] as const) {
    it(`takes an ${status} integration for ${caller}`, () => {
      const { tables, record } = tablesWith({ status, tokens: [row('access', 'a')] });
      const token = { token: 'a'.repeat(32), tokenSecret: 'a'.repeat(32) };

      const found = callerOf(tables, signed('/rest/V1/x', { ...record, ...token }));

      expect(found).toBe(status === 'active' ? record : undefined);
    });
  }
});

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Redis } from 'ioredis';
import { Pool } from 'undici';
import { signRequest } from '../src/oauth1/sign-request.js';
import type { OAuthCredentials } from '../src/oauth1/request-to-sign.js';
import { magentoString } from './magento-string.js';

/**
 * The least that could connect a store: two signed calls over a connection that is open, and one write to Redis. No
 * session, no page, no record before a call, no sealing, no proof, no log.
 */
export async function bareExchange(redisPort: number) {
  const redis = new Redis({ port: redisPort, host: '127.0.0.1' });
  const pools = new Map<string, Pool>();
  let posted = new URLSearchParams();
  const endpoint = createServer((req, res) => {
    void text(req).then((body) => {
      posted = new URLSearchParams(body);
      res.end();
    });
  }).listen(0, '127.0.0.1');
  await once(endpoint, 'listening');

  async function call(url: URL, credentials: OAuthCredentials): Promise<URLSearchParams> {
    const once = { nonce: magentoString(), timestamp: Math.floor(Date.now() / 1000) };
    const { authorization } = signRequest({ method: 'POST', url: url.href }, credentials, once);
    const pool = pools.get(url.origin) ?? new Pool(url.origin);
    pools.set(url.origin, pool);
    const { statusCode, body } = await pool.request({
      method: 'POST',
      path: url.pathname,
      headers: { authorization },
    });
    const reply = await body.text();
    if (statusCode !== 200) throw new Error(`${url.pathname} answered ${statusCode}: ${reply}`);
    return new URLSearchParams(reply);
  }

  return {
    /** Where a store has to post its activation to before `run`. */
    endpointUrl: `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/endpoint`,

    /** Exchanges what was posted last. Answers how long it took, in milliseconds. */
    async run(): Promise<number> {
      const [consumerKey, consumerSecret, verifier, storeUrl] = [
        'oauth_consumer_key',
        'oauth_consumer_secret',
        'oauth_verifier',
        'store_base_url',
      ].map((name) => posted.get(name) ?? '') as [string, string, string, string];
      const consumer = { consumerKey, consumerSecret };
      const startedAt = performance.now();
      const request = tokenOf(await call(new URL('oauth/token/request', storeUrl), consumer));
      const requestUrl = new URL('oauth/token/access', storeUrl);
      const access = tokenOf(await call(requestUrl, { ...consumer, ...request, verifier }));
      await redis.set(
        `bare:{${consumerKey}}`,
        JSON.stringify({ ...consumer, ...access, storeUrl }),
      );
      return performance.now() - startedAt;
    },

    async close(): Promise<void> {
      redis.disconnect();
      await Promise.all([...pools.values()].map((pool) => pool.close()));
      endpoint.close();
      await once(endpoint, 'close');
    },
  };
}

function tokenOf(reply: URLSearchParams): { token: string; tokenSecret: string } {
  return {
    token: reply.get('oauth_token') ?? '',
    tokenSecret: reply.get('oauth_token_secret') ?? '',
  };
}

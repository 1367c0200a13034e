import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from '@jest/globals';
import supertest from 'supertest';
import { accountStore } from '../../src/accounts/account-store.js';
import { newDataDir } from '../redis/support.js';
import { activationForm, identityQuery } from '../support/activation.js';
import { startCanary } from '../support/canary.js';
import { newAuthority } from '../support/certificates.js';
import { openPopup, sendForm } from '../support/popup.js';
import { merchant } from '../support/start-app.js';
import { embeddedRedis, environment, run, startMain } from './child.js';

const authority = newAuthority();
const server = createServer(authority.issue('DNS:localhost'));

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** A store with a certificate of the authority of this test: to every call it says that the time is over. */
async function startTlsStore() {
  const calls: unknown[] = [];
  server.on('request', (req, res) => {
    calls.push(`${req.method ?? ''} ${req.url ?? ''}`);
    res.writeHead(401).end('oauth_problem=Consumer+key+has+expired');
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `https://localhost:${(server.address() as AddressInfo).port}/`, calls };
}

/** Announces a store to an app and signs in for it. */
async function signInFor(storeBaseUrl: string, changes: NodeJS.ProcessEnv) {
  const dataDir = await newDataDir();
  const app = await startMain(environment(dataDir, changes));
  const accounts = accountStore(embeddedRedis(dataDir), 'mi:', () => new Date());
  await accounts.add(merchant.username, 'merchant', merchant.password);
  const form = activationForm({ store_base_url: storeBaseUrl });
  const visitor = supertest.agent(app.url);
  await visitor.post('/endpoint').type('form').send(form);
  const callback = `${storeBaseUrl}admin/admin/integration/loginSuccessCallback/`;
  const query = identityQuery(form['oauth_consumer_key'] ?? '', callback);
  const { fields } = await openPopup(visitor, `${app.url}/login?${query}`);
  return sendForm(visitor, fields);
}

describe('an app with EXTRA_CA_FILE, in an environment full of proxies', () => {
  it('calls a store whose authority the file names, and by no proxy', async () => {
    const proxy = await startCanary();
    const proxyUrl = `http://127.0.0.1:${proxy.port}`;
    const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'];
    const proxies = Object.fromEntries(
      names.flatMap((name) => [name, name.toLowerCase()]).map((name) => [name, proxyUrl]),
    );
    const store = await startTlsStore();

    const response = await signInFor(store.url, {
      ...proxies,
      NO_PROXY: '',
      NODE_USE_ENV_PROXY: '1',
      EXTRA_CA_FILE: authority.file,
    });
    const refused = await signInFor(store.url, {});

    expect(response.text).toContain('consumer_key_expired');
    expect(refused.text).toContain('store_tls_untrusted');
    expect(store.calls).toEqual(['POST /oauth/token/request']);
    expect(proxy.hits()).toBe(0);
  });
});

describe('npm start', () => {
  const wrong: Record<string, string> = {
    EXTRA_CA_FILE: '/sentinel.pem',
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
  };
  for (const [name, value] of Object.entries(wrong)) {
    it(`stops with 78 and one sentence, without the value, for ${name}=${value}`, async () => {
      const { ended } = run(['main'], environment(await newDataDir(), { [name]: value }));

      const { code, stdout, stderr } = await ended;

      expect(code).toBe(78);
      expect(stderr.split('\n').filter((line) => line.startsWith(name))).toHaveLength(1);
      expect(`${stdout}${stderr}`).not.toContain('sentinel');
      expect(stdout).not.toContain('listening');
    });
  }
});

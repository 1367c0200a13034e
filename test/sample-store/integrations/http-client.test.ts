import type { ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { httpClientHeaders } from '../../../src/sample-store/integrations/http-client-headers.js';
import type { Release } from '../../../src/sample-store/releases.js';
import { startStore } from '../../support/start-store.js';
import { startCallback } from '../third-party.js';

const identityUrl = 'http://third.example/login';

async function posted(release: Release) {
  const callback = await startCallback();
  const store = await startStore({ release });
  const { id } = store.addIntegration({ name: 'Demo', endpointUrl: callback.url, identityUrl });
  const { delivered } = await store.activate(id);
  return { delivered, headers: callback.posts[0]?.headers, host: new URL(callback.url) };
}

describe('the HTTP client behind the activation POST', () => {
  for (const release of ['2.3.7', '2.4.3', '2.4.5'] as const) {
    it(`is Zend's in ${release}`, async () => {
      const { headers } = await posted(release);

      expect(headers).toMatchObject({
        'user-agent': 'Magento\\Framework\\HTTP\\ZendClient',
        connection: 'close',
        'accept-encoding': 'gzip, deflate',
      });
    });
  }

  it('loses the names of its headers in 2.4.7, so that host and port become one', async () => {
    const { delivered, headers, host } = await posted('2.4.7');

    expect(delivered).toBe(true);
    expect(headers).toEqual({
      host: host.host,
      'user-agent': 'Laminas\\Http\\Client',
      accept: '*/*',
      [host.hostname]: host.port,
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': expect.any(String),
    });
  });

  it('has its names again in 2.4.8', async () => {
    const { headers, host } = await posted('2.4.8');

    expect(headers).toEqual({
      host: host.host,
      'user-agent': 'Laminas\\Http\\Client',
      'accept-encoding': 'gzip, deflate',
      connection: 'close',
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': expect.any(String),
    });
  });

  for (const url of ['https://shop.example/', 'http://shop.example:80/', 'http://[::1]:3000/']) {
    it(`has nothing to send without a name in 2.4.7 for ${url}`, () => {
      const headers = httpClientHeaders('laminas-nameless', new URL(url));

      expect(Object.keys(headers)).toEqual(['User-Agent', 'Accept']);
    });
  }
});

describe('an activation POST', () => {
  for (const [what, delivered, answer] of [
    ['only informs and then answers', true, '103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK'],
    ['sets a cookie', true, '200 OK\r\nSet-Cookie: a=b'],
    ['has a header line without a colon', false, '200 OK\r\nno header at all'],
    ['is not HTTP', false, 'x'],
  ] as const) {
    it(`whose answer ${what} is ${delivered ? 'delivered' : 'a failure'}`, async () => {
      expect(await answeredBy(`HTTP/1.1 ${answer}\r\nContent-Length: 0\r\n\r\n`)).toBe(delivered);
    });
  }

  it('whose answer is chunked is delivered', async () => {
    const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n';

    expect(await answeredBy(chunked)).toBe(true);
  });

  it('whose answer breaks off in its body is a failure', async () => {
    expect(await answeredBy('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok')).toBe(false);
  });
});

/** Whether an activation is delivered to an endpoint that sends these bytes and closes the connection. */
async function answeredBy(bytes: string): Promise<boolean> {
  const callback = await startCallback((res: ServerResponse) => res.socket?.end(bytes));
  const store = await startStore();
  const { id } = store.addIntegration({ name: 'Demo', endpointUrl: callback.url, identityUrl });
  return (await store.activate(id)).delivered;
}

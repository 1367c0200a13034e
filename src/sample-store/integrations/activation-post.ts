import http from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { formEncode } from '../php-strings.js';

/**
 * POSTs the fields to the Callback URL as Magento 2.4.8 does, and waits for the whole answer. Its status and
 * body do not matter and a redirect is not followed. Rejects when there
 * was no whole answer before the signal.
 *
 * @see docs/magento.md, "The activation POST"
 */
export async function postActivation(
  endpointUrl: string,
  fields: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const body = Object.entries(fields)
    .map(([name, value]) => `${name}=${formEncode(value)}`)
    .join('&');
  const response = await send(new URL(endpointUrl), body, signal);
  await text(response);
}

function send(url: URL, body: string, signal: AbortSignal): Promise<http.IncomingMessage> {
  const client = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    client
      .request(url, {
        method: 'POST',
        signal,
        agent: false,
        headers: {
          'User-Agent': 'Laminas\\Http\\Client',
          'Accept-Encoding': 'gzip, deflate',
          'Content-Type': 'application/x-www-form-urlencoded',
          'Content-Length': Buffer.byteLength(body),
          Connection: 'close',
        },
      })
      .on('response', resolve)
      .on('error', reject)
      .end(body);
  });
}

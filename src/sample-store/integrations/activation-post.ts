import http from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { httpClientHeaders } from './http-client-headers.js';
import { formEncode } from '../php-strings.js';
import type { ReleaseTraits } from '../releases.js';

/**
 * POSTs the fields to the Callback URL as the release's HTTP client does, and waits for the whole answer. Its
 * status and body do not matter and a redirect is not followed. Rejects when there was no whole answer before
 * the signal, or one that is not HTTP.
 *
 * @see docs/magento.md, "The activation POST"
 */
export async function postActivation(
  endpointUrl: string,
  fields: Readonly<Record<string, string>>,
  httpClient: ReleaseTraits['httpClient'],
  signal: AbortSignal,
): Promise<void> {
  const body = Object.entries(fields)
    .map(([name, value]) => `${name}=${formEncode(value)}`)
    .join('&');
  const url = new URL(endpointUrl);
  const headers = {
    ...httpClientHeaders(httpClient, url),
    'Content-Type': 'application/x-www-form-urlencoded',
    'Content-Length': Buffer.byteLength(body),
  };
  await text(await send(url, headers, body, signal));
}

function send(
  url: URL,
  headers: http.OutgoingHttpHeaders,
  body: string,
  signal: AbortSignal,
): Promise<http.IncomingMessage> {
  const client = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const request = client
      .request(url, { method: 'POST', signal, agent: false, headers })
      .on('response', resolve)
      .on('error', reject);
    // Node would add the header of its own accord.
    if (!('Connection' in headers)) request.removeHeader('Connection');
    request.end(body);
  });
}

import http from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { formEncode } from '../php-strings.js';

/** A POST as it leaves, with the names and values of its headers by turns. */
export interface LeavingPost {
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

/**
 * POSTs the fields to the Callback URL as Magento 2.4.8 does, and waits for the whole answer. Its status and
 * body do not matter and a redirect is not followed. Gives the status; rejects when there
 * was no whole answer before the signal.
 *
 * @see docs/magento.md, "The activation POST"
 */
export async function postActivation(
  endpointUrl: string,
  fields: Readonly<Record<string, string>>,
  signal: AbortSignal,
  leaves: (post: LeavingPost) => void,
): Promise<number | undefined> {
  const body = Object.entries(fields)
    .map(([name, value]) => `${name}=${formEncode(value)}`)
    .join('&');
  const response = await send(new URL(endpointUrl), body, signal, leaves);
  await text(response);
  return response.statusCode;
}

function send(
  url: URL,
  body: string,
  signal: AbortSignal,
  leaves: (post: LeavingPost) => void,
): Promise<http.IncomingMessage> {
  const client = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const request = client
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
      .on('error', reject);
    leaves({ rawHeaders: rawHeadersOf(request), body });
    request.end(body);
  });
}

function rawHeadersOf(request: http.ClientRequest): readonly string[] {
  return request.getRawHeaderNames().flatMap((name) => [name, String(request.getHeader(name))]);
}

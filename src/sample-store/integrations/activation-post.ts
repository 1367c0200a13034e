import http from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { httpClientHeaders } from './http-client-headers.js';
import { formEncode } from '../php-strings.js';
import type { ReleaseTraits } from '../releases.js';

/** A POST as it leaves, with the names and values of its headers by turns. */
export interface LeavingPost {
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

/**
 * POSTs the fields to the Callback URL as the release's HTTP client does, and waits for the whole answer. Its
 * status and body do not matter and a redirect is not followed. Gives the status; rejects when there was no whole
 * answer before the signal, or one that is not HTTP.
 *
 * @see docs/magento.md, "The activation POST"
 */
export async function postActivation(
  endpointUrl: string,
  fields: Readonly<Record<string, string>>,
  httpClient: ReleaseTraits['httpClient'],
  signal: AbortSignal,
  leaves: (post: LeavingPost) => void,
): Promise<number | undefined> {
  const body = Object.entries(fields)
    .map(([name, value]) => `${name}=${formEncode(value)}`)
    .join('&');
  const url = new URL(endpointUrl);
  const headers = {
    ...httpClientHeaders(httpClient, url),
    'Content-Type': 'application/x-www-form-urlencoded',
    'Content-Length': Buffer.byteLength(body),
  };
  const response = await send(url, headers, body, signal, leaves);
  await text(response);
  return response.statusCode;
}

function send(
  url: URL,
  headers: http.OutgoingHttpHeaders,
  body: string,
  signal: AbortSignal,
  leaves: (post: LeavingPost) => void,
): Promise<http.IncomingMessage> {
  const client = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const request = client
      .request(url, { method: 'POST', signal, agent: false, headers })
      .on('response', resolve)
      .on('error', reject);
    // Node would add the header of its own accord.
    if (!('Connection' in headers)) request.removeHeader('Connection');
    leaves({ rawHeaders: rawHeadersOf(request), body });
    request.end(body);
  });
}

function rawHeadersOf(request: http.ClientRequest): readonly string[] {
  return request.getRawHeaderNames().flatMap((name) => [name, String(request.getHeader(name))]);
}

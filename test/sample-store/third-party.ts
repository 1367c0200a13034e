import { createHmac, randomUUID } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll } from '@jest/globals';

/** What came back over the wire. */
export interface Reply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** A request as a third party sends it: a raw target, so that nothing is re-serialised on its way. */
export interface Call {
  readonly storeUrl: string;
  readonly target: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Breaks the connection as soon as this holds. */
  readonly leaveWhen?: () => boolean;
}

/** Sends a request and reads the reply; rejects when the connection breaks. */
export function send({
  storeUrl,
  target,
  method = 'POST',
  headers,
  body,
  leaveWhen,
}: Call): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(storeUrl);
    const options = { host: 'localhost', port, path: target, method, headers: { ...headers } };
    const request = http
      .request(options, (response) => {
        text(response).then((content) => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: content });
        }, reject);
      })
      .on('error', reject)
      .end(body);
    if (leaveWhen) void when(leaveWhen).then(() => request.destroy());
  });
}

/** Settles as soon as something holds that other connections of this process bring about. */
export async function when(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate);
}

/** Who signs, and with what. */
export interface Credentials {
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly token?: string;
  readonly tokenSecret?: string;
  readonly verifier?: string;
}

/** OAuth parameters that make a good call at this time. */
export function parametersFor(
  { consumerKey, token, verifier }: Credentials,
  at: Date,
): Record<string, string> {
  return {
    oauth_consumer_key: consumerKey,
    oauth_nonce: randomUUID().replaceAll('-', ''),
    oauth_signature_method: 'HMAC-SHA256',
    oauth_timestamp: String(Math.floor(at.getTime() / 1000)),
    oauth_version: '1.0',
    ...(token !== undefined && { oauth_token: token }),
    ...(verifier !== undefined && { oauth_verifier: verifier }),
  };
}

/** A signed Authorization header, for targets without a query and for queries that are already sorted and encoded. */
export function authorization(
  { storeUrl, target, method = 'POST' }: Call,
  { consumerSecret, tokenSecret = '' }: Credentials,
  parameters: Readonly<Record<string, string>>,
): string {
  const [path = '', query = ''] = target.split('?');
  const pairs = [
    ...query.split('&').filter(Boolean),
    ...Object.entries(parameters).map(([name, value]) => `${name}=${encode(value)}`),
  ].sort();
  const url = `${storeUrl.replace(/\/$/, '')}${path}`;
  const base = [method, encode(url), encode(pairs.join('&'))].join('&');
  const signature = createHmac('sha256', `${encode(consumerSecret)}&${encode(tokenSecret)}`)
    .update(base)
    .digest('base64');
  const header = Object.entries({ ...parameters, oauth_signature: signature });
  return `OAuth ${header.map(([name, value]) => `${name}="${encode(value)}"`).join(', ')}`;
}

/** Signs and sends a call. */
export function sendSigned(call: Call, credentials: Credentials, at: Date): Promise<Reply> {
  const header = authorization(call, credentials, parametersFor(credentials, at));
  return send({ ...call, headers: { ...call.headers, Authorization: header } });
}

/** The two values of a token endpoint's success. */
export function tokenIn(reply: Reply): { token: string; tokenSecret: string } {
  const values = new URLSearchParams(reply.body);
  return {
    token: values.get('oauth_token') ?? '',
    tokenSecret: values.get('oauth_token_secret') ?? '',
  };
}

/** What a token endpoint has refused, in words. */
export function problemIn(reply: Reply): string | null {
  return new URLSearchParams(reply.body).get('oauth_problem');
}

/** One POST that came to a Callback URL. */
export interface ReceivedPost {
  readonly method: string;
  readonly target: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

const callbacks: http.Server[] = [];

/** A Callback URL that keeps what it gets, and answers as told. */
export async function startCallback(
  answer: (res: http.ServerResponse, post: ReceivedPost) => unknown = (res) => res.end('ok'),
): Promise<{ url: string; posts: readonly ReceivedPost[] }> {
  const posts: ReceivedPost[] = [];
  const server = http.createServer((req, res) => {
    void text(req).then((body) => {
      const post = { method: req.method ?? '', target: req.url ?? '', headers: req.headers, body };
      posts.push(post);
      answer(res, post);
    });
  });
  callbacks.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/endpoint`, posts };
}

/** A clock that goes only when it is told to. */
export function fakeClock(start = new Date('2026-03-01T12:00:00Z')) {
  let time = start;
  return {
    now: () => time,
    forward(seconds: number): void {
      time = new Date(time.getTime() + seconds * 1000);
    },
  };
}

afterAll(() => {
  for (const server of callbacks.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

function encode(value: string): string {
  return encodeURIComponent(value).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

import http from 'node:http';
import { activationForm } from '../support/activation.js';

/** Posts of activations without an end, each for a key of its own. */
export interface ActivationLoad {
  /** The keys whose POST was answered with 200. */
  readonly acknowledged: string[];
  /** How often each other status came; 0 is no answer. */
  readonly refused: Map<number, number>;
  /** The slowest answer so far, in milliseconds. */
  slowestMs(): number;
  /** Ends it. Resolves when the last POST was answered. */
  stop(): Promise<void>;
}

/** Keeps so many POSTs to the endpoint under way; `urlNow` says where the app listens. */
export function startLoad(atOnce: number, urlNow: () => string): ActivationLoad {
  const acknowledged: string[] = [];
  const refused = new Map<number, number>();
  let slowest = 0;
  let going = true;
  const agent = new http.Agent({ keepAlive: true, maxSockets: atOnce });
  const client = async () => {
    while (going) {
      const form = activationForm();
      const begin = performance.now();
      const status = await post(agent, `${urlNow()}/endpoint`, form);
      if (status !== 0) slowest = Math.max(slowest, performance.now() - begin);
      if (status === 200) acknowledged.push(form['oauth_consumer_key'] ?? '');
      else refused.set(status, (refused.get(status) ?? 0) + 1);
      if (status !== 200) await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const clients = Array.from({ length: atOnce }, client);
  return {
    acknowledged,
    refused,
    slowestMs: () => slowest,
    async stop() {
      going = false;
      await Promise.all(clients);
      agent.destroy();
    },
  };
}

/** Answers the status, or 0 where none came. */
export function post(
  agent: http.Agent,
  url: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<number> {
  const body = new URLSearchParams(form).toString();
  return new Promise((resolve) => {
    const request = http.request(url, {
      agent,
      method: 'POST',
      headers: {
        ...headers,
        'Content-Type': 'application/x-www-form-urlencoded',
        'Content-Length': Buffer.byteLength(body),
      },
    });
    request.on('response', (response) => {
      response.resume().once('close', () => {
        resolve(response.statusCode ?? 0);
      });
    });
    request.on('error', () => {
      resolve(0);
    });
    request.end(body);
  });
}

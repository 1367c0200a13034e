import type { SampleStoreOptions } from '../../../src/sample-store/sample-store.js';
import { activatedStore } from '../activated-store.js';
import type { Reply } from '../third-party.js';

/** What a call of the Web API has answered, its body read. */
export interface RestReply {
  readonly status: number;
  readonly body: unknown;
}

/** A list as every list is answered. */
export interface List {
  readonly items: readonly Record<string, unknown>[];
  readonly search_criteria: unknown;
  readonly total_count: number;
}

/** A connected integration that signs its calls of one store. */
export async function restClient(
  options: Omit<SampleStoreOptions, 'now'> & { resources?: readonly string[] } = {},
) {
  const { store, clock, connect, rest } = await activatedStore(options);
  const credentials = await connect();

  async function call(method: string, target: string, body?: string, contentType?: string) {
    if (body === undefined) return read(await rest(target, credentials, { method }));
    const headers = {
      'Content-Type': contentType ?? 'application/json',
      // Without it Node would send the body of a GET behind the request instead of with it.
      'Content-Length': String(Buffer.byteLength(body)),
    };
    return read(await rest(target, credentials, { method, headers, body }));
  }

  return {
    store,
    clock,
    credentials,
    rest,
    call,
    get: (target: string): Promise<RestReply> => call('GET', target),
    put: (target: string, body: unknown) => call('PUT', target, JSON.stringify(body)),
    post: (target: string, body: unknown) => call('POST', target, JSON.stringify(body)),
    list: async (target: string, query: Readonly<Record<string, string>> = {}): Promise<List> => {
      const reply = await call('GET', `${target}?${queryString(query)}`);
      if (reply.status !== 200) throw new Error(JSON.stringify(reply));
      return reply.body as List;
    },
  };
}

/** The body of a reply, read. */
export function read({ status, body }: Reply): RestReply {
  return { status, body: JSON.parse(body) };
}

/** A query in the order and the encoding in which the test's signer can sign it. */
export function queryString(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join('&');
}

/** The query for one filter, and whatever else is given. */
export function filterBy(
  field: string,
  condition: string,
  value: string,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const filter = 'searchCriteria[filterGroups][0][filters][0]';
  return {
    [`${filter}[field]`]: field,
    [`${filter}[value]`]: value,
    [`${filter}[conditionType]`]: condition,
    ...more,
  };
}

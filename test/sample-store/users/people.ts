import type { SampleStoreOptions } from '../../../src/sample-store/sample-store.js';
import { demoAdmins, demoCustomer } from '../../../src/sample-store/users/demo-people.js';
import { startStore } from '../../support/start-store.js';
import { fakeClock, type Reply, send } from '../third-party.js';
import { read, type RestReply } from '../webapi/client.js';

export const [admin, catalogAdmin] = demoAdmins as [
  (typeof demoAdmins)[number],
  (typeof demoAdmins)[number],
];
export const customer = { username: demoCustomer.email, password: demoCustomer.password };

/** The refusal of whoever lacks a permission, a guest for example. */
export const refused = (resources: string) => ({
  status: 401,
  body: {
    message: "The consumer isn't authorized to access %resources.",
    parameters: { resources },
  },
});

/** The refusal of whoever gives wrong credentials, or gave them too often. */
export const wrongSignIn = {
  status: 401,
  body: {
    message:
      'The account sign-in was incorrect or your account is disabled temporarily. ' +
      'Please wait and try again later.',
  },
};

/** Somebody without any program of Magento's, at one store. */
export async function visitor(options: Omit<SampleStoreOptions, 'now'> = {}) {
  const clock = fakeClock();
  const store = await startStore({ ...options, now: clock.now });

  async function ask(
    target: string,
    headers: Record<string, string> = {},
    method = 'GET',
  ): Promise<RestReply> {
    return read(await send({ storeUrl: store.url, target, method, headers }));
  }

  async function post(target: string, body: unknown): Promise<RestReply> {
    const headers = { 'Content-Type': 'application/json' };
    return read(await send({ storeUrl: store.url, target, headers, body: JSON.stringify(body) }));
  }

  async function tokenOf(kind: 'admin' | 'customer', who: object): Promise<string> {
    const { status, body } = await post(`/rest/V1/integration/${kind}/token`, who);
    if (status !== 200 || typeof body !== 'string') throw new Error(JSON.stringify(body));
    return body;
  }

  return {
    store,
    clock,
    ask,
    post,
    tokenOf,
    askAs: (token: string, target: string, method = 'GET') =>
      ask(target, { Authorization: `Bearer ${token}` }, method),
  };
}

/** The cookie that a reply sets, as a browser sends it back. */
export function cookieIn({ headers }: Reply): string {
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

import { setTimeout as pause } from 'node:timers/promises';
import type { Response } from 'supertest';
import type { Integration } from '../../src/sample-store/integrations/integrations.js';
import type { SampleStore } from '../../src/sample-store/sample-store.js';
import { hiddenFields } from './activation.js';
import { merchant, type TestApp } from './start-app.js';

export type Visitor = ReturnType<TestApp['visitor']>;

/** A new integration of this app in a store, not yet activated. */
export function newIntegration(app: TestApp, store: SampleStore): Integration {
  return store.addIntegration({
    name: 'Demo',
    endpointUrl: `${app.url}/endpoint`,
    identityUrl: `${app.url}/login`,
  });
}

/** The same integration as the store has it now. */
export function integrationNow(store: SampleStore, { id }: Integration): Integration {
  const now = store.integrations().find((integration) => integration.id === id);
  if (!now) throw new Error(`the store has no integration ${id}`);
  return now;
}

/** Opens a popup as Magento's script does and follows to the clean address. */
export async function openPopup(visitor: Visitor, popupUrl: string) {
  const { pathname, search } = new URL(popupUrl);
  const first = await visitor.get(`${pathname}${search}`);
  if (first.status !== 303) return { page: first, fields: {} };
  const page = await visitor.get(String(first.headers['location']));
  return { page, fields: hiddenFields(page.text) };
}

/** Sends the login form of an open popup. */
export function sendForm(
  visitor: Visitor,
  fields: Record<string, string>,
  person: { readonly username: string; readonly password: string } = merchant,
) {
  return visitor
    .post('/checklogin')
    .type('form')
    .send({ ...fields, username: person.username, password: person.password });
}

/** What a page that loads itself anew comes to; any other page as it is. */
export async function afterWaiting(visitor: Visitor, page: Response): Promise<Response> {
  for (let current = page; ;) {
    const [, next] =
      /<meta http-equiv="refresh" content="\d+;url=([^"]+)">/.exec(current.text) ?? [];
    if (next === undefined) return current;
    await pause(20);
    current = await visitor.get(next);
  }
}

/** Save and Activate, popup and sign-in in one, up to the answer to the form. */
export async function connect(
  app: TestApp,
  store: SampleStore,
  integration: Integration = newIntegration(app, store),
  person = merchant,
) {
  const activation = await store.activate(integration.id);
  const visitor = app.visitor();
  const { fields } = await openPopup(visitor, activation.popupUrl);
  const response = await sendForm(visitor, fields, person);
  return { activation, visitor, fields, response, integration };
}

/** The calls a store has received, as `POST oauth/token/request 200`. */
export function callsOf(store: SampleStore): string[] {
  return store.requests.map(
    ({ method, path, status }) => `${method} ${path.replace(/^\//, '')} ${status ?? 'unanswered'}`,
  );
}

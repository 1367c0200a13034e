import type { Integration } from '../../src/sample-store/integrations/integrations.js';
import { activationForm, identityQuery } from './activation.js';
import { openPopup, sendForm } from './popup.js';
import { merchant, type TestApp } from './start-app.js';

/** A POST for an integration by somebody who knows nothing of it but its key, with some fields as they should be. */
export function forgedForm(
  { consumerKey }: Pick<Integration, 'consumerKey'>,
  changes: Record<string, string> = {},
): Record<string, string> {
  return activationForm({ oauth_consumer_key: consumerKey, ...changes });
}

/** Sends an activation POST, to the common address unless another is named. Answers the status. */
export async function post(
  app: TestApp,
  form: Record<string, string>,
  path = '/endpoint',
): Promise<number> {
  return (await app.visitor().post(path).type('form').send(form)).status;
}

/** The address of a popup whose admin is at this origin, with a slash at the end or without. */
export function popupUrlFrom(
  app: TestApp,
  { consumerKey }: Pick<Integration, 'consumerKey'>,
  adminUrl: string,
): string {
  const callback = new URL('/admin/admin/integration/loginSuccessCallback/', adminUrl).href;
  return `${app.url}/login?${identityQuery(consumerKey, callback)}`;
}

/** Opens a popup in a browser of its own and sends its form; answers the page instead where there is none. */
export async function signInAt(app: TestApp, popupUrl: string, person = merchant) {
  const visitor = app.visitor();
  const { page, fields } = await openPopup(visitor, popupUrl);
  const response = page.status === 200 ? await sendForm(visitor, fields, person) : page;
  return { visitor, page, fields, response };
}

/** A record as Redis has it, byte for byte. */
export function recordOf(
  app: TestApp,
  kind: 'activation' | 'credential' | 'notice',
  { consumerKey }: Pick<Integration, 'consumerKey'>,
): Promise<string | null> {
  return app.redis.get(`${app.prefix}${kind}:{${consumerKey}}`);
}

import supertest from 'supertest';
import { accountStore } from '../../src/accounts/account-store.js';
import { newDataDir } from '../redis/support.js';
import { openPopup, sendForm } from '../support/popup.js';
import { merchant } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';
import { embeddedRedis, environment, startMain } from './child.js';

/** An app in which a sign-in is under way, waiting for a store that takes its time. */
export async function signingIn(slowMs: number, changes: NodeJS.ProcessEnv = {}) {
  const dataDir = await newDataDir();
  const app = await startMain(environment(dataDir, changes));
  await accountStore(embeddedRedis(dataDir), 'mi:', () => new Date()).add(
    merchant.username,
    'merchant',
    merchant.password,
  );
  const store = await startStore({ faults: [{ at: 'access', do: 'slow', ms: slowMs }] });
  const { id } = store.addIntegration({
    name: 'Demo',
    endpointUrl: `${app.url}/endpoint`,
    identityUrl: `${app.url}/login`,
  });
  const activation = await store.activate(id);
  const visitor = supertest.agent(app.url);
  const { fields } = await openPopup(visitor, activation.popupUrl);
  const request = sendForm(visitor, fields);
  const answer = Promise.resolve(request);
  const outcomes: unknown[] = [];
  const note = (outcome: unknown) => outcomes.push(outcome);
  void answer.then(note, note);
  while (outcomes.length === 0 && !store.requests.some(({ path }) => path.includes('access'))) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { app, dataDir, store, activation, answer, leave: () => request.abort() };
}

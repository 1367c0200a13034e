import { describe, expect, it } from '@jest/globals';
import { fakeClock } from '../support/fake-clock.js';
import { callsOf, newIntegration, openPopup, sendForm } from '../support/popup.js';
import { forgedForm, popupUrlFrom, post } from '../support/posts.js';
import { startApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';

const clock = fakeClock();
const app = await startApp({ now: clock.now });
const adminUrl = 'http://admin.example/';

/** A merchant who has signed in for a key that two stores announced, in a popup that came from neither. */
async function signedIn() {
  const [store, other] = [
    await startStore({ now: clock.now }),
    await startStore({ now: clock.now }),
  ];
  const integration = newIntegration(app, store);
  await store.activate(integration.id);
  clock.advance(1);
  await post(app, forgedForm(integration, { store_base_url: other.url }));
  const visitor = app.visitor();
  const { page, fields } = await openPopup(visitor, popupUrlFrom(app, integration, adminUrl));
  const question = await sendForm(visitor, fields);
  const confirm = (changes: Record<string, string>) =>
    visitor
      .post('/checklogin/confirm')
      .type('form')
      .send({ ...fields, ...changes });
  const origins = [store, other].map(({ url }) => new URL(url).origin) as [string, string];
  return { store, other, integration, visitor, page, fields, question, confirm, origins };
}

describe('a sign-in for a key that several stores announced', () => {
  it('asks which of them is meant, once somebody has signed in, and asks none of them anything', async () => {
    const { store, other, page, question, origins } = await signedIn();

    expect(page.text).toContain('Several stores announced themselves');
    for (const origin of origins) expect(page.text).not.toContain(new URL(origin).host);
    expect(question.status).toBe(200);
    for (const origin of origins) {
      expect(question.text).toContain(`name="store" value="${origin}"`);
      expect(question.text).toContain(`Connect ${new URL(origin).host}`);
    }
    expect(question.text).toContain('<span class="host">admin.example</span>');
    expect([...store.requests, ...other.requests]).toEqual([]);
  });

  it('connects the store that is chosen, and sends the other nothing', async () => {
    const { store, other, integration, confirm, origins } = await signedIn();

    const response = await confirm({ store: origins[0] });

    expect(response.status).toBe(303);
    expect(response.headers['location']).toMatch(/^http:\/\/admin\.example\//);
    expect(callsOf(store)).toHaveLength(3);
    expect(other.requests).toEqual([]);
    expect(await app.deps.credentials.find(integration.consumerKey)).toMatchObject({
      storeBaseUrl: store.url,
    });
  });

  it('tells of the store that was chosen when it is the wrong one, and lets choose again', async () => {
    const { store, other, fields, visitor, confirm, origins } = await signedIn();

    const wrong = await confirm({ store: origins[1] });
    const question = await sendForm(visitor, fields);
    const right = await confirm({ store: origins[0] });

    expect(wrong.status).toBe(502);
    expect(wrong.text).toContain('consumer_key_unknown');
    expect(other.requests).toHaveLength(1);
    expect(question.text).toContain('Which store is yours?');
    expect(right.status).toBe(303);
    expect(callsOf(store)).toHaveLength(3);
  });

  const unknown: Record<string, Record<string, string>> = {
    'no store': {},
    'an empty one': { store: '' },
    'a host that announced nothing': { store: 'http://127.0.0.1:1' },
    'the origin of the popup': { store: 'http://admin.example' },
  };
  for (const [what, changes] of Object.entries(unknown)) {
    it(`refuses ${what} with 409 and asks nobody`, async () => {
      const { store, other, confirm } = await signedIn();

      const response = await confirm(changes);

      expect(response.status).toBe(409);
      expect(response.text).toContain('store_ambiguous');
      expect([...store.requests, ...other.requests]).toEqual([]);
    });
  }

  it('refuses a choice without its token, or with another', async () => {
    const { store, other, confirm, origins } = await signedIn();
    const another = await signedIn();

    const responses = [
      await confirm({ store: origins[0], _csrf: '' }),
      await confirm({ store: origins[0], _csrf: another.fields['_csrf']! }),
    ];

    expect(responses.map(({ status }) => status)).toEqual([403, 403]);
    expect([...store.requests, ...other.requests]).toEqual([]);
  });

  it('does not let another browser choose', async () => {
    const { store, fields, origins } = await signedIn();

    const response = await app
      .visitor()
      .post('/checklogin/confirm')
      .type('form')
      .send({ ...fields, store: origins[0] });

    expect(response.status).toBe(403);
    expect(store.requests).toEqual([]);
  });
});

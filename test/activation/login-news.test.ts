import { describe, expect, it } from '@jest/globals';
import type { Fault } from '../../src/sample-store/faults/faults.js';
import type { SampleStore } from '../../src/sample-store/sample-store.js';
import { until } from '../faults/rig.js';
import { fakeClock } from '../support/fake-clock.js';
import { connect, newIntegration, openPopup, sendForm, type Visitor } from '../support/popup.js';
import { popupUrlFrom } from '../support/posts.js';
import { merchant, otherMerchant, startApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';

const clock = fakeClock();
const app = await startApp({
  now: clock.now,
  limits: { deadlineMs: 2_000, replyBytes: 64 * 1024 },
});

const storeWith = (...faults: Fault[]) => startStore({ now: clock.now, faults });

/** A browser in which this person has signed in before, in a popup of another store. */
async function browserOf(person: typeof merchant): Promise<Visitor> {
  return (await connect(app, await storeWith(), undefined, person)).visitor;
}

/** Everyone who may look at a popup: who began its exchange, another account, and nobody in particular. */
async function lookers() {
  return {
    own: await browserOf(merchant),
    other: await browserOf(otherMerchant),
    nobody: app.visitor(),
  };
}

/** What a page says in its banner; empty where it has none. */
function newsIn(html: string): string {
  return /class="banner[^"]*"[^>]*>(.*?)<\/(?:div|p|section|aside)>/s.exec(html)?.[1] ?? '';
}

const accessAsked = (store: SampleStore) =>
  store.requests.some(({ path }) => path.includes('access'));

describe('who comes back to the popup', () => {
  const ends: Record<string, readonly [faults: Fault[], text: string]> = {
    'reads that the store is connected': [[], 'The store is connected.'],
    'reads why the last sign-in failed': [
      [{ at: 'request', do: 'html-200' }],
      'The store answered with something that is not a reply of Magento.',
    ],
    'reads that there may be a grant': [
      [{ at: 'access', do: 'drop-before' }],
      'This store is being connected at this moment.',
    ],
  };
  for (const [what, [faults, text]] of Object.entries(ends)) {
    it(`${what}, and no other account and no stranger does`, async () => {
      const { own, other, nobody } = await lookers();
      const { activation } = await connect(app, await storeWith(...faults));

      const pages = await Promise.all(
        [own, other, nobody].map((visitor) => openPopup(visitor, activation.popupUrl)),
      );

      expect(pages.map(({ page }) => page.status)).toEqual([200, 200, 200]);
      expect(pages.map(({ page }) => page.text.includes(text))).toEqual([true, false, false]);
      expect(pages.map(({ page }) => newsIn(page.text) !== '')).toEqual([true, false, false]);
    });
  }

  it('is told to wait while the exchange runs, with no button of Magento to click', async () => {
    const { own, other, nobody } = await lookers();
    const store = await storeWith({ at: 'access', do: 'slow', ms: 600, times: 1 });
    const integration = newIntegration(app, store);
    const answer = connect(app, store, integration);
    await until('the access call', () => accessAsked(store));
    const popupUrl = popupUrlFrom(app, integration, store.url);

    const pages = await Promise.all(
      [own, other, nobody].map((visitor) => openPopup(visitor, popupUrl)),
    );

    const [running, ...others] = pages.map(({ page }) => newsIn(page.text));
    const { response } = await answer;
    expect(running).toContain('Please wait a moment');
    expect(running).not.toMatch(/Reauthorize|Activate|delete|create/i);
    expect(others).toEqual(['', '']);
    expect(response.status).toBe(303);
  });

  it('reads on a reload of the same page what has become of it', async () => {
    const own = await browserOf(merchant);
    const store = await storeWith({ at: 'request', do: 'status-503', times: 1 });
    const activation = await store.activate(newIntegration(app, store).id);
    const { fields } = await openPopup(own, activation.popupUrl);
    const reload = async () => (await own.get(`/login?popup=${fields['popup']!}`)).text;
    const atFirst = await reload();
    await sendForm(own, fields);
    const afterFailure = await reload();
    await sendForm(own, fields);

    const atLast = await reload();

    expect(newsIn(atFirst)).toBe('');
    expect(afterFailure).toContain('The store is in maintenance or overloaded.');
    expect(atLast).toContain('The store is connected.');
    expect(atLast).toContain('Sign in to go back to Magento.');
  });

  it('reads nothing of an old failure once Activate was clicked again', async () => {
    const own = await browserOf(merchant);
    const store = await storeWith({ at: 'request', do: 'status-503' });
    const { activation, integration } = await connect(app, store);
    clock.advance(1);
    await store.activate(integration.id);

    const { page } = await openPopup(own, activation.popupUrl);

    expect(newsIn(page.text)).toBe('');
  });
});

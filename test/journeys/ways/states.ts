import { startHeldStore } from '../../support/held-store.js';
import { newIntegration } from '../../support/popup.js';
import { popupUrlFrom } from '../../support/posts.js';
import { otherMerchant, startApp } from '../../support/start-app.js';
import {
  announced,
  app,
  clock,
  invited,
  linkOn,
  openForm,
  patience,
  posted,
  postedTo,
  signIn,
  signInTo,
} from './scene.js';
import type { Way } from './store-ways.js';

interface State {
  readonly way: Way;
  /** Words by which it is known. */
  readonly shows: readonly string[];
}

/** What the popup shows while nothing has gone wrong. */
export const states: Readonly<Record<string, State>> = {
  'sign-in': {
    way: (page) => openForm(page),
    shows: ['Connect shop.example', '5:00 left', 'You will return to shop.example.'],
  },
  'sign-in-late': {
    async way(page) {
      await openForm(page);
      clock.advance(301);
      await page.reload();
    },
    shows: ['The five minutes are over', 'click Activate in Magento again'],
  },
  'sign-in-homograph': {
    way: (page) => openForm(page, 'https://xn--shp-snc.example/'),
    shows: ['xn--shp-snc.example'],
  },
  'sign-in-several-stores': {
    async way(page) {
      const stores = ['https://shop.example/', 'https://other.example/'];
      const { popupUrl } = await posted(stores, 'https://admin.example');
      await page.goto(popupUrl);
    },
    shows: ['Several stores announced themselves'],
  },
  'signed-in-already': {
    async way(page) {
      await signInTo(page, 'status-503@request');
      const { popupUrl } = await posted();
      await page.goto(popupUrl);
    },
    shows: ['Not you?'],
  },
  'someone-else': {
    async way(page) {
      await states['signed-in-already']!.way(page);
      await page.getByRole('link', { name: 'Not you?' }).click();
    },
    shows: ['Connect shop.example'],
  },
  'second-factor': {
    async way(page) {
      await openForm(page);
      await signIn(page, otherMerchant);
    },
    shows: ['Type your code', 'recovery codes'],
  },
  'return-elsewhere': {
    async way(page) {
      const { popupUrl } = await posted(undefined, 'https://admin.example');
      await page.goto(popupUrl);
      await signIn(page);
    },
    shows: ['Connect shop.example and return to admin.example?'],
  },
  'which-store': {
    async way(page) {
      await states['sign-in-several-stores']!.way(page);
      await signIn(page);
    },
    shows: ['Which store is yours?', 'Connect other.example'],
  },
  'replaces-a-store': {
    async way(page) {
      let isMoved = false;
      const newUrl = (url: string) => (isMoved ? url.replace('localhost', '127.0.0.1') : url);
      const { store, integration, popupUrl } = await announced([], { baseUrl: newUrl });
      await page.goto(popupUrl);
      await signIn(page);
      clock.advance(1);
      isMoved = true;
      await store.reauthorize(integration.id);
      await page.goto(popupUrlFrom(app, integration, newUrl(store.url)));
      await signIn(page);
    },
    shows: ['It takes the place of'],
  },
  half: {
    async way(page) {
      const { store, integration, popupUrl } = await announced(['status-503@access']);
      await page.goto(popupUrl);
      await signIn(page);
      clock.advance(1);
      await store.activate(integration.id);
      await page.goto(popupUrl);
    },
    shows: ['Half of it is done', 'Sign in to finish.'],
  },
  connected: {
    async way(page) {
      const { popupUrl } = await announced();
      await page.goto(popupUrl);
      await signIn(page);
      await page.goto(popupUrl);
    },
    shows: ['The store is connected.', 'Sign in to go back to Magento.'],
  },
  progress: {
    async way(page) {
      const impatient = await startApp({ now: clock.now, progressAfterMs: 50 });
      const store = await startHeldStore({ now: clock.now });
      const integration = newIntegration(impatient, store);
      await store.activate(integration.id);
      const held = store.holdReplyTo('oauth/token/access');
      await page.goto(popupUrlFrom(impatient, integration, store.url));
      await signIn(page);
      await held.given;
      await page.waitForURL('**/login/progress*');
      await page.route(page.url(), (route) => route.fulfill({ status: 204 }));
    },
    shows: ['Connecting 127.0.0.1', 'Request accepted done', 'Access granted under way'],
  },
  'hand-over': {
    async way(page) {
      await openForm(page);
      await page.getByRole('link', { name: 'Someone else has the sign-in?' }).click();
    },
    shows: ['Someone else has the sign-in?', 'Make a link'],
  },
  'hand-over-link': {
    async way(page) {
      await openForm(page);
      await linkOn(page);
    },
    shows: ['Send this link to your colleague', 'Sign in here instead'],
  },
  'hand-over-sign-in': {
    async way(page) {
      await openForm(page);
      await page.goto(await linkOn(page));
    },
    shows: ['Do so only if you know who sent you the link.', "Your colleague's window returns to"],
  },
  'hand-over-connected': {
    async way(page) {
      const { popupUrl } = await announced();
      await page.goto(popupUrl);
      await page.goto(await linkOn(page));
      await signIn(page);
    },
    shows: ['Connected', 'You can close this window.'],
  },
  help: {
    async way(page) {
      await openForm(page);
      await page.getByRole('link', { name: 'Help' }).click();
    },
    shows: ['What is this window?'],
  },
  'not-yours': {
    async way(page) {
      await openForm(page);
      await page.getByRole('link', { name: 'Not your store?' }).click();
    },
    shows: ['Is shop.example not your store?', 'Nothing is connected'],
  },
  invited: {
    async way(page) {
      const { invitation } = await app.deps.invitations.create(invited);
      const { popupUrl } = await postedTo(`/endpoint/${invitation.token}`);
      await page.goto(popupUrl.replace('/login?', `/login/${invitation.token}?`));
    },
    shows: ['Connect shop.example', 'Not your store?'],
  },
  register: {
    async way(page) {
      const open = await startApp({ ...patience, isRegistrationOpen: true });
      const { popupUrl } = await posted(undefined, undefined, open);
      await page.goto(popupUrl);
      await page.getByRole('link', { name: 'Make an account' }).click();
    },
    shows: ['8 characters'],
  },
  'fragment-mended': {
    async way(page) {
      const { popupUrl } = await posted();
      await page.goto(popupUrl.replace('/login?', '/login#top?'));
      await page.getByLabel('Username').waitFor();
    },
    shows: ['Connect shop.example'],
  },
};

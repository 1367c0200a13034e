import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, jest } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startBrowser } from '../support/browser.js';
import { fakeClock } from '../support/fake-clock.js';
import { startHeaderProxy } from '../support/header-proxy.js';
import {
  fit,
  letMagentoLook,
  saveAndActivate,
  seenByMagento,
  signIn,
  type Journey,
} from '../support/magento-window.js';
import { newIntegration } from '../support/popup.js';
import { turnOn } from '../support/second-factor.js';
import { merchant, operator, startApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';

// Most of it is Magento's script looking twice a second, page after page.
jest.setTimeout(90_000);

/** The popup at 125 %: as many CSS pixels as its window of 680 x 510 has then. */
const enlarged = { width: 544, height: 408 };

const fitting = { scrolls: false, buttonInSight: true };
const fitsBoth = {
  whole: { width: 680, height: 510, ...fitting },
  zoomed: { ...enlarged, ...fitting },
};

/** What Magento's script and the popup know of each other, once the script has looked twice more. */
async function watched({ admin, popup }: Pick<Journey, 'admin' | 'popup'>) {
  await letMagentoLook(admin, 2);
  const opener: unknown = await popup.evaluate(() => window.opener as unknown);
  return { seen: await seenByMagento(admin), opener };
}

/** How a page sits in its window at 100 % and at 125 %. */
async function fitAtBoth(popup: Page) {
  const whole = await fit(popup);
  await popup.setViewportSize(enlarged);
  const zoomed = await fit(popup);
  await popup.setViewportSize({ width: 680, height: 510 });
  return { whole, zoomed };
}

async function heading(popup: Page, text: RegExp): Promise<void> {
  await popup.getByRole('heading', { name: text }).waitFor();
}

describe('on its way through every page, the popup', () => {
  it('stays open in the eyes of Magento, has let go of it, and fits its window', async () => {
    const clock = fakeClock();
    const app = await startApp({ now: clock.now });
    const phone = await turnOn(app.deps, merchant.username);
    const pages: Record<string, unknown> = {};
    const fits: Record<string, unknown> = {};

    await saveAndActivate(
      async (journey) => {
        const { admin, popup, store } = journey;
        const look = async (page: string) => {
          pages[page] = await watched(journey);
          fits[page] = await fitAtBoth(popup);
        };
        await look('the form');
        await signIn(popup, 'not the password');
        await popup.getByText('is not right').waitFor();
        await look('a wrong password');
        await popup.reload();
        await popup.getByText('is not right').waitFor();
        await look('the same, loaded again');
        await signIn(popup);
        await heading(popup, /Type your code/);
        await look('the code');
        await popup.getByLabel('Code from your app').fill('000000');
        await popup.getByRole('button').click();
        await popup.getByRole('alert').waitFor();
        await look('a wrong code');
        await popup.getByLabel('Code from your app').fill(phone.codeAt(clock.now()));
        await popup.getByRole('button').click();
        await heading(popup, /and return to/);
        await look('the question');
        store.setFaults([{ at: 'request', do: 'status-503', times: 1 }]);
        await popup.getByRole('button', { name: 'Yes, connect and return' }).click();
        await heading(popup, /maintenance/);
        pages['a failure'] = await watched(journey);
        await popup.getByRole('link', { name: 'Sign in again' }).click();
        clock.advance(30);
        await signIn(popup);
        await popup.getByLabel('Code from your app').fill(phone.codeAt(clock.now()));
        await popup.getByRole('button').click();
        const closed = popup.waitForEvent('close');
        await popup.getByRole('button', { name: 'Yes, connect and return' }).click();
        await closed;
        await admin.getByText('Active', { exact: true }).waitFor();

        expect(await seenByMagento(admin)).toEqual(['open', 'success']);
      },
      {
        app,
        // The app on another site than the admin, the store at another origin than both.
        appUrl: app.url.replace('localhost', '127.0.0.1'),
        adminHost: 'localhost',
        store: { now: clock.now, baseUrl: (own) => own.replace('localhost', '127.0.0.1') },
      },
    );

    const open = { seen: ['open'], opener: null };
    expect(pages).toEqual({
      'the form': open,
      'a wrong password': open,
      'the same, loaded again': open,
      'the code': open,
      'a wrong code': open,
      'the question': open,
      'a failure': open,
    });
    for (const page of Object.keys(fits)) expect([page, fits[page]]).toEqual([page, fitsBoth]);
  });

  it('fits its window, too, when time is over and the last try failed', async () => {
    const clock = fakeClock();
    const app = await startApp({ now: clock.now });
    await saveAndActivate(
      async ({ popup, store }) => {
        store.setFaults([{ at: 'request', do: 'status-503' }]);
        await signIn(popup);
        await popup.getByRole('link', { name: 'Sign in again' }).click();
        clock.advance(301);
        await popup.reload();
        await popup.getByText('The five minutes are over').waitFor();
        const failed = await fitAtBoth(popup);
        await signIn(popup, 'not the password');
        await popup.getByText('is not right').waitFor();
        const wrong = await fitAtBoth(popup);

        expect([failed, wrong]).toEqual([fitsBoth, fitsBoth]);
      },
      { app },
    );
  });

  it('needs no script of ours', async () => {
    const app = await startApp();
    const store = await startStore();
    const { popupUrl, successCallbackUrl } = await store.activate(newIntegration(app, store).id);
    const context = await (await startBrowser()).newContext({ javaScriptEnabled: false });
    const page = await context.newPage();

    await page.goto(popupUrl);
    await signIn(page, 'not the password');
    await page.getByRole('alert').waitFor();
    await signIn(page);
    await page.waitForURL(successCallbackUrl);
    await context.close();

    expect(store.integrations()[0]?.status).toBe('active');
  });
});

describe('headers that a proxy might add', () => {
  it('show why there is no Cross-Origin-Opener-Policy: Magento takes the popup for closed at once', async () => {
    const app = await startApp();
    for (const policy of ['same-origin', 'same-origin-allow-popups', 'noopener-allow-popups']) {
      const appUrl = await startHeaderProxy(app.url, (headers) => ({
        ...headers,
        'cross-origin-opener-policy': policy,
      }));

      await saveAndActivate(
        async ({ admin, popup }) => {
          await admin.getByText('has been sent for activation').waitFor();

          expect(await seenByMagento(admin)).toEqual(['open', 'closed']);
          expect(popup.isClosed()).toBe(false);
        },
        { app, appUrl },
      );
    }
  });

  it("show why form-action names one more origin: with 'self' alone the way back is blocked", async () => {
    const app = await startApp();
    const appUrl = await startHeaderProxy(app.url, (headers) => ({
      ...headers,
      'content-security-policy': String(headers['content-security-policy']).replace(
        /form-action [^;]*/,
        "form-action 'self'",
      ),
    }));

    await saveAndActivate(
      async ({ admin, popup, store }) => {
        const complaint = popup.waitForEvent('console', (message) =>
          message.text().includes('form-action'),
        );
        await signIn(popup);
        await complaint;
        await letMagentoLook(admin, 2);

        expect(store.integrations()[0]?.status).toBe('active');
        expect(await seenByMagento(admin)).toEqual(['open']);
      },
      { app, appUrl },
    );
  });
});

describe('what the merchant has open beside it', () => {
  it('is still there: the session comes along from another site, and it connects nothing by itself', async () => {
    const app = await startApp();
    await saveAndActivate(
      async ({ context, popup, store }) => {
        await letMagentoLook(popup, 1);
        const console = await context.newPage();
        await console.goto(`${app.url}/console`);

        expect(await popup.getByLabel('Username').inputValue()).toBe(operator.username);
        expect(await popup.getByLabel('Password').inputValue()).toBe('');
        expect(store.requests).toEqual([]);
        expect(await console.getByRole('heading', { name: 'Stores' }).count()).toBe(1);
        const cookies = await context.cookies(app.url);
        expect(cookies.find(({ name }) => name === 'mi')).toMatchObject({
          sameSite: 'Lax',
          httpOnly: true,
        });
      },
      {
        app,
        async before(context) {
          const page = await context.newPage();
          await page.goto(`${app.url}/console/sign-in`);
          await page.getByLabel('Username').fill(operator.username);
          await page.getByLabel('Password').fill(operator.password);
          await page.getByRole('button').click();
          await page.getByRole('heading', { name: 'Stores' }).waitFor();
          await page.close();
        },
      },
    );
  });

  it('learns nothing of key and way back by a Referer, nor does our own server', async () => {
    const sent: { url: string; referer: string | undefined }[] = [];
    const reading: Promise<unknown>[] = [];
    await saveAndActivate(
      async ({ admin, popup, store, app }) => {
        const closed = popup.waitForEvent('close');
        await signIn(popup, 'not the password');
        await popup.getByRole('alert').waitFor();
        await signIn(popup);
        await closed;
        await admin.getByText('Active', { exact: true }).waitFor();
        await Promise.all(reading);

        const { consumerKey } = store.integrations()[0]!;
        const own = sent.filter(({ url }) => url.startsWith(app.url));
        const referers = own.map(({ referer }) => referer).filter((text) => text !== undefined);
        expect(own.map(({ url }) => new URL(url).pathname)).toEqual(
          expect.arrayContaining(['/assets/popup.js', '/assets/style.css', '/checklogin']),
        );
        expect(referers.join()).toContain(`${app.url}/login?popup=`);
        expect(referers.filter((text) => /key|callback|call_back/i.test(text))).toEqual([]);
        expect(referers.join()).not.toContain(consumerKey);
        // What Magento sees of where the merchant comes from.
        const back = sent.filter(({ url }) => url.includes('/loginSuccessCallback/'));
        expect(back.map(({ referer }) => referer)).toEqual([undefined]);
      },
      {
        before(context) {
          context.on('request', (request) => {
            if (/\/admin\/(?!.*loginSuccessCallback)/.test(request.url())) return;
            reading.push(
              request
                .allHeaders()
                .then(({ referer }) => sent.push({ url: request.url(), referer })),
            );
          });
          return Promise.resolve();
        },
      },
    );
  });
});

describe('a page of another site', () => {
  it('cannot show the popup or the console in a frame', async () => {
    const app = await startApp();
    const store = await startStore();
    const { popupUrl } = await store.activate(newIntegration(app, store).id);
    const addresses = [popupUrl, `${app.url}/login`, `${app.url}/console/sign-in`];
    const frames = addresses.map((at) => `<iframe src="${at.replaceAll('&', '&amp;')}"></iframe>`);
    const foreign = createServer((_req, res) => {
      res.setHeader('Content-Type', 'text/html').end(frames.join(''));
    });
    await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve));
    const { port } = foreign.address() as AddressInfo;
    const page = await (await (await startBrowser()).newContext()).newPage();

    // With a session from before: frames that load at once would each begin one, and the last cookie would win.
    await page.context().request.get(`${app.url}/console/sign-in`);
    // Another origin of the same site: there the session's cookie comes along, and the form itself would be shown.
    await page.goto(`http://localhost:${port}/`);
    const shown = page.frames().slice(1);
    const texts = await Promise.all(shown.map((frame) => frame.locator('body').innerText()));
    await page.context().close();
    foreign.close();

    const asked = [...app.logged().matchAll(/"event":"request",.*?"status":(\d+)/g)];
    expect(asked.map(([, status]) => Number(status)).sort()).toEqual([200, 200, 200, 303, 400]);
    expect(shown.map((frame) => frame.url())).toEqual(
      addresses.map(() => 'chrome-error://chromewebdata/'),
    );
    expect(texts.join()).not.toMatch(/Username|Magento integration/);
  });
});

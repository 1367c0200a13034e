import { describe, expect, it } from '@jest/globals';
import type { BrowserContextOptions, Page, Request, Route } from 'playwright-core';
import { startBrowser } from '../support/browser.js';
import { fakeClock } from '../support/fake-clock.js';
import { signIn } from '../support/magento-window.js';
import { newIntegration } from '../support/popup.js';
import { merchant, startApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';

const clock = fakeClock();
const app = await startApp({ now: clock.now });

/** The login page of a new activation, so many seconds after its POST, as a browser shows it. */
async function openLogin(
  use: (page: Page, store: Awaited<ReturnType<typeof startStore>>) => Promise<void>,
  {
    after = 0,
    before,
    ...options
  }: BrowserContextOptions & { after?: number; before?: (page: Page) => Promise<void> } = {},
): Promise<void> {
  const store = await startStore({ now: clock.now });
  const { popupUrl } = await store.activate(newIntegration(app, store).id);
  clock.advance(after);
  const browser = await startBrowser();
  const context = await browser.newContext({ viewport: { width: 680, height: 510 }, ...options });
  const page = await context.newPage();
  await before?.(page);
  await page.goto(popupUrl);
  await use(page, store);
  await context.close();
}

/** A browser whose clock is hours off, and moves only when it is told to. */
async function wrongClock(page: Page): Promise<void> {
  await page.clock.install({ time: new Date('2001-01-01T00:00:00Z') });
}

/** An answer after which a browser stays where it is: the page is as it was when the form went out. */
function stayHere(route: Route): Promise<void> {
  return route.fulfill({ status: 204 });
}

describe('the time left', () => {
  it('counts down from what the server said, though the clock of the browser is wrong', async () => {
    await openLogin(
      async (page) => {
        const timer = page.getByRole('timer');
        const texts = [await timer.innerText()];
        await page.clock.runFor(1_000);
        texts.push(await timer.innerText());
        await page.clock.fastForward(60_000);
        texts.push(await timer.innerText());

        expect(texts).toEqual(['4:12 left', '4:11 left', '3:11 left']);
        expect(await page.getByRole('alert').count()).toBe(0);
      },
      { after: 48, before: wrongClock },
    );
  });

  it('ends with the warning that the server would give, and takes nothing from who is typing', async () => {
    await openLogin(
      async (page) => {
        await page.getByLabel('Password').fill('half a pass');
        await page.clock.runFor(4_000);
        const before = await page.getByRole('alert').count();
        await page.clock.runFor(1_000);

        expect(before).toBe(0);
        const shown = await page.getByRole('alert').innerHTML();
        expect(await page.locator('header').innerText()).toContain('The five minutes are over');
        expect(await page.getByLabel('Password').inputValue()).toBe('half a pass');
        expect(await page.evaluate(() => document.activeElement?.id)).toBe('password');
        clock.advance(5);
        await page.reload();
        expect(await page.getByRole('alert').innerHTML()).toBe(shown);
        expect(shown).toContain('the key has probably expired');
      },
      { after: 295, before: wrongClock },
    );
  });

  it('moves every tenth second alone for whom motion is too much, and is never read out by itself', async () => {
    await openLogin(
      async (page) => {
        const timer = page.getByRole('timer');
        const texts = new Set<string>();
        for (let second = 0; second < 12; second += 1) {
          texts.add(await timer.innerText());
          await page.clock.runFor(1_000);
        }

        expect([...texts]).toEqual(['0:10 left', '0:09 left', '0:08 left']);
        expect(await timer.getAttribute('aria-live')).toBeNull();
      },
      { after: 281, before: wrongClock, reducedMotion: 'reduce' },
    );
  });

  it('says of which moment it is where no script runs', async () => {
    await openLogin(
      async (page) => {
        expect(await page.getByText('4:12 left when this page opened').count()).toBe(1);
        expect(await page.getByRole('button').allInnerTexts()).toEqual(['Sign in and connect']);
      },
      { after: 48, javaScriptEnabled: false },
    );
  });
});

describe('the box beside the password', () => {
  /** How the field stands once the browser has drawn it. */
  const drawn = (page: Page) =>
    page.getByLabel('Password').evaluate(async (field: HTMLInputElement) => {
      await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      return {
        at: [field.selectionStart, field.selectionEnd],
        isActive: document.activeElement === field,
        type: field.type,
      };
    });

  it('shows and hides it, and leaves the caret where it is', async () => {
    await openLogin(async (page) => {
      const field = page.getByLabel('Password');
      await field.fill('correct horse');
      await field.press('Home');
      for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight']) await field.press(key);

      await page.getByText('Show').click();
      const shown = await drawn(page);
      await page.getByText('Show').click();
      const hidden = await drawn(page);

      expect(await page.getByRole('button').count()).toBe(1);
      expect(shown).toEqual({ at: [3, 3], isActive: true, type: 'text' });
      expect(hidden).toEqual({ at: [3, 3], isActive: true, type: 'password' });
    });
  });

  it('is reached by keyboard between the password and the main button, and sends nothing', async () => {
    await openLogin(async (page) => {
      const sent: Request[] = [];
      page.on('request', (request) => {
        if (request.method() !== 'GET') sent.push(request);
      });
      await page.getByLabel('Password').press('Tab');
      await page.keyboard.press('Space');
      const type = await page.getByLabel('Password').getAttribute('type');
      await page.keyboard.press('Tab');

      expect(type).toBe('text');
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(
        'Sign in and connect',
      );
      expect(sent).toEqual([]);
    });
  });

  it('hides it again before it is sent', async () => {
    await openLogin(async (page) => {
      await page.route('**/checklogin', stayHere);
      await page.getByLabel('Username').fill(merchant.username);
      await page.getByLabel('Password').fill('to be seen by nobody');
      await page.getByText('Show').click();
      const sent = page.waitForRequest('**/checklogin');
      await page.getByLabel('Password').press('Enter');
      await sent;

      expect(await page.getByLabel('Password').getAttribute('type')).toBe('password');
    });
  });
});

describe('the fields', () => {
  it('are told apart by password managers, and take what is pasted', async () => {
    await openLogin(
      async (page) => {
        await page.getByLabel('Username').fill('pasted text');
        await page.getByLabel('Username').press('Control+A');
        await page.keyboard.press('Control+C');
        await page.getByLabel('Password').focus();
        await page.keyboard.press('Control+V');

        expect(await page.getByLabel('Password').inputValue()).toBe('pasted text');
        expect(await page.getByLabel('Username').getAttribute('autocomplete')).toBe('username');
        expect(await page.getByLabel('Password').getAttribute('autocomplete')).toBe(
          'current-password',
        );
      },
      { permissions: ['clipboard-read', 'clipboard-write'] },
    );
  });
});

describe('a form that was sent', () => {
  it('says so, and is not sent twice', async () => {
    await openLogin(async (page) => {
      let sent = 0;
      await page.route('**/checklogin', (route) => {
        sent += 1;
        return stayHere(route);
      });
      await signIn(page);
      const busy = page.locator('button.main');
      await busy.and(page.locator(':disabled')).waitFor();
      await page.getByLabel('Password').press('Enter');

      expect(await busy.innerText()).toBe('Connecting…');
      expect(await busy.getAttribute('aria-busy')).toBe('true');
      expect(await page.getByRole('status').innerText()).toBe('Connecting…');
      expect(sent).toBe(1);
      expect(
        await busy.evaluate((button) => getComputedStyle(button, '::before').animationName),
      ).toBe('turn');
    });
  });

  it('has no turning wheel for whom motion is too much', async () => {
    await openLogin(
      async (page) => {
        await page.route('**/checklogin', stayHere);
        await signIn(page);
        const busy = page.locator('button.main:disabled');
        await busy.waitFor();

        expect(
          await busy.evaluate((button) => getComputedStyle(button, '::before').animationName),
        ).toBe('none');
      },
      { reducedMotion: 'reduce' },
    );
  });

  it('can be sent anew when the browser comes back to it', async () => {
    await openLogin(async (page) => {
      await page.route('**/checklogin', stayHere);
      await signIn(page);
      await page.locator('button.main:disabled').waitFor();
      await page.evaluate(() => {
        dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
      });

      const button = page.getByRole('button', { name: 'Sign in and connect' });
      expect(await button.isEnabled()).toBe(true);
      expect(await button.getAttribute('aria-busy')).toBeNull();
    });
  });

  it('still sends which of several stores was chosen', async () => {
    const store = await startStore({ now: clock.now, baseUrl: (own) => own });
    const { popupUrl, successCallbackUrl } = await store.activate(newIntegration(app, store).id);
    const elsewhere = popupUrl.replace(
      encodeURIComponent(new URL(store.url).origin),
      encodeURIComponent(new URL(store.url).origin.replace('localhost', '127.0.0.1')),
    );
    const context = await (await startBrowser()).newContext();
    const page = await context.newPage();
    await page.goto(elsewhere);
    await signIn(page);
    const sent = page.waitForRequest('**/checklogin/confirm');
    await page.getByRole('button', { name: 'Yes, connect and return' }).click();
    const body = (await sent).postData();
    await context.close();

    expect(elsewhere).not.toBe(popupUrl);
    expect(successCallbackUrl).toContain(store.url);
    expect(new URLSearchParams(body ?? '').get('store')).toBe(new URL(store.url).origin);
  });
});

describe('what the login page loads', () => {
  it('is itself, one style sheet, one script and the icon, all below 30 KB on the wire', async () => {
    const loaded: Request[] = [];
    await openLogin(
      async (page) => {
        await page.getByRole('timer').waitFor();
        const pages = loaded.filter((request) => !request.redirectedTo());
        const sizes = await Promise.all(
          pages.map(async (request) => {
            const { responseBodySize, responseHeadersSize } = await request.sizes();
            return responseBodySize + responseHeadersSize;
          }),
        );
        const paths = pages.map((request) => new URL(request.url()).pathname);

        expect(paths.filter((path) => path !== '/assets/icon.svg').sort()).toEqual([
          '/assets/popup.js',
          '/assets/style.css',
          '/login',
        ]);
        expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(30_000);
        for (const request of pages.slice(1)) {
          expect((await request.response())?.headers()['content-encoding']).toBe('gzip');
        }
      },
      { before: (page) => Promise.resolve(void page.on('request', (one) => loaded.push(one))) },
    );
  });
});

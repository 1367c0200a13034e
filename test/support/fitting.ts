import type { Page } from 'playwright-core';

/** The inside of Magento's popup. */
export const popupSize = { width: 680, height: 510 };

/** By how much a page is larger than its window, `12 down`; empty where nothing would scroll. */
export function overflowOf(page: Page): Promise<string> {
  return page.evaluate(() => {
    const { scrollHeight, scrollWidth } = document.documentElement;
    const [down, aside] = [scrollHeight - innerHeight, scrollWidth - innerWidth];
    return [down > 0 ? `${down} down` : '', aside > 0 ? `${aside} aside` : ''].join('');
  });
}

/** Which of these pieces of HTML makes the page too large, each alone in front of its form: `store_timeout: 12 down`. */
export async function overflowsWith(
  page: Page,
  pieces: Readonly<Record<string, string>>,
): Promise<string[]> {
  const found: string[] = [];
  for (const [name, html] of Object.entries(pieces)) {
    await page.evaluate((piece) => {
      document.querySelector('.tried')?.remove();
      const form = document.querySelector('form');
      form?.insertAdjacentHTML('beforebegin', piece);
      form?.previousElementSibling?.classList.add('tried');
    }, html);
    const overflow = await overflowOf(page);
    if (overflow !== '') found.push(`${name}: ${overflow}`);
  }
  return found;
}

/** Which of these pages of the same site is too large, each drawn in the place of the one that is open. */
export async function overflowsAt(page: Page, paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    await page.evaluate(async (at) => {
      const html = await (await fetch(at)).text();
      document.body.replaceWith(new DOMParser().parseFromString(html, 'text/html').body);
    }, path);
    const overflow = await overflowOf(page);
    if (overflow !== '') found.push(`${path}: ${overflow}`);
  }
  return found;
}

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

/** Which of these pieces of HTML, put in front of the form one after the other, makes the page larger than its window. */
export async function overflowsWith(
  page: Page,
  pieces: Readonly<Record<string, string>>,
): Promise<string[]> {
  const found: string[] = [];
  for (const [name, html] of Object.entries(pieces)) {
    await page.evaluate((inner) => {
      document.querySelector('.tried')?.remove();
      document.querySelector('form')?.insertAdjacentHTML('beforebegin', inner);
      document.querySelector('form')?.previousElementSibling?.classList.add('tried');
    }, html);
    const overflow = await overflowOf(page);
    if (overflow !== '') found.push(`${name}: ${overflow}`);
  }
  return found;
}

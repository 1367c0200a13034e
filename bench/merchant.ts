import { Pool } from 'undici';

/** As much of a merchant's browser as a sign-in in the popup takes. */
export function merchant(
  appUrl: string,
  person: { readonly name: string; readonly password: string },
) {
  const pool = new Pool(appUrl);

  async function open(path: string, cookie: string) {
    const { headers, body } = await pool.request({ method: 'GET', path, headers: { cookie } });
    const [first] = [headers['set-cookie'] ?? []].flat();
    return {
      cookie: first?.split(';')[0] ?? cookie,
      location: String(headers['location'] ?? ''),
      page: await body.text(),
    };
  }

  return {
    /** Opens the popup and signs in. Answers how long the form took to lead back to Magento, in milliseconds. */
    async signIn(popupUrl: string): Promise<number> {
      const { pathname, search } = new URL(popupUrl);
      const first = await open(pathname + search, '');
      const { page, cookie } = await open(first.location, first.cookie);
      const hidden = page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g);
      const form = new URLSearchParams();
      for (const [, name = '', value = ''] of hidden) form.append(name, value);
      form.set('username', person.name);
      form.set('password', person.password);
      const startedAt = performance.now();
      const { statusCode, body } = await pool.request({
        method: 'POST',
        path: '/checklogin',
        headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
        body: form.toString(),
      });
      const tookMs = performance.now() - startedAt;
      const answer = await body.text();
      if (statusCode !== 303) throw new Error(`the sign-in answered ${statusCode}: ${answer}`);
      return tookMs;
    },

    close: () => pool.close(),
  };
}

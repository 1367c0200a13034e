import { setTimeout as pause } from 'node:timers/promises';

/** A page as far as the demo's check looks at one. */
export interface Page {
  readonly url: string;
  readonly status: number;
  /** The `Location` header; empty where there is none. */
  readonly location: string;
  readonly text: string;
}

/** As much of a browser as a walk through forms needs: it keeps cookies, and follows redirects of GET on one site. */
export function browser() {
  const cookies = new Map<string, string>();

  async function load(url: string, request: RequestInit = {}): Promise<Page> {
    const headers = new Headers(request.headers);
    headers.set('Cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    headers.set('Accept', 'text/html');
    const response = await fetch(url, {
      ...request,
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(30_000),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location') ?? '';
    return { url, status: response.status, location, text: await response.text() };
  }

  async function open(address: string, base?: string): Promise<Page> {
    let page = await load(new URL(address, base).href);
    for (let hops = 0; hops < 5 && page.location !== ''; hops += 1) {
      page = await load(new URL(page.location, page.url).href);
    }
    return page;
  }

  /** The page that a page which reloads itself comes to; any other page as it is. */
  async function waited(page: Page): Promise<Page> {
    const [, seconds, next = ''] =
      /<meta http-equiv="refresh" content="(\d+);url=([^"]+)">/.exec(page.text) ?? [];
    if (seconds === undefined) return page;
    await pause(Number(seconds) * 1000);
    return waited(await load(new URL(next, page.url).href));
  }

  return {
    open,
    waited,

    /** Sends the page's form with its own values, but for those given. What it redirects to is not opened. */
    submit(
      page: Page,
      values: Readonly<Record<string, string | readonly string[]>>,
      headers: Readonly<Record<string, string>> = {},
    ): Promise<Page> {
      const [, attributes = '', inner = ''] =
        /<form\b([^>]*method="post"[^>]*)>(.*?)<\/form>/is.exec(page.text) ?? [];
      const fields = new URLSearchParams();
      for (const [input] of inner.matchAll(/<input\b[^>]*>/g)) {
        const name = attribute(input, 'name');
        const isText = !/type="(checkbox|radio|submit)"/.test(input);
        if (name !== '' && isText && !(name in values))
          fields.append(name, attribute(input, 'value'));
      }
      for (const [name, value] of Object.entries(values)) {
        for (const each of [value].flat()) fields.append(name, each);
      }
      const action = new URL(attribute(attributes, 'action'), page.url).href;
      return load(action, { method: 'POST', body: fields, headers });
    },
  };
}

function attribute(tag: string, name: string): string {
  const [, value = ''] = new RegExp(`\\b${name}="([^"]*)"`).exec(tag) ?? [];
  return value.replaceAll('&amp;', '&').replaceAll('&#39;', "'").replaceAll('&#34;', '"');
}

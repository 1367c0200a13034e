import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { activationRequest } from './activation-request.js';
import { keepAliveConnection, type KeepAliveConnection } from './keep-alive-client.js';
import { magentoString } from './magento-string.js';
import { folder, startApp, startProgram } from './processes.js';
import { median } from './statistics.js';

/** One block of popups: medians from a request to the end of its answer, in milliseconds. */
export interface PageTimes {
  /** What Magento opens: the key and the callback go into a new session, and the answer is a 303. */
  readonly firstMs: number;
  /** Where that leads: the page with the form. */
  readonly formMs: number;
  /** The same bytes from memory, sent by a bare Express. */
  readonly staticMs: number;
  /** The same once a session has been found. */
  readonly sessionMs: number;
}

interface Loaded {
  readonly ms: number;
  readonly cookie: string;
  readonly location: string;
  readonly page: string;
}

const callback = 'https://shop.example/admin/admin/integration/loginSuccessCallback/';

/**
 * Popups of new activations, each opened by a new browser, and the bare pages by turns with them, one request at a time.
 * An app of their own: it takes 3,000 visits of one network in five minutes, and a popup is two.
 */
export async function pageLoads(
  redisPort: number,
  blocks: number,
  perBlock: number,
): Promise<PageTimes[]> {
  const app = await keepAliveConnection(await startApp(redisPort));
  const sample = path.join(folder, 'page.html');
  writeFileSync(sample, (await openPopup(app)).form.page);
  const bare = await keepAliveConnection(
    Number(await startProgram('bare-page', [sample, `${redisPort}`])),
  );
  const { cookie } = await load(bare, '/session', 200);

  async function block(count: number): Promise<PageTimes> {
    const times: Record<keyof PageTimes, number[]> = {
      firstMs: [],
      formMs: [],
      staticMs: [],
      sessionMs: [],
    };
    for (let n = 0; n < count; n += 1) {
      const { first, form } = await openPopup(app);
      times.firstMs.push(first.ms);
      times.formMs.push(form.ms);
      times.staticMs.push((await load(bare, '/static', 200)).ms);
      times.sessionMs.push((await load(bare, '/session', 200, cookie)).ms);
    }
    return {
      firstMs: median(times.firstMs),
      formMs: median(times.formMs),
      staticMs: median(times.staticMs),
      sessionMs: median(times.sessionMs),
    };
  }

  try {
    await block(perBlock);
    const measured: PageTimes[] = [];
    while (measured.length < blocks) measured.push(await block(perBlock));
    return measured;
  } finally {
    app.close();
    bare.close();
  }
}

/** The popup of a new activation, up to its form. */
async function openPopup(app: KeepAliveConnection) {
  const consumerKey = magentoString();
  await send(app, activationRequest(consumerKey), 200);
  const query = new URLSearchParams({
    oauth_consumer_key: consumerKey,
    success_call_back: callback,
  });
  const first = await load(app, `/login?${query.toString()}`, 303);
  return { first, form: await load(app, first.location, 200, first.cookie) };
}

function load(connection: KeepAliveConnection, target: string, status: number, cookie = '') {
  return send(
    connection,
    `GET ${target} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nCookie: ${cookie}\r\n\r\n`,
    status,
  );
}

/** Sends a request and waits for its whole answer, which has to have this status. */
function send(connection: KeepAliveConnection, request: string, wanted: number): Promise<Loaded> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    connection.send(request, (status, answer) => {
      const ms = performance.now() - startedAt;
      if (status !== wanted) reject(new Error(`${status} instead of ${wanted}: ${answer}`));
      const [head = '', ...rest] = answer.split('\r\n\r\n');
      resolve({
        ms,
        cookie: /^set-cookie: ([^;\r]*)/im.exec(head)?.[1] ?? '',
        location: /^location: (.*)$/im.exec(head)?.[1] ?? '',
        page: rest.join('\r\n\r\n'),
      });
    });
  });
}

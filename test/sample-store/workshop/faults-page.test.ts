import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { faultNames } from '../../../src/sample-store/faults/read-fault.js';
import { createSampleStore } from '../../../src/sample-store/sample-store.js';
import { startBrowser } from '../../support/browser.js';
import { activatedStore } from '../activated-store.js';

const slow = { at: 'post', do: 'slow', ms: 7000, times: 1 };

describe('/_store/faults as JSON', () => {
  it('adds faults, lists them with what is left, and clears them', async () => {
    const agent = request(createSampleStore().app);

    await agent.post('/_store/faults').send(slow).expect(200);
    const both = await agent.post('/_store/faults').send([{ at: 'rest', do: 'cut' }]);
    const listed = await agent.get('/_store/faults');
    const cleared = await agent.delete('/_store/faults').expect(200);

    const inForce = [
      { ...slow, left: 1 },
      { at: 'rest', do: 'cut', left: null },
    ];
    expect([both.body, listed.body, cleared.body]).toEqual([inForce, inForce, []]);
    expect((await agent.get('/_store/faults')).body).toEqual([]);
  });

  it('lets a fault strike as often as it says', async () => {
    const { store, requestToken } = await activatedStore();
    const agent = request(store.app);
    await agent.post('/_store/faults').send({ at: 'request', do: 'status-503', times: 2 });

    await requestToken();

    expect((await agent.get('/_store/faults')).body).toMatchObject([{ left: 1 }]);
    expect((await requestToken()).status).toBe(503);
    expect((await agent.get('/_store/faults')).body).toEqual([]);
    expect((await requestToken()).status).toBe(200);
  });

  it('takes all or none of a list, and says what is wrong', async () => {
    const agent = request(createSampleStore().app);

    const reply = await agent.post('/_store/faults').send([slow, { at: 'post', do: 'slwo' }]);

    expect(reply.status).toBe(400);
    expect(reply.body).toMatchObject({ error: expect.stringMatching(/^There is no fault "slwo"/) });
    expect((await agent.get('/_store/faults')).body).toEqual([]);
  });

  it('takes nothing but JSON and forms', async () => {
    const agent = request(createSampleStore().app);

    await agent.post('/_store/faults').type('text').send(JSON.stringify(slow)).expect(415);
    await agent.post('/_store/faults').type('json').send('{').expect(400);
  });
});

describe('/_store/faults as a page', () => {
  it('has every fault', async () => {
    const { text } = await request(createSampleStore().app).get('/_store/faults').accept('html');

    for (const name of faultNames) expect(text).toContain(`<summary><code>${name}</code>`);
  });

  it('says on the page what is wrong with a form', async () => {
    const agent = request(createSampleStore().app);

    const reply = await agent
      .post('/_store/faults')
      .accept('html')
      .type('form')
      .send({ do: 'slow', at: 'post', ms: '<b>' });

    expect(reply.status).toBe(400);
    expect(reply.text).toContain('Fault &#34;slow&#34;: ms:');
  });

  it('works in a browser without scripts', async () => {
    const { store } = await activatedStore();
    const context = await (await startBrowser()).newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${store.url}_store/faults`);
    const form = page.getByRole('form', { name: 'slow' });

    await page.locator('summary', { hasText: /^slow / }).click();
    await form.locator('select').selectOption('access');
    await form.locator('input[name=ms]').fill('7000');
    await form.locator('input[name=times]').fill('');
    await form.getByRole('button').click();

    const inForce = page.locator('tbody tr');
    expect(await inForce.allInnerTexts()).toEqual(['slow@access,ms=7000\tevery time']);
    await page.getByRole('button', { name: 'Clear all' }).click();
    expect(await page.getByText('None: the store behaves.').count()).toBe(1);
    await context.close();
  });

  it('has a form that puts the clock forward', async () => {
    const { text } = await request(createSampleStore().app).get('/_store/faults').accept('html');

    expect(text).toMatch(/<form method="post" action="\/_store\/clock"[^]*name="advance"/);
  });
});

describe('the workshop and other sites', () => {
  const elsewhere: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'of another site': { 'Sec-Fetch-Site': 'cross-site' },
    'of another port': { 'Sec-Fetch-Site': 'same-site' },
    'that names its origin': { Origin: 'https://evil.example' },
    'that hides its origin': { Origin: 'null' },
  };
  for (const [what, headers] of Object.entries(elsewhere)) {
    for (const type of ['form', 'json']) {
      it(`takes no ${type} from a page ${what}`, async () => {
        const agent = request(createSampleStore().app);

        await agent.post('/_store/faults').set(headers).type(type).send(slow).expect(403);
        await agent.delete('/_store/faults').set(headers).expect(403);
        await agent.post('/_store/clock').set(headers).type(type).send({ advance: 1 }).expect(403);

        expect((await agent.get('/_store/faults')).body).toEqual([]);
      });
    }
  }

  it('takes a form from its own page', async () => {
    const agent = request(createSampleStore().app);

    await agent
      .post('/_store/faults')
      .set({
        Host: '127.0.0.1:4000',
        Origin: 'http://127.0.0.1:4000',
        'Sec-Fetch-Site': 'same-origin',
      })
      .send(slow)
      .expect(200);
  });

  it("takes nothing from another site's page in a real browser", async () => {
    const { store } = await activatedStore();
    const trap = createServer((_req, res) => {
      res
        .setHeader('Content-Type', 'text/html')
        .end(
          `<form method="post" action="${store.url}_store/faults"><input name="do" value="cut"><input name="at" value="rest"><button>x</button></form>`,
        );
    });
    servers.push(trap);
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
    const page = await (await startBrowser()).newPage();
    await page.goto(`http://127.0.0.1:${(trap.address() as AddressInfo).port}/`);

    const [response] = await Promise.all([
      page.waitForResponse((one) => one.url().endsWith('/_store/faults')),
      page.getByRole('button').click(),
    ]);

    expect(response.status()).toBe(403);
    expect((await request(store.app).get('/_store/faults')).body).toEqual([]);
    await page.close();
  });

  it('shows nothing under a name that somebody else may have led here', async () => {
    const agent = request(createSampleStore().app);

    await agent.get('/_store/requests.json').set('Host', 'evil.example:4000').expect(403);
    for (const host of ['localhost:4000', '[::1]:4000', '10.0.0.7', 'store:4000', 'a.localhost']) {
      await agent.get('/_store/requests.json').set('Host', host).expect(200);
    }
  });

  it('shows itself under the name of its base URL', async () => {
    const { app } = createSampleStore({ baseUrl: () => 'https://shop.test/' });

    await request(app).get('/_store/requests.json').set('Host', 'shop.test').expect(200);
  });

  it('is not shown in a frame', async () => {
    const { headers } = await request(createSampleStore().app).get('/_store/');

    expect(headers['content-security-policy']).toMatch(/frame-ancestors 'none'/);
  });
});

const servers: ReturnType<typeof createServer>[] = [];

afterAll(() => {
  for (const server of servers) server.close();
});

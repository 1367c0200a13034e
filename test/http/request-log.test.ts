import { describe, expect, it } from '@jest/globals';
import { connect, operatorsBrowser } from '../console/operators.js';
import { startApp } from '../support/start-app.js';

const app = await startApp();

function requests(): Record<string, unknown>[] {
  return app
    .logged()
    .split('\n')
    .filter((line) => line.includes('"event":"request"'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the request log', () => {
  const cases: readonly (readonly [address: string, route: string | undefined, status: number])[] =
    [
      ['/healthz?sentinel=1', '/healthz', 200],
      ['/login?oauth_consumer_key=sentinel', '/login', 404],
      ['/console/sign-in?sentinel', '/console/sign-in', 200],
      ['/sentinel/no/route?sentinel', undefined, 404],
      ['/assets/sentinel.css', undefined, 404],
    ];
  for (const [address, route, status] of cases) {
    it(`has ${route ?? 'no route'} for ${address}, and nothing of what was asked`, async () => {
      await app.visitor().get(address).set('Referer', 'https://sentinel.example/');

      const line = requests().at(-1);
      expect(line).toMatchObject({ method: 'GET', status, answered: true });
      expect(line?.['route']).toBe(route);
      expect(line?.['ms']).toEqual(expect.any(Number));
      expect(JSON.stringify(line)).not.toContain('sentinel');
    });
  }

  it('has one line for each request', async () => {
    const before = requests().length;

    await Promise.all(Array.from({ length: 5 }, () => app.visitor().get('/healthz')));

    expect(requests()).toHaveLength(before + 5);
  });

  it('names the route of a page of the console, found or not, without the key in it', async () => {
    const browser = await operatorsBrowser(app);
    const { consumerKey } = await connect(app);

    await browser.get(`/console/stores/${consumerKey}`);
    await browser.post(`/console/stores/${consumerKey}/check`).type('form').send({});

    expect(requests().slice(-2)).toMatchObject([
      { route: '/console/stores/:consumerKey', status: 200 },
      { route: '/console/stores/:consumerKey/check', status: 403 },
    ]);
    expect(app.logged()).not.toContain(consumerKey);
  });
});

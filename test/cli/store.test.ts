import { readFileSync } from 'node:fs';
import https from 'node:https';
import { describe, expect, it } from '@jest/globals';
import { run } from '../processes/child.js';

const env = { PATH: process.env['PATH'], PORT: '0' };
const store = (...args: string[]) => run(['cli/store', ...args], env);

function addressesIn(text: string): string[] {
  return [...text.matchAll(/^Sample store: (\S+)$/gm)].map(([, url = '']) => url);
}

describe('npm run store', () => {
  it('runs several stores that share nothing, each with the faults it was told', async () => {
    const child = store('--stores', '2', '--fault', 'status-503@request,times=1');
    await child.printed('Ctrl-C');
    const [one, other] = addressesIn(child.stdout());

    const statuses: number[] = [];
    for (const url of [one, one, other]) {
      statuses.push((await fetch(`${url}oauth/token/request`, { method: 'POST' })).status);
    }
    child.kill('SIGTERM');

    expect(one).not.toBe(other);
    expect(statuses).toEqual([503, 400, 503]);
    expect(await child.ended).toMatchObject({ code: 0, stderr: '' });
    expect(child.stdout()).toContain(`${new URL(one!).host}  POST /oauth/token/request  503`);
  });

  it('speaks TLS and names the authority to trust', async () => {
    const child = store('--tls', 'good');
    await child.printed('Ctrl-C');
    const [url = ''] = addressesIn(child.stdout());
    const [, file = ''] = /^Authority of the certificate: (.*)$/m.exec(child.stdout()) ?? [];

    const status = await new Promise((resolve, reject) => {
      https
        .get(url, { ca: readFileSync(file), agent: false }, (response) => {
          resolve(response.resume().statusCode);
        })
        .on('error', reject);
    });

    expect(status).toBe(200);
  });

  it('says what is wrong with its command line, and ends', async () => {
    expect(await store('--colour').ended).toMatchObject({
      code: 1,
      stdout: '',
      stderr: '--colour is no option. npm run store -- --help shows them all.\n',
    });
  });

  it('shows its options', async () => {
    expect(await store('--help').ended).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('--fault SPEC'),
    });
  });
});

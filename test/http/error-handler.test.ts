import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import express, { type RequestHandler } from 'express';
import supertest from 'supertest';
import { brandView } from '../../src/brand/brand.js';
import { AppError, errorCodes } from '../../src/errors.js';
import { answerFor } from '../../src/http/answer-for.js';
import { errorHandler } from '../../src/http/error-handler.js';
import { speakAsBrowser } from '../../src/language/speech.js';
import { plainWords } from '../../src/language/words.js';
import { createLog } from '../../src/log.js';
import { operatorsBrowser } from '../console/operators.js';
import { spoken } from '../support/spoken.js';
import { startApp } from '../support/start-app.js';

const app = await startApp();
const views = path.resolve(import.meta.dirname, '../../views');

/** An app of one route, which fails. */
function failingApp(fail: RequestHandler) {
  const lines: string[] = [];
  const failing = express();
  failing.set('views', views);
  failing.set('view engine', 'ejs');
  Object.assign(failing.locals, { ...spoken, brand: brandView(app.deps.brand) });
  failing.use(speakAsBrowser);
  failing.get('/', fail);
  failing.use(
    errorHandler({
      log: createLog('trace', { write: (line) => void lines.push(line) }),
      publicUrl: app.url,
    }),
  );
  return {
    visitor: supertest(failing),
    logged: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

describe('an address that does not exist', () => {
  it('is answered with 404 and a page', async () => {
    const response = await app.visitor().get('/no/such/page').set('Accept', 'text/html,*/*');

    expect(response.status).toBe(404);
    expect(response.type).toBe('text/html');
    expect(response.text).toContain('There is no page at this address.');
    expect(response.text).toContain('not_found');
  });

  it('is answered with 404 and JSON to who asks for JSON', async () => {
    const response = await app.visitor().get('/no').set('Accept', 'application/json');

    expect(response.status).toBe(404);
    expect(response.body).toEqual({
      code: 'not_found',
      text: 'There is no page at this address.',
      next: 'Check the address.',
    });
  });

  it('repeats nothing of the address', async () => {
    const response = await app.visitor().get('/sentinel?sentinel=<script>sentinel</script>');

    expect(response.text).not.toContain('sentinel');
  });
});

describe('an address that cannot be decoded', () => {
  for (const address of ['/%', '/%E0%A4%A', '/assets/%ff', '/console/stores/%', '/login%zz']) {
    it(`${address} is refused with 4xx, not with 500`, async () => {
      const response = await app.visitor().get(address);

      expect(response.status).toBeGreaterThanOrEqual(300);
      expect(response.status).toBeLessThan(500);
    });
  }

  it('is refused with 400 where it should name something', async () => {
    const browser = await operatorsBrowser(app);

    const response = await browser.get('/console/stores/%');

    expect(response.status).toBe(400);
    expect(response.text).toContain('bad_request');
  });
});

describe('a failure nobody expected', () => {
  it('is answered with 500 and nothing of what happened, and is logged once', async () => {
    const { visitor, logged } = failingApp(() => {
      throw new TypeError('sentinel at /srv/x.ts:3');
    });

    for (const accept of ['text/html', 'application/json']) {
      const response = await visitor.get('/').set('Accept', accept);

      expect(response.status).toBe(500);
      expect(response.text).toContain('Something went wrong on our side.');
      expect(response.text).not.toMatch(/sentinel|TypeError|\.ts/);
    }
    expect(logged()).toHaveLength(2);
    expect(logged()[0]).toMatchObject({
      level: 'error',
      event: 'request_failed',
      code: 'unexpected',
      status: 500,
      err: { name: 'TypeError', stack: expect.stringContaining('error-handler.test.ts') },
    });
    expect(JSON.stringify(logged())).not.toContain('sentinel');
  });

  it('is answered with 500 when it comes late or is no Error', async () => {
    const late = failingApp(async () => Promise.reject(new Error('sentinel')));
    const bare = failingApp((_req, _res, next) => {
      next('sentinel');
    });

    for (const { visitor } of [late, bare]) {
      const response = await visitor.get('/');

      expect(response.status).toBe(500);
      expect(response.text).not.toContain('sentinel');
    }
  });

  it('ends a reply that has begun instead of adding a page to it', async () => {
    const { visitor, logged } = failingApp((_req, res) => {
      res.write('begun');
      throw new Error('sentinel');
    });

    await expect(visitor.get('/')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(logged()).toHaveLength(1);
  });
});

describe('a failure with a name', () => {
  it('is told with its text, its advice and its code, and logged as a warning', async () => {
    const { visitor, logged } = failingApp(() => {
      throw new AppError('activation_unknown', 'sentinel for operators');
    });

    const response = await visitor.get('/').set('Accept', 'text/html');

    expect(response.status).toBe(404);
    expect(response.text).toContain('We have not received this activation');
    expect(response.text).toContain('Code activation_unknown');
    expect(response.text).not.toContain('sentinel');
    expect(logged()).toMatchObject([{ level: 'warn', err: { message: 'sentinel for operators' } }]);
  });

  it('carries the support code and the way back that the route left', async () => {
    const { visitor } = failingApp((_req, res) => {
      Object.assign(res.locals, {
        inPopup: true,
        supportCode: 'MI-1234',
        tryAgain: '/login?popup=x',
      });
      throw new AppError('store_timeout', '');
    });

    const response = await visitor.get('/').set('Accept', 'text/html');

    expect(response.text).toContain('Code MI-1234 store_timeout');
    expect(response.text).toContain('href="/login?popup=x"');
    expect(response.text).toContain('You can close this window.');
  });
});

describe('answerFor', () => {
  for (const code of errorCodes) {
    it(`has a status and two sentences for ${code}`, () => {
      const answer = answerFor(new AppError(code, ''));

      expect(answer.code).toBe(code);
      expect([400, 401, 403, 404, 405, 409, 410, 413, 415, 421, 429, 500, 502, 503]).toContain(
        answer.status,
      );
      expect(answer.text).toMatch(/^[A-Z].+\.$/);
      expect(plainWords(answer.next)).toMatch(/^[A-Z].+\.$/);
    });
  }

  const failures: readonly (readonly [failure: unknown, code: string])[] = [
    [Object.assign(new Error('x'), { status: 400 }), 'bad_request'],
    [Object.assign(new Error('x'), { status: 413 }), 'too_large'],
    [Object.assign(new Error('x'), { status: 415 }), 'not_form_encoded'],
    [Object.assign(new Error('x'), { status: 500 }), 'unexpected'],
    [Object.assign(new Error('x'), { status: '400' }), 'unexpected'],
    [new Error('Connection is closed.'), 'redis_unavailable'],
    [new Error('Command timed out'), 'redis_unavailable'],
    [
      Object.assign(new Error('OOM command not allowed'), { name: 'ReplyError' }),
      'redis_unavailable',
    ],
    [Object.assign(new Error('WRONGTYPE Operation'), { name: 'ReplyError' }), 'unexpected'],
    [{ status: 400 }, 'unexpected'],
    [undefined, 'unexpected'],
    [null, 'unexpected'],
  ];
  for (const [failure, code] of failures) {
    it(`takes ${String(failure)} for ${code}`, () => {
      expect(answerFor(failure).code).toBe(code);
    });
  }
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll } from '@jest/globals';
import express from 'express';
import { assetRoutes } from '../../src/brand/assets.js';
import { brandView, type Brand } from '../../src/brand/brand.js';
import { AppError, type ErrorCode } from '../../src/errors.js';
import { errorHandler, type FailureContext } from '../../src/http/error-handler.js';
import { speakAsBrowser } from '../../src/language/speech.js';
import { plainWords, wordsOf } from '../../src/language/words.js';
import { createLog } from '../../src/log.js';

const root = path.resolve(import.meta.dirname, '../..');

/** Answers each failure under its code, as in the popup and with everything that can stand there. Answers its address. */
export async function startFailingApp(brand: Brand, redirectsTo: string): Promise<string> {
  const app = express();
  app.set('views', path.join(root, 'views'));
  app.set('view engine', 'ejs');
  Object.assign(app.locals, { brand: brandView(brand), words: wordsOf, plain: plainWords });
  app.use(speakAsBrowser);
  app.use('/assets', assetRoutes({ brand }, path.join(root, 'public')));
  app.get('/:code', (req, res) => {
    const context: FailureContext = {
      inPopup: true,
      supportCode: 'ACT-WWWWWW',
      tryAgain: '/login?popup=p',
    };
    Object.assign(res.locals, context);
    const { code } = req.params;
    if (code === 'unexpected') throw new Error('for the test');
    throw new AppError(code as ErrorCode, '', code === 'store_redirects' ? { redirectsTo } : {});
  });
  const log = createLog('fatal', { write: () => undefined });
  app.use(errorHandler({ log, publicUrl: 'https://magento-integration.brand.example' }));

  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

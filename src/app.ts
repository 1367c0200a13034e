import path from 'node:path';
import express, { type Express } from 'express';
import type { Redis } from 'ioredis';
import type { AccountStore } from './accounts/account-store.js';
import { sessions } from './accounts/session.js';
import type { ActivationStore } from './activation/activation-store.js';
import { checkLoginRoutes } from './activation/checklogin.js';
import { endpointRoutes } from './activation/endpoint.js';
import { loginRoutes } from './activation/login.js';
import type { CredentialStore } from './credentials/credential-store.js';
import type { KeyRing } from './credentials/key-ring.js';
import { AppError } from './errors.js';
import { errorHandler } from './http/error-handler.js';
import { healthRoutes } from './http/health.js';
import { requestLog } from './http/request-log.js';
import { securityHeaders } from './http/security-headers.js';
import type { Logger } from './log.js';
import type { StoreHttp } from './magento/store-http.js';
import type { StorePolicy } from './magento/store-url.js';

/** Everything the app reaches outside itself for, and the settings it follows. Tests pass their own. */
export interface Deps {
  readonly redis: Redis;
  readonly prefix: string;
  readonly activations: ActivationStore;
  readonly credentials: CredentialStore;
  readonly accounts: AccountStore;
  readonly ring: KeyRing;
  readonly storeHttp: StoreHttp;
  readonly storePolicy: StorePolicy;
  readonly publicUrl: string;
  readonly sessionSecrets: readonly string[];
  readonly trustProxy: number | readonly string[] | undefined;
  readonly isReady: () => Promise<boolean>;
  readonly now: () => Date;
  readonly nonce: () => string;
  readonly randomToken: () => string;
  readonly log: Logger;
}

/** Views and assets lie beside `src/` and `dist/` alike. */
const root = path.resolve(import.meta.dirname, '..');

/** The app: what stands in front of what, in this order. */
export function createApp(deps: Deps): Express {
  const https = deps.publicUrl.startsWith('https:');
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('views', path.join(root, 'views'));
  app.set('view engine', 'ejs');
  app.set('trust proxy', deps.trustProxy ?? false);

  app.use(requestLog(deps));
  // Ahead of all that pages need: Magento waits 5 s, and wants neither a session nor a cookie.
  app.use(endpointRoutes(deps));
  app.use(healthRoutes(deps));
  app.use(securityHeaders({ https }));
  app.use('/assets', express.static(path.join(root, 'public'), { maxAge: '1h', index: false }));
  app.use(sessions({ ...deps, secrets: deps.sessionSecrets, https }));
  app.use(loginRoutes(deps));
  app.use(checkLoginRoutes(deps));
  app.use((req) => {
    throw new AppError('not_found', `no route for ${req.method}`);
  });
  app.use(errorHandler(deps));
  return app;
}

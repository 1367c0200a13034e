import type { RequestListener } from 'node:http';
import path from 'node:path';
import express, { type Request, type RequestHandler } from 'express';
import { assetRoutes } from './brand/assets.js';
import { brandView, type Brand } from './brand/brand.js';
import { checkCodeRoutes, type CheckCodeDeps } from './activation/checkcode.js';
import { checkLoginRoutes } from './activation/checklogin.js';
import { disconnectStore } from './activation/disconnect-store.js';
import { endpoint, type EndpointDeps } from './activation/endpoint.js';
import { handOverRoutes } from './activation/hand-over/hand-over-routes.js';
import { linkRoutes } from './activation/hand-over/link-routes.js';
import { invitedLoginRoutes } from './activation/invited-login.js';
import { loginRoutes } from './activation/login.js';
import { popupHelpRoutes } from './activation/popup-help.js';
import { progressRoutes } from './activation/waiting/progress.js';
import { popupOf } from './activation/popup.js';
import { consoleRoutes, type ConsoleDeps } from './console/console-routes.js';
import { checkStore } from './console/check-store.js';
import { consolePlace } from './console/console-place.js';
import { requireOperator } from './console/require-operator.js';
import { AppError } from './errors.js';
import { speakAsPerson } from './accounts/session.js';
import { speakAsBrowser, speakEnglish } from './language/speech.js';
import { plainWords, wordsOf } from './language/words.js';
import { trustedProxy } from './http/client-address.js';
import type { Counter } from './http/counter.js';
import { errorHandler } from './http/error-handler.js';
import { healthRoutes } from './http/health.js';
import { hostCheck } from './http/host-check.js';
import { httpsCheck } from './http/https-check.js';
import { ownPagesOnly } from './http/own-pages.js';
import type { PlainHandler } from './http/plain-answer.js';
import { requestLog } from './http/request-log.js';
import { popupHeaders, securityHeaders } from './http/security-headers.js';
import type { InvitationStore } from './invitations/invitation-store.js';
import { invitationHeaders, invitationRoutes, type InvitationDeps } from './joining/invitation.js';
import { registerHeaders, registerRoutes, type RegisterDeps } from './joining/register.js';
import { visitLimit } from './http/visit-limit.js';
import { accountPlace } from './own-account/account-place.js';
import { accountRoutes, type AccountDeps } from './own-account/account-routes.js';
import { lookUpSecondFactor } from './sign-in/own-second-factor.js';
import { requireAccount } from './sign-in/require-account.js';
import { signInRoutes } from './sign-in/sign-in.js';
import { signInCodeRoutes } from './sign-in/sign-in-code.js';

/** Everything the app reaches outside itself for, and the settings it follows. Tests pass their own. */
export type Deps = EndpointDeps &
  CheckCodeDeps &
  Omit<ConsoleDeps & AccountDeps, 'disconnectStore' | 'checkStore'> &
  InvitationDeps &
  Omit<RegisterDeps, 'checkPopup'> & {
    readonly sessions: RequestHandler;
    readonly invitations: InvitationStore;
    readonly brand: Brand;
    readonly publicUrl: string;
    /** Hosts beside that of `publicUrl` that the app goes by: the one it listens on where nobody has set PUBLIC_URL. */
    readonly otherHosts: readonly string[];
    readonly trustProxy: number | readonly string[] | undefined;
    readonly visits: Counter;
    readonly isReady: () => Promise<boolean>;
  };

/** Views and assets lie beside `src/` and `dist/` alike. */
const root = path.resolve(import.meta.dirname, '..');

/** Where Magento's popup may be: each visit there may make a session or check a password. */
const popupAddresses = ['/login', '/login.php', '/checklogin', '/checklogin.php'];

/** The app: what stands in front of what, in this order. */
export function createApp(deps: Deps): RequestListener {
  const https = deps.publicUrl.startsWith('https:');
  const isTrusted = trustedProxy(deps.trustProxy);
  const ofStores: Pick<AccountDeps, 'disconnectStore' | 'checkStore'> = {
    disconnectStore: (consumerKey) => disconnectStore(deps, consumerKey),
    checkStore: (credential) => checkStore(deps, credential),
  };
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('views', path.join(root, 'views'));
  app.set('view engine', 'ejs');
  // Express does so by itself under NODE_ENV=production alone, and would else compile a page's templates anew each time.
  app.enable('view cache');
  app.set('trust proxy', isTrusted);
  Object.assign(app.locals, { brand: brandView(deps.brand), words: wordsOf, plain: plainWords });

  app.use(requestLog(deps));
  app.use(speakAsBrowser);
  app.use(healthRoutes(deps));
  app.use(securityHeaders({ https }));
  app.use('/assets', assetRoutes(deps, path.join(root, 'public')));
  app.use(popupAddresses, popupHeaders(), visitLimit(deps));
  app.use('/register', registerHeaders, visitLimit(deps));
  app.use('/invitation', invitationHeaders, visitLimit(deps));
  app.use(['/console/sign-in', '/account/sign-in'], visitLimit(deps));
  app.use(ownPagesOnly(deps));
  app.use(deps.sessions, speakAsPerson);
  app.use(loginRoutes(deps));
  app.use(popupHelpRoutes(deps));
  app.use(progressRoutes(deps));
  app.use(handOverRoutes(deps));
  app.use(linkRoutes(deps));
  app.use(checkLoginRoutes(deps));
  app.use(checkCodeRoutes(deps));
  app.use('/account', signInRoutes(deps, accountPlace));
  app.use('/account', signInCodeRoutes(deps, accountPlace));
  app.use(
    '/account',
    requireAccount(deps, accountPlace),
    lookUpSecondFactor(deps),
    accountRoutes({ ...deps, ...ofStores }),
  );
  app.use(invitedLoginRoutes(deps));
  app.use(invitationRoutes(deps));
  if (deps.isRegistrationOpen) {
    const checkPopup = (req: Request) => void popupOf(req, req.query, deps.now());
    app.use(registerRoutes({ ...deps, checkPopup }));
  }
  app.use('/console', speakEnglish);
  app.use('/console', signInRoutes(deps, consolePlace));
  app.use('/console', signInCodeRoutes(deps, consolePlace));
  app.use(
    '/console',
    requireOperator(deps),
    lookUpSecondFactor(deps),
    consoleRoutes({ ...deps, ...ofStores }),
  );
  app.use((req) => {
    throw new AppError('not_found', `no route for ${req.method}`);
  });
  // Their failures are answered under their own paths, so that the request log names the routes in full.
  app.use('/console', errorHandler(deps));
  app.use('/account', errorHandler(deps));
  app.use(errorHandler(deps));

  // Ahead of all that pages need: Magento waits 5 s, and wants neither a session nor a cookie.
  return inTurn([hostCheck(deps), httpsCheck(deps, isTrusted), endpoint(deps, isTrusted)], app);
}

/** Each of these answers a request or hands it on to the next; what none has answered is for the last. */
function inTurn(handlers: readonly PlainHandler[], last: RequestListener): RequestListener {
  return handlers.reduceRight<RequestListener>(
    (next, handler) => (req, res) => {
      handler(req, res, () => {
        next(req, res);
      });
    },
    last,
  );
}

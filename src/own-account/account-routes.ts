import { Router, type RequestHandler } from 'express';
import { speakAs } from '../language/speech.js';
import { accountOf } from '../sign-in/require-account.js';
import { showNotFound } from './not-found.js';
import { disconnectRoutes, type DisconnectDeps } from './disconnect.js';
import { secondFactorRoutes, type SecondFactorDeps } from './second-factor.js';
import { settingsRoutes, type SettingsDeps } from './settings.js';
import { storesRoutes, type StoresDeps } from './stores.js';

export type AccountDeps = StoresDeps & DisconnectDeps & SettingsDeps & SecondFactorDeps;

/** Everything under `/account` that only its owner may see; `requireAccount` stands in front of it. */
export function accountRoutes(deps: AccountDeps): Router {
  const router = Router();
  router.use(speakAsAccount);
  router.use(storesRoutes(deps));
  router.use(disconnectRoutes(deps));
  router.use(settingsRoutes(deps));
  router.use(secondFactorRoutes(deps));
  router.use((req, res) => {
    showNotFound(deps, req, res, 'page');
  });
  return router;
}

/** Answers in the language that the account has chosen; without one, the browser's stays. */
const speakAsAccount: RequestHandler = (_req, res, next) => {
  speakAs(res, accountOf(res));
  next();
};

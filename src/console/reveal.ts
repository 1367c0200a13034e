import { Router } from 'express';
import type { Logger } from '../log.js';
import { stepUp, type StepUpDeps } from '../sign-in/step-up.js';
import { supportCode } from '../timeline/support-code.js';
import { consoleForm } from './console-session.js';
import { storePath } from './places.js';
import { operatorOf } from './require-operator.js';
import { readableSecrets, showStore, storeAsked, type StorePageDeps } from './store-page.js';
import { shownSeconds } from './store-view.js';

export type RevealDeps = StorePageDeps & StepUpDeps & { readonly log: Logger };

/** `POST /console/stores/:consumerKey/reveal`: the secrets in clear, once, for the operator's password and code. */
export function revealRoutes(deps: RevealDeps): Router {
  const router = Router();
  router.post('/stores/:consumerKey/reveal', ...consoleForm, async (req, res) => {
    const credential = await storeAsked(deps, req, res);
    if (!credential) return;
    const activation = supportCode(credential.consumerKey);
    const { name } = operatorOf(res);
    const problem = await stepUp(deps, res, req.body);
    if (problem) {
      deps.log.warn({ event: 'reveal_refused', account: name, activation });
      res.status(problem.status);
      await showStore(deps, req, res, credential, { problem });
      return;
    }
    if (!readableSecrets(deps, credential)) {
      await showStore(deps, req, res, credential);
      return;
    }
    // Ahead of the answer: values that were seen must not be missing from the log.
    deps.log.info({ event: 'secrets_revealed', account: name, activation });
    res.set('Cache-Control', 'no-store');
    res.set('Refresh', `${shownSeconds}; url=${storePath(credential.consumerKey)}`);
    await showStore(deps, req, res, credential, { isRevealed: true });
  });
  return router;
}

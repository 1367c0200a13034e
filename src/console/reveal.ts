import { Router } from 'express';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { AccountStore } from '../accounts/account-store.js';
import { consoleForm } from './console-session.js';
import { storePath } from './places.js';
import { operatorOf } from './require-operator.js';
import { readableSecrets, showStore, storeAsked, type StorePageDeps } from './store-page.js';
import { shownSeconds } from './store-view.js';

export interface RevealDeps extends StorePageDeps {
  readonly accounts: Pick<AccountStore, 'signIn'>;
  readonly log: Logger;
}

const passwordForm = z.object({ password: z.string() });

/** `POST /console/stores/:consumerKey/reveal`: the secrets in clear, once, for the operator's password. */
export function revealRoutes(deps: RevealDeps): Router {
  const router = Router();
  router.post('/stores/:consumerKey/reveal', ...consoleForm, async (req, res) => {
    const credential = await storeAsked(deps, req, res);
    if (!credential) return;
    const activation = deps.supportCode(credential.consumerKey);
    const { name } = operatorOf(res);
    if (!(await isPasswordOf(deps, name, req.body))) {
      deps.log.warn({ event: 'reveal_refused', account: name, activation });
      res.status(401);
      await showStore(deps, req, res, credential, {
        problem: {
          text: 'That is not your password.',
          next: 'Nothing was revealed. Type the password you signed in with.',
        },
      });
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

async function isPasswordOf(
  { accounts }: Pick<RevealDeps, 'accounts'>,
  name: string,
  body: unknown,
): Promise<boolean> {
  const { data } = passwordForm.safeParse(body);
  return data !== undefined && (await accounts.signIn(name, data.password)) !== undefined;
}

import { Router } from 'express';
import { attemptListRoutes, type AttemptListDeps } from './attempt-list.js';
import { attemptRoutes, type AttemptDeps } from './attempt.js';
import { dismissRoutes, type DismissDeps } from './dismiss.js';
import { disconnectRoutes, type DisconnectDeps } from './disconnect.js';
import { invitationRoutes, type InvitationDeps } from './people/invitation.js';
import { inviteRoutes, type InviteDeps } from './people/invite.js';
import { newAccountRoutes, type NewAccountDeps } from './people/new-account.js';
import { peopleRoutes, type PeopleDeps } from './people/people.js';
import { personRoutes, type PersonDeps } from './people/person.js';
import { revealRoutes, type RevealDeps } from './reveal.js';
import { storeListRoutes, type StoreListDeps } from './store-list.js';
import { showNotFound } from './store-page.js';
import { storeRoutes, type StoreDeps } from './store.js';

export type ConsoleDeps = StoreListDeps &
  StoreDeps &
  RevealDeps &
  DismissDeps &
  DisconnectDeps &
  AttemptListDeps &
  AttemptDeps &
  PeopleDeps &
  PersonDeps &
  NewAccountDeps &
  InviteDeps &
  InvitationDeps;

/** Everything under `/console` that only operators may see; `requireOperator` stands in front of it. */
export function consoleRoutes(deps: ConsoleDeps): Router {
  const router = Router();
  router.use(storeListRoutes(deps));
  router.use(storeRoutes(deps));
  router.use(revealRoutes(deps));
  router.use(dismissRoutes(deps));
  router.use(disconnectRoutes(deps));
  router.use(attemptListRoutes(deps));
  router.use(attemptRoutes(deps));
  router.use(peopleRoutes(deps));
  router.use(newAccountRoutes(deps));
  router.use(personRoutes(deps));
  router.use(inviteRoutes(deps));
  router.use(invitationRoutes(deps));
  // It is at everybody's own account.
  router.get('/second-factor', (_req, res) => {
    res.redirect(303, '/account/second-factor');
  });
  router.use((req, res) => {
    showNotFound(deps, req, res, 'page');
  });
  return router;
}

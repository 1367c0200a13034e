import { Router } from 'express';
import { dismissRoutes, type DismissDeps } from './dismiss.js';
import { disconnectRoutes, type DisconnectDeps } from './disconnect.js';
import { invitationRoutes, type InvitationDeps } from './people/invitation.js';
import { inviteRoutes, type InviteDeps } from './people/invite.js';
import { newAccountRoutes, type NewAccountDeps } from './people/new-account.js';
import { peopleRoutes, type PeopleDeps } from './people/people.js';
import { personRoutes, type PersonDeps } from './people/person.js';
import { revealRoutes, type RevealDeps } from './reveal.js';
import { secondFactorRoutes, type SecondFactorDeps } from './second-factor.js';
import { storeListRoutes, type StoreListDeps } from './store-list.js';
import { showNotFound } from './store-page.js';
import { storeRoutes, type StoreDeps } from './store.js';

export type ConsoleDeps = StoreListDeps &
  StoreDeps &
  RevealDeps &
  DismissDeps &
  DisconnectDeps &
  PeopleDeps &
  PersonDeps &
  NewAccountDeps &
  InviteDeps &
  InvitationDeps &
  SecondFactorDeps;

/** Everything under `/console` that only operators may see; `requireOperator` stands in front of it. */
export function consoleRoutes(deps: ConsoleDeps): Router {
  const router = Router();
  router.use(storeListRoutes(deps));
  router.use(storeRoutes(deps));
  router.use(revealRoutes(deps));
  router.use(dismissRoutes(deps));
  router.use(disconnectRoutes(deps));
  router.use(peopleRoutes(deps));
  router.use(newAccountRoutes(deps));
  router.use(personRoutes(deps));
  router.use(inviteRoutes(deps));
  router.use(invitationRoutes(deps));
  router.use(secondFactorRoutes(deps));
  router.use((req, res) => {
    showNotFound(deps, req, res, 'page');
  });
  return router;
}

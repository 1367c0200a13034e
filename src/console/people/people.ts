import { Router } from 'express';
import type { AccountStore } from '../../accounts/account-store.js';
import type { CredentialStore } from '../../credentials/credential-store.js';
import type { InvitationStore } from '../../invitations/invitation-store.js';
import type { SecondFactors } from '../../second-factor/second-factors.js';
import { takeNotice } from '../console-session.js';
import { frameOf } from '../frame-view.js';
import { readSearch } from '../search.js';
import { invitationRow } from './invitation-view.js';
import { pageOfNames } from './page-of-names.js';
import { personRow, type PeopleView, type PersonRow } from './people-view.js';

export interface PeopleDeps {
  readonly accounts: Pick<AccountStore, 'names' | 'find'>;
  readonly secondFactors: Pick<SecondFactors, 'isOn'>;
  readonly credentials: Pick<CredentialStore, 'list'>;
  readonly invitations: Pick<InvitationStore, 'list'>;
  readonly now: () => Date;
  readonly randomToken: () => string;
}

/** The newest are listed here, an account's own on its page. */
const invitationsShown = 100;

/** `GET /console/people`: every account and invitation, or those that `q` finds. */
export function peopleRoutes(deps: PeopleDeps): Router {
  const router = Router();
  router.get('/people', async (req, res) => {
    const now = deps.now();
    const search = readSearch(req.query);
    const [names, invitations] = await Promise.all([
      deps.accounts.names(),
      deps.invitations.list(),
    ]);
    const page = pageOfNames(names, search);
    const view: PeopleView = {
      frame: frameOf(req, res, deps),
      notice: takeNotice(req),
      query: search.query,
      ...page,
      rows: await rowsOf(deps, page.names, now),
      invitations: invitations
        .filter(({ account }) => account.includes(search.query.toLowerCase()))
        .slice(0, invitationsShown)
        .map((invitation) => invitationRow(invitation, now)),
    };
    res.render('console/people/people', view);
  });
  return router;
}

/** A name on the list that was never made an account has no row. */
async function rowsOf(deps: PeopleDeps, names: readonly string[], now: Date): Promise<PersonRow[]> {
  const credentials = await deps.credentials.list();
  const rows = names.map(async (name) => {
    const [account, hasSecondFactor] = await Promise.all([
      deps.accounts.find(name),
      deps.secondFactors.isOn(name),
    ]);
    const stores = credentials.filter((credential) => credential.account === name).length;
    return account && personRow(account, { stores, hasSecondFactor, now });
  });
  return (await Promise.all(rows)).filter((row) => row !== undefined);
}

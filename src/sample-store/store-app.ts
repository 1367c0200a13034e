import ejs, { type Data } from 'ejs';
import express, { type ErrorRequestHandler, type Express } from 'express';
import type { Addresses } from './addresses.js';
import type { AdminDeps } from './admin/admin-actions.js';
import { adminRoutes } from './admin/admin-routes.js';
import type { Answering } from './answering.js';
import type { Tables } from './oauth/oauth-checks.js';
import type { Redirecting } from './oauth/base-url-redirect.js';
import { integrationBearerContext } from './webapi/integration-bearer-context.js';
import type { StoreData } from './webapi/data/store-data.js';
import { oauthContext } from './webapi/oauth-context.js';
import { restApi } from './webapi/rest-api.js';
import { restRoutes } from './webapi/rest-routes.js';
import { tokenRoutes } from './oauth/token-routes.js';
import { customerAccountRoutes } from './users/customer-account-routes.js';
import { customerSessionContext } from './users/customer-session-context.js';
import { userRoutes } from './users/user-routes.js';
import { userTokenContext } from './users/user-token-context.js';
import type { Users } from './users/users.js';
import { viewsFolder } from './views-folder.js';
import { type WorkshopDeps, workshopRoutes } from './workshop/workshop-routes.js';

/** Everything that a store serves. */
export function storeApp(
  deps: AdminDeps &
    Tables &
    Answering &
    Redirecting &
    WorkshopDeps & {
      readonly addresses: Addresses;
      readonly integrationBearer: boolean;
      readonly data: StoreData;
      readonly users: Users;
    },
): Express {
  const { entries, codedRest } = deps.addresses;
  const app = express();
  app.disable('x-powered-by');
  app.engine('ejs', (file, data, done) => {
    ejs.renderFile(file, data as Data, done);
  });
  app.set('views', viewsFolder);
  app.set('view engine', 'ejs');
  app.use('/_store', workshopRoutes(deps));
  app.get('/', (_req, res) => {
    res.render('home', {
      adminUrl: deps.admin.link(),
      adminPath: deps.admin.root(),
      customerUrl: `${entries[0] ?? ''}/customer/account/login/`,
    });
  });
  app.use(
    entries.map((entry) => `${entry}/oauth/token`),
    tokenRoutes(deps),
  );
  app.use(
    [...entries.map((entry) => `${entry}/rest`), ...codedRest],
    restRoutes({
      ...deps,
      routes: [...restApi, ...userRoutes(deps.users)],
      contexts: [
        integrationBearerContext(deps),
        userTokenContext(deps.users),
        customerSessionContext(deps.users),
        oauthContext(deps),
      ],
    }),
  );
  app.use(
    entries.map((entry) => `${entry}/customer/account`),
    customerAccountRoutes(deps.users),
  );
  app.use([...deps.admin.paths()], adminRoutes(deps));
  app.use((_req, res) => {
    res.status(404).render('not-found', { adminPath: deps.admin.root() });
  });
  app.use(failed);
  return app;
}

const failed: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (res.headersSent) {
    next(error);
    return;
  }
  // Express and its parsers mark what the client did wrong; anything else is ours, and says no more than that.
  const status = (error as { status?: unknown }).status;
  res
    .status(typeof status === 'number' ? status : 500)
    .type('text')
    .send('An error has happened.\n');
};

import express, { type Request, type Router } from 'express';
import { adminSignInRoutes } from '../users/admin-sign-in-routes.js';
import type { Users } from '../users/users.js';
import { viewsFolder } from '../views-folder.js';
import { adminActions, type AdminDeps } from './admin-actions.js';

/**
 * The admin site. Whoever comes without the right key lands on the dashboard: a GET must carry the secret key
 * of its route in the path, a POST the session's form key. Where the admin has a domain of its own, its pages
 * are not found by any other.
 *
 * @see docs/magento.md, "The popup"
 */
export function adminRoutes(deps: AdminDeps & { readonly users: Users }): Router {
  const router = express.Router();
  for (const file of ['admin.css', 'admin.js', 'activation.js', 'identity-login.js', 'close.js']) {
    router.get(`/${file}`, (_req, res) => {
      res.sendFile(file, { root: viewsFolder });
    });
  }
  router.use((req, _res, next) => {
    next(deps.admin.isAt(req.headers.host) ? undefined : 'router');
  });
  router.get('/', (_req, res) => {
    res.redirect(302, deps.admin.path('integration/index'));
  });
  router.use(adminSignInRoutes(deps.users));
  router.all(
    '/admin/:controller/:action{/*pairs}',
    express.urlencoded({ extended: false }),
    async (req, res, next) => {
      const route = `${param(req, 'controller')}/${param(req, 'action')}`;
      const parameters = pairsOf(req.params.pairs);
      const refusal = keyProblem(deps, req, route, parameters);
      if (refusal !== undefined) {
        deps.messages.add('error', refusal);
        res.redirect(302, deps.admin.path('dashboard/index'));
        return;
      }
      const action = adminActions[`${req.method} ${route}`];
      if (action) await action(deps, { req, res, parameters });
      else next();
    },
  );
  return router;
}

function keyProblem(
  { admin }: AdminDeps,
  req: Request,
  route: string,
  parameters: ReadonlyMap<string, string>,
): string | undefined {
  if (req.method === 'POST') {
    const { form_key: formKey } = (req.body ?? {}) as { form_key?: unknown };
    return formKey === admin.formKey ? undefined : 'Invalid Form Key. Please refresh the page.';
  }
  return parameters.get('key') === admin.secretKey(route)
    ? undefined
    : 'You entered an invalid Secret Key. Please refresh the page.';
}

/** Magento's paths go on in pairs: `/id/5/key/abc/` says that id is 5 and key is abc. */
function pairsOf(segments: string | string[] | undefined): ReadonlyMap<string, string> {
  const values = [segments ?? []].flat();
  const names = values.filter((_, index) => index % 2 === 0);
  return new Map(names.map((name, index) => [name, values[2 * index + 1] ?? '']));
}

function param(req: Request, name: string): string {
  return String(req.params[name]);
}

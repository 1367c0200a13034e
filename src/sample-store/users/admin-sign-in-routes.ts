import express, { type Request, type Response, type Router } from 'express';
import { demoAdmins } from './demo-people.js';
import { giveSession, takeSession } from './session-cookie.js';
import type { Session } from './sessions.js';
import { signInBy } from './sign-in-form.js';
import type { Users } from './users.js';

/**
 * The admin's sign-in. It gives an admin session and says what that is good for: this store's admin pages are open
 * to all, and the Web API knows no such session.
 *
 * @see docs/magento.md, "Tokens and sessions of people"
 */
export function adminSignInRoutes({ adminSessions: sessions, people }: Users): Router {
  const router = express.Router();

  function show(req: Request, res: Response, session: Session, problem = '', username = '') {
    const { formKey, accountId } = session;
    const name = accountId === undefined ? '' : people.nameOf({ kind: 'admin', id: accountId });
    res.render('admin-login', {
      name,
      problem,
      username,
      formKey,
      admins: demoAdmins,
      adminPath: `${req.baseUrl}/`,
      action: `${req.baseUrl}/admin/auth/login/`,
      logoutUrl: `${req.baseUrl}/admin/auth/logout/`,
    });
  }

  router
    .route('/admin/auth/login')
    .get((req, res) => {
      const session = sessions.find(req.headers.cookie);
      show(req, res, session ?? giveSession(sessions, req, res, req.baseUrl));
    })
    .post(express.urlencoded({ extended: false }), (req, res) => {
      const session = sessions.find(req.headers.cookie);
      const signIn = signInBy(people, 'admin', session, req.body);
      if ('account' in signIn) {
        sessions.end(req.headers.cookie);
        giveSession(sessions, req, res, req.baseUrl, signIn.account.id);
        res.redirect(302, `${req.baseUrl}/admin/auth/login/`);
        return;
      }
      const { problem, username } = signIn;
      show(req, res, session ?? giveSession(sessions, req, res, req.baseUrl), problem, username);
    });
  router.get('/admin/auth/logout', (req, res) => {
    takeSession(sessions, req, res, req.baseUrl);
    res.redirect(302, `${req.baseUrl}/admin/auth/login/`);
  });
  return router;
}

import express, { type Request, type Response, type Router } from 'express';
import { viewsFolder } from '../views-folder.js';
import { demoCustomer } from './demo-people.js';
import { giveSession, takeSession } from './session-cookie.js';
import type { Session } from './sessions.js';
import { signInBy } from './sign-in-form.js';
import type { Users } from './users.js';

/**
 * The storefront's sign-in, and a customer's page with the two ways to ask the Web API who one is.
 *
 * @see docs/magento.md, "Tokens and sessions of people"
 */
export function customerAccountRoutes({ customerSessions: sessions, people }: Users): Router {
  const router = express.Router();

  function showForm(req: Request, res: Response, session: Session, problem = '', username = '') {
    const { formKey } = session;
    res.render('customer-login', {
      problem,
      username,
      formKey,
      example: demoCustomer,
      action: `${req.baseUrl}/loginPost/`,
    });
  }

  router.get('/account.js', (_req, res) => {
    res.sendFile('customer-account.js', { root: viewsFolder });
  });
  router.get('/', (req, res) => {
    const id = sessions.find(req.headers.cookie)?.accountId;
    if (id === undefined) {
      res.redirect(302, `${req.baseUrl}/login/`);
      return;
    }
    res.render('customer-account', {
      name: people.nameOf({ kind: 'customer', id }),
      meUrl: `${req.baseUrl.replace(/\/customer\/account$/, '')}/rest/V1/customers/me`,
      scriptUrl: `${req.baseUrl}/account.js`,
      logoutUrl: `${req.baseUrl}/logout/`,
    });
  });
  router.get('/login', (req, res) => {
    const session = sessions.find(req.headers.cookie);
    if (session?.accountId === undefined) {
      showForm(req, res, session ?? giveSession(sessions, req, res, '/'));
    } else {
      res.redirect(302, `${req.baseUrl}/`);
    }
  });
  router.post('/loginPost', express.urlencoded({ extended: false }), (req, res) => {
    const session = sessions.find(req.headers.cookie);
    const signIn = signInBy(people, 'customer', session, req.body);
    if ('account' in signIn) {
      sessions.end(req.headers.cookie);
      giveSession(sessions, req, res, '/', signIn.account.id);
      res.redirect(302, `${req.baseUrl}/`);
      return;
    }
    const { problem, username } = signIn;
    showForm(req, res, session ?? giveSession(sessions, req, res, '/'), problem, username);
  });
  router.get('/logout', (req, res) => {
    takeSession(sessions, req, res, '/');
    res.redirect(302, `${req.baseUrl}/login/`);
  });
  return router;
}

import express, { type Request, type Response, type Router } from 'express';
import type { AdminSite } from '../admin/admin-site.js';
import type { StoreClock } from '../clock.js';
import type { Faults } from '../faults/faults.js';
import { readFault } from '../faults/read-fault.js';
import { viewsFolder } from '../views-folder.js';
import { clockRoutes } from './clock-routes.js';
import { faultsJson, faultView } from './fault-view.js';
import { ownPagesOnly } from './own-pages-only.js';
import type { RequestLog } from './request-log.js';
import { requestLine, requestListView, requestView } from './request-view.js';
import { wantsPage } from './wants-page.js';

/** What the workshop shows and changes. */
export interface WorkshopDeps {
  readonly faults: Faults;
  readonly requestLog: RequestLog;
  readonly clock: StoreClock;
  readonly admin: AdminSite;
  readonly now: () => Date;
  readonly ownUrl: () => string;
  readonly storeUrl: () => string;
}

/** The pages below `/_store/`, which no Magento has: what came in, and what goes wrong. For development only. */
export function workshopRoutes(deps: WorkshopDeps): Router {
  const router = express.Router();
  router.use(ownPagesOnly(() => [deps.ownUrl(), deps.storeUrl()]));
  router.use((_req, res, next) => {
    res.locals['adminUrl'] = deps.admin.link();
    next();
  });
  for (const file of ['admin.css', 'workshop.css']) {
    router.get(`/${file}`, (_req, res) => {
      res.sendFile(file, { root: viewsFolder });
    });
  }
  requestRoutes(router, deps);
  faultRoutes(router, deps);
  router.use(clockRoutes(deps));
  return router;
}

function requestRoutes(router: Router, { requestLog }: WorkshopDeps): void {
  router.get('/', (_req, res) => {
    res.render('workshop-requests', requestListView(requestLog.all()));
  });
  router.get('/requests.json', (_req, res) => {
    res.json(requestLog.all().map(requestLine));
  });
  router.get('/requests/:number', (req, res, next) => {
    const request = requestLog.byNumber(Number(req.params.number));
    if (!request) {
      next();
      return;
    }
    const { base } = req.query;
    const view = requestView(request, typeof base === 'string' ? base.trim() : '');
    if (wantsPage(req)) res.render('workshop-request', view);
    else res.json(view);
  });
}

function faultRoutes(router: Router, deps: WorkshopDeps): void {
  const { faults, now } = deps;

  function answer(req: Request, res: Response): void {
    if (wantsPage(req)) res.redirect(303, '/_store/faults');
    else res.json(faultsJson(faults.inForce()));
  }

  router.get('/faults', (req, res) => {
    if (wantsPage(req)) res.render('workshop-faults', faultView(faults.inForce(), now()));
    else res.json(faultsJson(faults.inForce()));
  });
  router.post('/faults', express.json(), express.urlencoded({ extended: false }), (req, res) => {
    if (!req.is(['json', 'urlencoded'])) {
      res.status(415).json({ error: 'Send application/json, or a form.' });
      return;
    }
    try {
      faults.add([req.body as unknown].flat().map(filledIn).map(readFault));
      answer(req, res);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      res.status(400);
      if (!wantsPage(req)) res.json({ error: error.message });
      else res.render('workshop-faults', faultView(faults.inForce(), now(), error.message));
    }
  });
  router.post('/faults/clear', (req, res) => {
    faults.set([]);
    answer(req, res);
  });
  router.delete('/faults', (req, res) => {
    faults.set([]);
    answer(req, res);
  });
}

/** A form sends the fields that were left empty, too. */
function filledIn(fields: unknown): unknown {
  if (typeof fields !== 'object' || fields === null) return fields;
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
}

import { Router } from 'express';
import { z } from 'zod';
import type { NoticeStore } from '../credentials/notice-store.js';
import { AppError } from '../errors.js';
import type { Logger } from '../log.js';
import { supportCode } from '../timeline/support-code.js';
import { consoleForm } from './console-session.js';
import { storePath } from './places.js';
import { operatorOf } from './require-operator.js';
import { storeAsked, type StorePageDeps } from './store-page.js';

export interface DismissDeps extends StorePageDeps {
  readonly notices: Pick<NoticeStore, 'find' | 'change'>;
  readonly log: Logger;
}

/** When the POST came that the operator has read of. */
const dismissForm = z.object({ at: z.iso.datetime() });

/**
 * `POST /console/stores/:consumerKey/dismiss`: puts the notice of a suspicious POST away, unless another has come since
 * the page was shown.
 */
export function dismissRoutes(deps: DismissDeps): Router {
  const router = Router();
  router.post('/stores/:consumerKey/dismiss', ...consoleForm, async (req, res) => {
    const { data } = dismissForm.safeParse(req.body);
    if (!data) throw new AppError('bad_request', 'the form does not say which notice it dismisses');
    const credential = await storeAsked(deps, req, res);
    if (!credential) return;
    const isDismissed = await deps.notices.change(credential, (notice) =>
      notice?.lastPost?.verdict === 'suspicious' && notice.lastPost.at.toISOString() === data.at
        ? { probedAt: notice.probedAt }
        : undefined,
    );
    if (isDismissed) {
      deps.log.info({
        event: 'notice_dismissed',
        account: operatorOf(res).name,
        activation: supportCode(credential.consumerKey),
      });
    }
    res.redirect(303, storePath(credential.consumerKey));
  });
  return router;
}

import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { FailureContext } from './error-handler.js';

const policy = {
  defaultSrc: ["'none'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'"],
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
  formAction: ["'self'"],
};

/** Headers of every page: nothing foreign loads, nobody frames it, nothing is kept in a cache. */
export function securityHeaders({ https }: { readonly https: boolean }): RequestHandler {
  const headers = helmet({
    contentSecurityPolicy: { useDefaults: false, directives: policy },
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: https,
    frameguard: { action: 'deny' },
  });
  return (req, res, next) => {
    res.set('Cache-Control', 'no-store');
    headers(req, res, next);
  };
}

/**
 * Headers of the pages in Magento's popup. Two of helmet's defaults would break it: with a
 * `Cross-Origin-Opener-Policy` Magento's window sees `closed` at once and gives up on the merchant, and
 * `form-action 'self'` makes Chromium block the redirect back that follows the sign-in form.
 * `same-origin` as referrer policy keeps the form's own `Origin`, which `no-referrer` would turn into `null`.
 *
 * Without a `Cross-Origin-Opener-Policy` our pages could send Magento's window elsewhere. They let go of it by the one
 * script of theirs, public/popup.js, which Magento's window does not notice.
 */
export function popupHeaders(): RequestHandler {
  const headers = popupPolicy(["'self'"]);
  return (req, res, next) => {
    res.removeHeader('Cross-Origin-Opener-Policy');
    (res.locals as FailureContext).inPopup = true;
    headers(req, res, next);
  };
}

/** Lets the forms of this one page lead on to an origin: that of `success_call_back`. */
export const allowFormsTo: (origin: string) => RequestHandler = (origin) =>
  popupPolicy(["'self'", origin]);

function popupPolicy(formAction: string[]): RequestHandler {
  const directives = { ...policy, scriptSrc: ["'self'"], formAction };
  return helmet.contentSecurityPolicy({ useDefaults: false, directives });
}

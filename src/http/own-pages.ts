import type { RequestHandler } from 'express';
import { AppError } from '../errors.js';

const readingMethods = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Refuses a form that a browser says was sent from another site's page: by `Sec-Fetch-Site`, and where a browser does
 * not send that by `Origin`. What says neither is no browser of our days; the form's token alone decides then.
 *
 * @throws AppError `foreign_form`
 */
export function ownPagesOnly({ publicUrl }: { readonly publicUrl: string }): RequestHandler {
  const isOurs = ownOrigins(publicUrl);
  return (req, _res, next) => {
    const site = req.get('Sec-Fetch-Site');
    const origin = req.get('Origin');
    const isFromUs =
      site === undefined
        ? origin === undefined || isOurs(origin, req.get('Host') ?? '')
        : site === 'same-origin';
    if (!isFromUs && !readingMethods.includes(req.method)) {
      throw new AppError('foreign_form', `the form was sent from ${site ?? 'another origin'}`);
    }
    next();
  };
}

/**
 * The origin of `publicUrl`, and that of any other name in `Host`, which is one of this machine since the host check
 * has let it pass: there the app itself speaks http.
 */
function ownOrigins(publicUrl: string): (origin: string, host: string) => boolean {
  const { hostname, origin: publicOrigin, protocol } = new URL(publicUrl);
  return (origin, host) => {
    if (origin === publicOrigin) return true;
    if (origin !== `http://${host}` || !URL.canParse(origin)) return false;
    // A http page under the name of a https app is anybody's on the way.
    return protocol === 'http:' || new URL(origin).hostname !== hostname;
  };
}

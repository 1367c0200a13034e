import { isIP } from 'node:net';
import type { Request, RequestHandler } from 'express';

/**
 * Keeps other sites' pages in a developer's browser away from the workshop: they may not change anything here,
 * nor show it in a frame, nor read it under a name of theirs that leads to this machine.
 *
 * @param ownUrls The addresses by which the store goes.
 */
export function ownPagesOnly(ownUrls: () => readonly string[]): RequestHandler {
  return (req, res, next) => {
    res.set({
      'Content-Security-Policy':
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      'Cache-Control': 'no-store',
    });
    if (!isOwnName(hostNameOf(req), ownUrls())) {
      res.status(403).type('text').send('The workshop does not go by this name.\n');
    } else if (!['GET', 'HEAD'].includes(req.method) && isFromElsewhere(req)) {
      res.status(403).type('text').send('Only pages of this store may do that.\n');
    } else {
      next();
    }
  };
}

/** Another site's page can have the browser send it anything but these two headers. */
function isFromElsewhere({ headers }: Request): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  const { origin } = headers;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== headers.host?.toLowerCase();
}

/** A name with a dot can be anybody's; an address, or a name of the local network, cannot. */
function isOwnName(name: string, ownUrls: readonly string[]): boolean {
  return (
    isIP(name.replace(/^\[|\]$/g, '')) !== 0 ||
    !name.includes('.') ||
    name.endsWith('.localhost') ||
    ownUrls.some((url) => new URL(url).hostname === name)
  );
}

function hostNameOf({ headers }: Request): string {
  return (headers.host ?? '').replace(/:\d*$/, '').toLowerCase();
}

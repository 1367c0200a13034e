import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';

export interface KnownBrowserDeps {
  readonly publicUrl: string;
  readonly randomToken: () => string;
}

/** Renewed whenever a right password is given. */
const keptMs = 30 * 24 * 3_600_000;

/**
 * What tells a browser in which a right password was given before from others of its network: a cookie of its own. It
 * signs nobody in; it only keeps its owner from waiting for what others guess. Answers a hash of it, or `undefined`.
 */
export function knownBrowser(req: Request, deps: KnownBrowserDeps): string | undefined {
  const token = tokenIn(req, deps);
  return token && nameFor(token);
}

/** Gives a browser such a cookie, or renews it. Answers its hash, as `knownBrowser` will from then on. */
export function keepBrowser(req: Request, res: Response, deps: KnownBrowserDeps): string {
  const token = tokenIn(req, deps) ?? deps.randomToken();
  const secure = deps.publicUrl.startsWith('https:');
  res.cookie(cookieName(deps), token, { httpOnly: true, sameSite: 'lax', secure, maxAge: keptMs });
  return nameFor(token);
}

function cookieName({ publicUrl }: KnownBrowserDeps): string {
  return publicUrl.startsWith('https:') ? '__Host-mi-browser' : 'mi-browser';
}

/** The token of the cookie, if it has the shape of one of ours. */
function tokenIn(req: Request, deps: KnownBrowserDeps): string | undefined {
  const cookies = (req.get('Cookie') ?? '').split(/; */).map((cookie) => cookie.split('='));
  const [, token = ''] = cookies.find(([name]) => name === cookieName(deps)) ?? [];
  return /^[\w-]{22,64}$/.test(token) ? token : undefined;
}

function nameFor(token: string): string {
  return `browser ${createHash('sha256').update(token).digest('base64url').slice(0, 22)}`;
}

import type { Request, Response } from 'express';
import type { Session, Sessions } from './sessions.js';

/** Begins a session and has the browser keep it: no script reads it, and no other site's form or image sends it. */
export function giveSession(
  sessions: Sessions,
  req: Request,
  res: Response,
  path: string,
  accountId?: number,
): Session {
  const session = sessions.begin(accountId);
  res.cookie(sessions.cookie, session.id, {
    path,
    httpOnly: true,
    sameSite: 'lax',
    secure: req.secure,
  });
  return session;
}

/** Ends the session that a request names, here and in the browser. */
export function takeSession(sessions: Sessions, req: Request, res: Response, path: string): void {
  sessions.end(req.headers.cookie);
  res.clearCookie(sessions.cookie, { path });
}

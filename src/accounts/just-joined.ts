import type { Request } from 'express';
import { changeSession } from './session.js';

declare module 'express-session' {
  interface SessionData {
    /** The account that was made in this browser, until somebody signs in in it. */
    joined?: string | undefined;
  }
}

/** Remembers an account that was just made here, so that the next sign-in form has its name filled in. */
export async function noteJoined(req: Request, name: string): Promise<void> {
  await changeSession(req, () => {
    req.session.joined = name;
  });
}

/** The name of an account that was made here, if nobody has signed in since. */
export function justJoined(req: Request): string | undefined {
  return req.session.joined;
}

import { RedisStore } from 'connect-redis';
import type { Request, RequestHandler, Response } from 'express';
import session, { type SessionData } from 'express-session';
import type { Redis } from 'ioredis';
import { AppError } from '../errors.js';
import type { Language } from '../language/languages.js';
import { speakAs } from '../language/speech.js';
import type { Account } from './account.js';
import type { SignInStore } from './sign-in-store.js';

declare module 'express-session' {
  interface SessionData {
    /** Who signed in in this browser. Whether that still counts says `signedInAccount`. Absent: nobody yet. */
    person?: {
      /** Of the sign-in, where its last use is kept. */
      readonly id: string;
      readonly name: string;
      /** Of the account, as it was when the password was checked. */
      readonly era: string;
      /** Milliseconds since 1970. */
      readonly signedInAt: number;
      /** What the account has chosen for its pages, as it was then, or was chosen here since. */
      readonly language?: Language | undefined;
    };
  }
}

/** Browser and Redis forget an unused session after this time. What is in it has shorter lives, by our clock. */
const sweepMs = 30 * 60_000;

/** Sessions in Redis, on the app's one connection. A visitor who leaves nothing to remember gets no cookie. */
export function sessions(settings: {
  readonly redis: Redis;
  readonly prefix: string;
  readonly secrets: readonly string[];
  readonly https: boolean;
}): RequestHandler {
  const name = settings.https ? '__Host-mi' : 'mi';
  const middleware = session({
    store: new RedisStore({ client: settings.redis, prefix: `${settings.prefix}session:` }),
    name,
    secret: [...settings.secrets],
    resave: false,
    saveUninitialized: false,
    rolling: true,
    proxy: settings.https,
    cookie: { httpOnly: true, sameSite: 'lax', secure: settings.https, path: '/', maxAge: sweepMs },
  });
  return (req, res, next) => {
    // express-session withholds a secure cookie unless the request says it came by https. PUBLIC_URL is what
    // counts here: a proxy that ends TLS and forgets to say so would otherwise make every sign-in fail.
    if (settings.https) req.headers['x-forwarded-proto'] = 'https';
    putCookieFirst(res, name);
    middleware(req, res, next);
  };
}

/** express-session adds its cookie last, and many a program that signs in reads the first one alone. */
function putCookieFirst(res: Response, name: string): void {
  const writeHead = res.writeHead.bind(res) as (...head: unknown[]) => Response;
  res.writeHead = (...head: unknown[]) => {
    const cookies = [res.getHeader('set-cookie') ?? []].flat().map(String);
    const [ours = [], others = []] = [true, false].map((isOurs) =>
      cookies.filter((cookie) => cookie.startsWith(`${name}=`) === isOurs),
    );
    if (ours.length > 0) res.setHeader('set-cookie', [...ours, ...others]);
    return writeHead(...head);
  };
}

export interface SignInDeps {
  readonly signIns: SignInStore;
  readonly now: () => Date;
  readonly randomToken: () => string;
}

/**
 * Signs a person in, in a session with a new id. Whoever was signed in here is so no longer, and what the session's pages
 * have handed out to anybody else, tokens of forms among it, counts no longer.
 */
export async function signIn(
  deps: SignInDeps,
  req: Request,
  { name, era, language }: Account,
): Promise<void> {
  const before = req.session.person;
  const now = deps.now();
  const id = deps.randomToken();
  await deps.signIns.begin(id, now);
  await moveSession(req, {
    joined: undefined,
    ...(before?.name !== name && { places: undefined }),
    person: { id, name, era, language, signedInAt: now.getTime() },
  });
  if (before) await deps.signIns.end(before.id);
}

/**
 * Moves to a session with a new id and these changes, saved when this resolves. What the old one held is copied; the
 * old one stays behind without the person, so that a form that is already open still finds what it stands on,
 * and whoever may have planted the old id gains nothing.
 */
export async function moveSession(req: Request, changes: Partial<SessionData>): Promise<void> {
  const { session: old, sessionID: oldId } = req;
  const { cookie, ...kept } = old;
  if (kept.person) {
    const { person, ...anonymous } = kept;
    await new Promise<void>((resolve, reject) => {
      req.sessionStore.set(oldId, { cookie, ...anonymous }, settle(resolve, reject));
    });
  }
  req.sessionStore.generate(req);
  Object.assign(req.session, kept, changes);
  try {
    await saveSession(req);
  } catch (error) {
    // The answer that names the failure must not bring the cookie of a session that is not stored.
    Object.assign(req, { session: old, sessionID: oldId });
    throw error;
  }
}

const changing = new Map<string, Promise<void>>();

/**
 * Changes the session as it is stored now, and saves it before this resolves. Requests of one browser that
 * come together wait for each other: each would otherwise save what it read, without what the others wrote.
 */
export async function changeSession(req: Request, change: () => void): Promise<void> {
  const id = req.sessionID;
  const turn = (changing.get(id) ?? Promise.resolve()).then(async () => {
    await reloadSession(req);
    change();
    await saveSession(req);
  });
  const done = turn.catch(() => undefined);
  changing.set(id, done);
  await turn.finally(() => {
    if (changing.get(id) === done) changing.delete(id);
  });
}

/** Reads the session anew; one that is not stored yet stays as it is. */
async function reloadSession(req: Request): Promise<void> {
  const stored = await new Promise<SessionData | null | undefined>((resolve, reject) => {
    req.sessionStore.get(req.sessionID, (error: unknown, data) => {
      if (error instanceof Error) reject(error);
      else resolve(data);
    });
  });
  if (stored) req.sessionStore.createSession(req, stored);
}

/** Saves the session now, so that an answer that stands on it is never sent before it. */
export async function saveSession(req: Request): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    req.session.save(settle(resolve, reject));
  });
}

/** Ends the sign-in and its session, here and in Redis. */
export async function signOut(
  { signIns }: Pick<SignInDeps, 'signIns'>,
  req: Request,
): Promise<void> {
  if (req.session.person) await signIns.end(req.session.person.id);
  await new Promise<void>((resolve, reject) => {
    req.session.destroy(settle(resolve, reject));
  });
}

/** Answers in the language of the account that was signed in here last. */
export const speakAsPerson: RequestHandler = (req, res, next) => {
  speakAs(res, (req as { session?: Partial<SessionData> }).session?.person);
  next();
};

/** @throws AppError `redis_unavailable`: express-session goes on without a session when its store is gone. */
export const sessionRequired: RequestHandler = (req, _res, next) => {
  if (!(req as { session?: unknown }).session) {
    throw new AppError('redis_unavailable', 'the session store is not available');
  }
  next();
};

function settle(resolve: () => void, reject: (reason: Error) => void) {
  return (error: unknown) => {
    if (error instanceof Error) reject(error);
    else resolve();
  };
}

import { randomString } from '../random-string.js';

const idleSeconds = 3600;

/** A visitor's session, and whose it is once they have signed in. */
export interface Session {
  readonly id: string;
  /** What every form of this session must carry as `form_key`. */
  readonly formKey: string;
  readonly accountId: number | undefined;
}

/** The sessions of one area, told by its cookie. */
export type Sessions = ReturnType<typeof sessionTable>;

/** Sessions end 3600 seconds after their last use, by the store's clock. */
export function sessionTable({ now, cookie }: { now: () => Date; cookie: string }) {
  const rows = new Map<string, Session & { readonly expiresAt: number }>();

  function used(session: Session): Session {
    rows.set(session.id, { ...session, expiresAt: now().getTime() + idleSeconds * 1000 });
    return session;
  }

  function idIn(cookies: string | undefined): string {
    const pair = cookies?.split(/; */).find((candidate) => candidate.startsWith(`${cookie}=`));
    return pair?.slice(cookie.length + 1) ?? '';
  }

  return {
    /** The name of the cookie that carries the session's id. */
    cookie,
    /** The session that a Cookie header names. */
    find(cookies: string | undefined): Session | undefined {
      const row = rows.get(idIn(cookies));
      return row && row.expiresAt > now().getTime() ? used(row) : undefined;
    },
    /** Always under a new id, so that nobody signs in to a session that somebody else has begun. */
    begin(accountId?: number): Session {
      for (const [id, { expiresAt }] of rows) if (expiresAt <= now().getTime()) rows.delete(id);
      return used({ id: randomString(), formKey: randomString(), accountId });
    },
    end(cookies: string | undefined): void {
      rows.delete(idIn(cookies));
    },
  };
}

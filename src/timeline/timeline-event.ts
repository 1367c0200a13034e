import { z } from 'zod';
import { errorCodes } from '../errors.js';

/** As long as the name of a host can be. What strangers send may be longer, and is kept no longer than that. */
const host = z.string().transform((text) => text.slice(0, 253));
const account = z.string();

/** What happens in an attempt, without when. None of it is secret: no key, no callback, no name that nobody has. */
export const happening = z.discriminatedUnion('kind', [
  /** Magento opened the popup; `stores` are the hosts that a sign-in could connect. */
  z.object({ kind: z.literal('popup_opened'), returnHost: host, stores: z.array(host) }),
  /** The password was right, and the account has a second factor. */
  z.object({ kind: z.literal('code_asked'), account }),
  z.object({ kind: z.literal('signed_in'), account }),
  /** Which of several stores is meant, or whether the browser is to return to another host. */
  z.object({ kind: z.literal('question_asked'), account }),
  /** Somebody was told of a failure. Without an account, nobody had signed in. */
  z.object({
    kind: z.literal('failed'),
    // A code of another version of this app is no longer, or not yet, known.
    code: z.enum([...errorCodes, 'unexpected']).catch('unexpected'),
    account: account.optional(),
    returnHost: host.optional(),
  }),
  z.object({ kind: z.literal('connected'), account, store: host }),
  /** The browser was sent back to Magento. */
  z.object({ kind: z.literal('returned'), account: account.optional(), returnHost: host }),
  /** An operator, or the account it is linked to, disconnected the store. */
  z.object({ kind: z.literal('disconnected') }),
]);

export type Happening = z.infer<typeof happening>;

/** What happened in an attempt, and when. */
export type TimelineEvent = Happening & { readonly at: Date };

const time = z.object({ at: z.iso.datetime().transform((text) => new Date(text)) });

/** Reads an event as it is kept; `undefined` where it cannot be read. */
export function readEvent(text: string | undefined): TimelineEvent | undefined {
  const json = jsonOf(text ?? '');
  const { data: what } = happening.safeParse(json);
  const { data: when } = time.safeParse(json);
  return what && when && { ...what, ...when };
}

/** An event as it is kept. */
export function writtenEvent(event: Happening, at: Date): string {
  return JSON.stringify({ ...happening.parse(event), at });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

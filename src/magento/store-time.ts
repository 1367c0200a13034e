import { codeOfProblem } from './oauth-problem.js';
import { readRestError } from './rest-error.js';
import type { StoreReply } from './store-http.js';

/** Magento accepts no timestamp further ahead of its clock than this. */
const toleranceMs = 600_000;

/**
 * The store's time, where a reply refuses our timestamp because the store's clock is so far behind ours; `undefined`
 * for any other reply. Magento looks at the timestamp first, so a call refused for it has spent nothing.
 *
 * @see docs/magento.md, "Nonce and timestamp"
 */
export function storeTimeToUse(reply: StoreReply, now: Date): Date | undefined {
  if (reply.status !== 401 || problemOf(reply.text) !== 'nonce_refused') return undefined;
  const storeTime = new Date(reply.date ?? '');
  return now.getTime() - storeTime.getTime() > toleranceMs - 10_000 ? storeTime : undefined;
}

function problemOf(text: string): string | undefined {
  const sentence =
    new URLSearchParams(text.trim()).get('oauth_problem') ?? readRestError(text)?.message;
  return sentence === undefined ? undefined : codeOfProblem(sentence);
}

import { type Answer, page } from '../calls/answers.js';
import type { IncomingRequest } from '../calls/incoming-request.js';

/** What decides about redirects. */
export interface Redirecting {
  readonly storeUrl: () => string;
  /** Whether the front end is https alone: base URL and links are https, and POSTs over http go there. */
  readonly redirectsToHttps: boolean;
}

/**
 * The 302 with which Magento answers before it looks at a call of its front end: to a POST over http where the
 * front end is https alone, and to any other method where scheme or host are not the base URL's. The query is
 * lost, and nothing has happened. A POST to a foreign host is not redirected.
 *
 * @see docs/magento.md, "Errors of the token endpoints"
 */
export function baseUrlRedirect(
  { storeUrl, redirectsToHttps }: Redirecting,
  { method, scheme, host }: IncomingRequest,
  path: string,
): Answer | undefined {
  const base = new URL(storeUrl());
  if (redirectsToHttps) base.protocol = 'https:';
  const isAtBase = scheme === base.protocol.slice(0, -1) && nameOf(host) === base.hostname;
  const isJudged = method === 'POST' ? redirectsToHttps && scheme === 'http' : true;
  return isJudged && !isAtBase ? { ...page(302, 'Found'), location: base.href + path } : undefined;
}

/** Magento leaves the port out of the comparison. */
function nameOf(host: string): string {
  return host.replace(/:\d*$/, '').toLowerCase();
}

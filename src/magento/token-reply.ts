import { AppError, type ErrorCode } from '../errors.js';
import { codeOfProblem } from './oauth-problem.js';
import type { StoreReply } from './store-http.js';

/** A token and its secret: a request token or an access token. */
export interface Token {
  readonly token: string;
  readonly tokenSecret: string;
}

const credential = /^[0-9a-z]{32}$/;

/**
 * Reads the reply of `/oauth/token/request` or `/oauth/token/access` by what it holds: Magento labels even
 * its tokens `text/html`, and some proxies answer 200 with a page of their own.
 *
 * @throws AppError with the code of Magento's sentence, or of what else seems to have answered.
 * @see https://www.rfc-editor.org/rfc/rfc5849#section-2.1 and docs/magento.md, "Errors of the token endpoints"
 */
export function readTokenReply(reply: StoreReply): Token {
  const fields = new URLSearchParams(reply.text.trim());
  const [problem] = fields.getAll('oauth_problem');
  if (problem !== undefined) {
    const code =
      codeOfProblem(problem) ?? (reply.status >= 500 ? 'store_failed' : 'oauth_problem_unknown');
    throw new AppError(code, `the store answered ${reply.status}: ${printable(problem)}`);
  }
  if (reply.status !== 200) throw notMagento(reply);
  const [token, ...otherTokens] = fields.getAll('oauth_token');
  const [tokenSecret, ...otherSecrets] = fields.getAll('oauth_token_secret');
  if (
    otherTokens.length > 0 ||
    otherSecrets.length > 0 ||
    !credential.test(token ?? '') ||
    !credential.test(tokenSecret ?? '')
  ) {
    throw new AppError(
      'store_reply_unreadable',
      'the store answered 200 without a token and its secret',
    );
  }
  return { token: token ?? '', tokenSecret: tokenSecret ?? '' };
}

/** The failure behind a reply that no code of Magento's wrote, told from its status. */
export function notMagento(reply: StoreReply): AppError {
  const { status, location } = reply;
  const code = codeOfStatus(status);
  if (code !== 'store_redirects' || location === undefined) {
    return new AppError(code, `the store answered ${status}`);
  }
  const redirectsTo = originOf(location);
  const target = redirectsTo ?? 'a path of its own';
  return new AppError(code, `the store answered ${status} to ${target}`, { redirectsTo });
}

function codeOfStatus(status: number): ErrorCode {
  if (status >= 300 && status < 400) return 'store_redirects';
  if (status === 404) return 'store_not_found';
  if (status === 401 || status === 403) return 'store_blocks_us';
  if (status === 429 || status === 503) return 'store_unavailable';
  return status >= 500 ? 'store_failed' : 'store_reply_unreadable';
}

/** No name in DNS is longer than 253 characters. */
const longestOrigin = 'https://'.length + 253 + ':65535'.length;

/** Where a redirect leads, as a page or a log may hold it: the host in ASCII, and nothing of a path, which may be secret. */
function originOf(location: string): string | undefined {
  if (!/^https?:/i.test(location) || !URL.canParse(location)) return undefined;
  const { origin } = new URL(location);
  return origin.length <= longestOrigin ? origin : undefined;
}

/** A store's sentence as far as a log may hold it: on one line, bounded, without the keys and tokens it repeats. */
function printable(text: string): string {
  return text
    .replace(/[\p{C}\s]+/gu, ' ')
    .replace(/[\w+/=%-]{24,}/g, '…')
    .slice(0, 200);
}

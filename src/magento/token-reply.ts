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
  const target = reply.location === undefined ? '' : ` to ${originOf(reply.location)}`;
  return new AppError(codeOfStatus(reply.status), `the store answered ${reply.status}${target}`);
}

function codeOfStatus(status: number): ErrorCode {
  if (status >= 300 && status < 400) return 'store_redirects';
  if (status === 404) return 'store_not_found';
  if (status === 401 || status === 403) return 'store_blocks_us';
  if (status === 429 || status === 503) return 'store_unavailable';
  return status >= 500 ? 'store_failed' : 'store_reply_unreadable';
}

function originOf(location: string): string {
  return URL.canParse(location) ? new URL(location).origin : 'a path of its own';
}

/** A store's sentence as far as a log may hold it: on one line, bounded, without the keys and tokens it repeats. */
function printable(text: string): string {
  return text
    .replace(/[\p{C}\s]+/gu, ' ')
    .replace(/[\w+/=%-]{24,}/g, '…')
    .slice(0, 200);
}

import { describe, expect, it } from '@jest/globals';
import { AppError, type ErrorCode } from '../../src/errors.js';
import { notMagento, readTokenReply } from '../../src/magento/token-reply.js';

const token = '0123456789abcdefghijklmnopqrstuv';
const tokenSecret = 'zyxwvutsrqponmlkjihgfedcba987654';
const body = `oauth_token=${token}&oauth_token_secret=${tokenSecret}`;

function reply(status: number, text = '', location?: string) {
  return { status, text, location, date: undefined };
}

function failureOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe('readTokenReply', () => {
  const granted: Record<string, string> = {
    'as Magento writes them': body,
    'in the other order': `oauth_token_secret=${tokenSecret}&oauth_token=${token}`,
    'with white space around them': `\r\n ${body}\n`,
    'with more behind them': `${body}&oauth_callback_confirmed=true`,
  };
  for (const [what, text] of Object.entries(granted)) {
    it(`reads a token and its secret ${what}`, () => {
      expect(readTokenReply(reply(200, text))).toEqual({ token, tokenSecret });
    });
  }

  const unreadable: Record<string, string> = {
    nothing: '',
    'a page': '<!doctype html><title>Sign in to the wifi</title>',
    JSON: JSON.stringify({ oauth_token: token, oauth_token_secret: tokenSecret }),
    'a byte order mark ahead': `\uFEFF\uFEFFx${body}`,
    'a PHP notice ahead': `Notice: undefined index in x.php on line 3\n${body}`,
    'two tokens': `${body}&oauth_token=${token}`,
    'two secrets': `${body}&oauth_token_secret=${tokenSecret}`,
    'no secret': `oauth_token=${token}`,
    'no token': `oauth_token_secret=${tokenSecret}`,
    'an empty secret': `oauth_token=${token}&oauth_token_secret=`,
    'a token of 31 characters': body.replace(token, token.slice(1)),
    'a secret of 33 characters': `${body}a`,
    'a token with capitals': body.replace(token, token.toUpperCase()),
    'a token with a NUL': body.replace(token, `${token.slice(0, 31)}%00`),
    'a token with a line break at its end': body.replace(token, `${token}%0A`),
    'fields in brackets': body.replaceAll('=', '[]='),
    'white space alone': ' \r\n\t ',
    'NUL bytes': '\0'.repeat(100),
    'bytes that are no text': '\uFFFD\uFFFDPNG\uFFFD\uFFFD',
    'an XML document': `<?xml version="1.0"?><oauth_token>${token}</oauth_token>`,
    'a JSON string': JSON.stringify(body),
    'a JSON array of nothing': '[]',
    'a JSON object deep in itself': '{"a":'.repeat(5_000),
    'a page that holds a token': `<html><body>${body}</body></html>`,
    'a script behind its token': `${body}<script>alert(1)</script>`,
    'fields by semicolons': body.replace('&', ';'),
    'fields by line breaks': body.replace('&', '\n'),
    'fields encoded twice': encodeURIComponent(body),
    'an ampersand in HTML': body.replace('&', '&amp;'),
    'names with capitals': body.replaceAll('oauth_', 'OAUTH_'),
    'names with a space': body.replaceAll('oauth_', ' oauth_'),
    'a token of 1 MB': body.replace(token, 'a'.repeat(1_000_000)),
    'a token of 33 characters': body.replace(token, `${token}a`),
    'a secret of 31 characters': body.slice(0, -1),
    'an empty token': body.replace(token, ''),
    'a token without a value': body.replace(`=${token}`, ''),
    'a token with spaces around it': body.replace(token, `+${token}+`),
    'a token with a plus in it': body.replace(token, `${token.slice(0, 31)}+`),
    'a token in other digits': body.replace(token, encodeURIComponent(`٠${token.slice(1)}`)),
    'a token that is a script': body.replace(token, '<script>'),
    'a token twice, one of them empty': `oauth_token=&${body}`,
    'a token that names another field': `oauth_token[x]=${token}&oauth_token_secret=${tokenSecret}`,
    '50,000 fields': `${'a=b&'.repeat(50_000)}oauth_token=${token}`,
    'the success of something else': 'access_token=abc&token_type=bearer',
  };
  for (const [what, text] of Object.entries(unreadable)) {
    it(`refuses 200 with ${what}, and repeats nothing of it`, () => {
      const error = failureOf(() => readTokenReply(reply(200, text)));

      expect(error).toBeInstanceOf(AppError);
      expect(error).toMatchObject({ code: 'store_reply_unreadable' });
      expect(String(error)).not.toContain(token.slice(1, 30));
      expect(String(error)).not.toContain(tokenSecret.slice(1, 30));
    });
  }

  const problems: readonly (readonly [status: number, problem: string, code: ErrorCode])[] = [
    [401, 'Consumer key has expired', 'consumer_key_expired'],
    [400, '"oauth_nonce" is required. Enter and try again.', 'oauth_parameter_missing'],
    [200, 'Consumer key has expired', 'consumer_key_expired'],
    [200, 'a sentence nobody knows', 'oauth_problem_unknown'],
    [401, 'a sentence nobody knows', 'oauth_problem_unknown'],
    [401, '', 'oauth_problem_unknown'],
    [500, 'internal_error&message=SQLSTATE', 'store_failed'],
    [200, '<script>alert(1)</script>', 'oauth_problem_unknown'],
    [400, '\0\r\n', 'oauth_problem_unknown'],
    [503, 'x'.repeat(1_000_000), 'store_failed'],
  ];
  for (const [status, problem, code] of problems) {
    it(`reads ${status} with ${JSON.stringify(problem).slice(0, 60)} as ${code}`, () => {
      const text = new URLSearchParams({ oauth_problem: problem }).toString();

      expect(failureOf(() => readTokenReply(reply(status, text)))).toMatchObject({ code });
    });
  }

  it('never takes a token that comes with a problem', () => {
    const text = `${body}&oauth_problem=Consumer+key+has+expired`;

    expect(failureOf(() => readTokenReply(reply(200, text)))).toMatchObject({
      code: 'consumer_key_expired',
    });
  });

  it("tells a store's sentence on one line of bounded length", () => {
    const problem = `first\r\n{"level":"error"}\u0000\u2028\u001b[31m ${'x '.repeat(50_000)}`;
    const text = new URLSearchParams({ oauth_problem: problem }).toString();

    const { message } = failureOf(() => readTokenReply(reply(401, text))) as AppError;

    expect(message).toMatch(/^the store answered 401: first \{"level":"error"\} \[31m [x ]+$/);
    expect(message.length).toBeLessThan(260);
  });

  it("leaves out of a store's sentence what it repeats of keys, tokens and signatures", () => {
    const problem = `Token ${token} of ${tokenSecret}, signed ${btoa(token)}, is unknown`;
    const text = new URLSearchParams({ oauth_problem: problem }).toString();

    const { message } = failureOf(() => readTokenReply(reply(401, text))) as AppError;

    expect(message).toBe('the store answered 401: Token … of …, signed …, is unknown');
  });

  const statuses: Record<number, ErrorCode> = {
    204: 'store_reply_unreadable',
    301: 'store_redirects',
    302: 'store_redirects',
    307: 'store_redirects',
    308: 'store_redirects',
    400: 'store_reply_unreadable',
    401: 'store_blocks_us',
    403: 'store_blocks_us',
    404: 'store_not_found',
    429: 'store_unavailable',
    500: 'store_failed',
    502: 'store_failed',
    503: 'store_unavailable',
  };
  for (const [status, code] of Object.entries(statuses)) {
    it(`reads ${status} without Magento's words as ${code}, tokens or not`, () => {
      for (const text of ['', '<html>', body]) {
        expect(failureOf(() => readTokenReply(reply(Number(status), text)))).toMatchObject({
          code,
        });
      }
    });
  }
});

describe('notMagento', () => {
  it('names the origin a redirect leads to, and nothing of its path', () => {
    const error = notMagento(reply(302, '', `https://www.shop.example/oauth?${body}`));

    expect(error.message).toBe('the store answered 302 to https://www.shop.example');
  });

  const origins: Record<string, string | undefined> = {
    'https://www.shop.example/oauth?a=b': 'https://www.shop.example',
    'HTTP://Shop.Example:8080': 'http://shop.example:8080',
    'https://user:password@shop.example/': 'https://shop.example',
    'https://sh\u043Ep.example/': 'https://xn--shp-ted.example',
    [`https://${'a.'.repeat(126)}a/`]: `https://${'a.'.repeat(126)}a`,
    [`https://${'a.'.repeat(2000)}example/`]: undefined,
    'https://<script>.example/': undefined,
    'https://': undefined,
    'javascript:alert(1)': undefined,
    'data:text/html,x': undefined,
    'ftp://shop.example/': undefined,
    '/login': undefined,
    '': undefined,
  };
  for (const [location, redirectsTo] of Object.entries(origins)) {
    it(`takes ${redirectsTo?.slice(0, 40) ?? 'nothing'} from a redirect to ${location.slice(0, 40)}`, () => {
      expect(notMagento(reply(302, '', location)).redirectsTo).toBe(redirectsTo);
    });
  }

  it('says so when a redirect stays on the same host', () => {
    expect(notMagento(reply(302, '', '/login')).message).toBe(
      'the store answered 302 to a path of its own',
    );
  });
});

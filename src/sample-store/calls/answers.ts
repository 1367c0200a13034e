import { type MagentoError, type Phrase, sentence } from './magento-error.js';
import { formEncode } from '../php-strings.js';
import type { TokenPair } from '../integrations/token-rows.js';

/** A finished answer. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Buffer;
  readonly location?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The refusal in words, for the record. */
  readonly problem?: string;
  /** The refusal itself, where it is one of Magento's. */
  readonly refusal?: MagentoError;
}

/** Magento's default, which the token endpoints never change though their bodies are no HTML. */
const html = 'text/html; charset=UTF-8';

/** A page of a proxy, or of Magento when it has nothing else to show. */
export function page(status: number, text: string): Answer {
  return {
    status,
    contentType: html,
    body: `<!doctype html><title>${text}</title><p>${text}</p>\n`,
  };
}

/** A token endpoint's success. */
export function tokenPair({ token, secret }: TokenPair): Answer {
  return {
    status: 200,
    contentType: html,
    body: `oauth_token=${token}&oauth_token_secret=${secret}`,
  };
}

/** A token endpoint's refusal, in any words. */
export function tokenProblem(status: number, problem: string): Answer {
  return { status, contentType: html, body: `oauth_problem=${formEncode(problem)}`, problem };
}

/** A token endpoint's refusal in Magento's words. */
export function tokenRefusal(error: MagentoError): Answer {
  return { ...tokenProblem(error.status, sentence(error)), refusal: error };
}

/** A REST answer that worked. */
export function restResult(value: unknown): Answer {
  return restBody(200, value);
}

/** A REST refusal, in any words. */
export function restProblem(status: number, error: { readonly message: string }): Answer {
  return { ...restBody(status, error), problem: error.message };
}

/**
 * A REST refusal in Magento's words: the message with its placeholders, the parameters beside it.
 *
 * @see docs/magento.md, "Error body"
 */
export function restRefusal(error: MagentoError): Answer {
  const body = {
    ...phrase(error),
    ...(error.errors.length > 0 && { errors: error.errors.map(phrase) }),
  };
  return { ...restProblem(error.status, body), refusal: error };
}

/** A REST failure before or beside the API's own work. It has another shape, and its message is already filled in. */
export function restFailure(status: number, message: string): Answer {
  const answer = restBody(status, { messages: { error: [{ code: status, message }] } });
  return { ...answer, problem: message };
}

function phrase({ message, parameters }: Phrase) {
  return Object.keys(parameters).length > 0 ? { message, parameters } : { message };
}

function restBody(status: number, value: unknown): Answer {
  return { status, contentType: 'application/json; charset=utf-8', body: JSON.stringify(value) };
}

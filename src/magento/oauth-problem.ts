import type { ErrorCode } from '../errors.js';

/**
 * The sentences of Magento's token endpoints and of its OAuth check on REST calls, in the wordings of 2.0 to
 * 2.4.8 ("%" stands for what Magento fills in). A store in another language answers in its own words.
 *
 * @see docs/magento.md, "Errors of the token endpoints"
 */
const sentences: readonly (readonly [sentence: string, code: ErrorCode])[] = [
  ['The "%" Oauth version isn\'t supported.', 'oauth_version_refused'],
  ['OAuth version % is not supported', 'oauth_version_refused'],
  ['The token length is invalid. Check the length and try again.', 'token_refused'],
  ['Token is not the correct length', 'token_refused'],
  ['Signature method % is not supported', 'signature_method_refused'],
  ['Consumer key is not the correct length', 'consumer_key_unknown'],
  ['A consumer having the specified key does not exist', 'consumer_key_unknown'],
  ['A consumer with the ID % does not exist', 'consumer_key_unknown'],
  ['The nonce is already being used by the consumer with ID %', 'nonce_used'],
  ['An error occurred validating the nonce', 'nonce_refused'],
  ['Consumer key has expired', 'consumer_key_expired'],
  ['Specified token does not exist', 'already_granted'],
  ['Token is already being used', 'already_granted'],
  ['Request token is not associated with the specified consumer', 'token_refused'],
  ['Token is not associated with the specified consumer', 'token_refused'],
  ['Token is not an access token', 'token_refused'],
  ['Access token has been revoked', 'token_refused'],
  ['Verifier is invalid', 'verifier_refused'],
  ['Verifier is not the correct length', 'verifier_refused'],
  ['Token verifier and verifier token do not match', 'verifier_refused'],
  ['The signature is invalid. Verify and try again.', 'signature_refused'],
  ['The signatire is invalid. Verify and try again.', 'signature_refused'],
  ['Invalid signature', 'signature_refused'],
  ['Cannot create request token because consumer token is not a verifier token', 'verifier_spent'],
  ['A token with consumer ID % does not exist', 'verifier_missing'],
  [
    'Cannot get access token because consumer token is not a request token',
    'request_token_shadowed',
  ],
];

const patterns = sentences.map(([sentence, code]) => ({ pattern: patternOf(sentence), code }));

const required = /"(\w+)" is required\. Enter and try again\.?|(\w+) is a required field\.?/g;

/** Every field of a signed call without a token: when all are missing, the header never arrived. */
const alwaysSent = [
  'oauth_consumer_key',
  'oauth_signature',
  'oauth_signature_method',
  'oauth_nonce',
  'oauth_timestamp',
];

/** Longer than any of Magento's; looking for words in 64 KiB of one letter would take seconds of the whole process. */
const longestSentence = 1_000;

/** The failure that a sentence of Magento's means; `undefined` for one that is not known. */
export function codeOfProblem(sentence: string): ErrorCode | undefined {
  if (sentence.length > longestSentence) return undefined;
  const missing = [...sentence.matchAll(required)].map(([, current, older]) => current ?? older);
  if (missing.length > 0) {
    return alwaysSent.every((name) => missing.includes(name))
      ? 'authorization_header_stripped'
      : 'oauth_parameter_missing';
  }
  return patterns.find(({ pattern }) => pattern.test(sentence.trim()))?.code;
}

function patternOf(sentence: string): RegExp {
  const literal = sentence.replace(/\.$/, '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('%', '.{1,100}')}\\.?$`);
}

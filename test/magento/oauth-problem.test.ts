import { describe, expect, it } from '@jest/globals';
import type { ErrorCode } from '../../src/errors.js';
import { codeOfProblem } from '../../src/magento/oauth-problem.js';

const sentences: readonly (readonly [sentence: string, code: ErrorCode | undefined])[] = [
  ['The "1.1" Oauth version isn\'t supported.', 'oauth_version_refused'],
  ['OAuth version 1.1 is not supported', 'oauth_version_refused'],
  ['"oauth_nonce" is required. Enter and try again.', 'oauth_parameter_missing'],
  ['oauth_nonce is a required field', 'oauth_parameter_missing'],
  ['oauth_nonce is a required field.', 'oauth_parameter_missing'],
  ['The token length is invalid. Check the length and try again.', 'token_refused'],
  ['Token is not the correct length', 'token_refused'],
  ['Signature method HMAC-SHA1 is not supported', 'signature_method_refused'],
  ['Consumer key is not the correct length', 'consumer_key_unknown'],
  ['A consumer having the specified key does not exist', 'consumer_key_unknown'],
  ['A consumer with the ID 7 does not exist', 'consumer_key_unknown'],
  ['The nonce is already being used by the consumer with ID 12345', 'nonce_used'],
  ['An error occurred validating the nonce', 'nonce_refused'],
  ['An error occurred validating the nonce.', 'nonce_refused'],
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
  ['The signature is invalid. Verify and try again', 'signature_refused'],
  ['The signatire is invalid. Verify and try again.', 'signature_refused'],
  ['Invalid signature', 'signature_refused'],
  ['Cannot create request token because consumer token is not a verifier token', 'verifier_spent'],
  ['A token with consumer ID 7 does not exist', 'verifier_missing'],
  [
    'Cannot get access token because consumer token is not a request token',
    'request_token_shadowed',
  ],
  [' Consumer key has expired\r\n', 'consumer_key_expired'],
  ['', undefined],
  ['internal_error&message=SQLSTATE[HY000]', undefined],
  ['Die Signatur ist ungültig.', undefined],
  ['The plugin says: Invalid signature', undefined],
  ['Invalid signatures', undefined],
  ['InvalidXsignature', undefined],
  ['The nonce is already being used by the consumer with ID ', undefined],
  [`The nonce is already being used by the consumer with ID ${'7'.repeat(10_000)}`, undefined],
];

const always = [
  'oauth_consumer_key',
  'oauth_signature',
  'oauth_signature_method',
  'oauth_nonce',
  'oauth_timestamp',
];

/** As Magento 2.3 and later join them: the last dot is gone. */
function joined(names: readonly string[]): string {
  return names
    .map((name) => `"${name}" is required. Enter and try again.`)
    .join(', ')
    .replace(/\.$/, '');
}

describe('codeOfProblem', () => {
  for (const [sentence, code] of sentences) {
    it(`reads ${JSON.stringify(sentence.slice(0, 80))} as ${code ?? 'unknown'}`, () => {
      expect(codeOfProblem(sentence)).toBe(code);
    });
  }

  it('takes all five missing for a header that never arrived, in either wording', () => {
    const older = always.map((name) => `${name} is a required field`).join(', ');

    expect(codeOfProblem(joined(always))).toBe('authorization_header_stripped');
    expect(codeOfProblem(joined([...always].reverse()))).toBe('authorization_header_stripped');
    expect(codeOfProblem(joined([...always, 'oauth_token']))).toBe('authorization_header_stripped');
    expect(codeOfProblem(older)).toBe('authorization_header_stripped');
  });

  it('takes four of the five for a fault of ours', () => {
    for (const name of always) {
      const others = always.filter((other) => other !== name);

      expect(codeOfProblem(joined(others))).toBe('oauth_parameter_missing');
    }
  });
});

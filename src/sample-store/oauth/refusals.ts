import { MagentoError } from '../calls/magento-error.js';

/**
 * What a signed call is refused with, in the sentences that Magento has used since 2.3 and in the order of its
 * checks. The sentence about missing parameters is `missingParameters`, which the REST API shares.
 *
 * @see docs/magento.md, "Errors of the token endpoints"
 */
const sentences = {
  versionUnsupported: [400, 'The "%1" Oauth version isn\'t supported.'],
  tokenLength: [400, 'The token length is invalid. Check the length and try again.'],
  methodUnsupported: [400, 'Signature method %1 is not supported'],
  consumerKeyLength: [401, 'Consumer key is not the correct length'],
  consumerUnknown: [401, 'A consumer having the specified key does not exist'],
  nonceUsed: [401, 'The nonce is already being used by the consumer with ID %1'],
  nonceInvalid: [401, 'An error occurred validating the nonce'],
  consumerExpired: [401, 'Consumer key has expired'],
  tokenUnknown: [401, 'Specified token does not exist'],
  requestTokenOfAnother: [401, 'Request token is not associated with the specified consumer'],
  requestTokenUsed: [401, 'Token is already being used'],
  verifierLength: [401, 'Verifier is not the correct length'],
  verifierWrong: [401, 'Token verifier and verifier token do not match'],
  accessTokenOfAnother: [401, 'Token is not associated with the specified consumer'],
  notAnAccessToken: [401, 'Token is not an access token'],
  signatureInvalid: [401, 'The signature is invalid. Verify and try again.'],
  notAVerifier: [401, 'Cannot create request token because consumer token is not a verifier token'],
  noRow: [401, 'A token with consumer ID %1 does not exist'],
  notARequestToken: [401, 'Cannot get access token because consumer token is not a request token'],
} as const satisfies Record<string, readonly [400 | 401, string]>;

/** Why a signed call can be refused. */
export type Refusal = keyof typeof sentences;

/** The error for a refusal, ready to be thrown. */
export function refusal(name: Refusal, ...parameters: readonly (string | number)[]): MagentoError {
  const [status, sentence] = sentences[name];
  return new MagentoError(status, sentence, parameters);
}

import { describe, expect, it } from '@jest/globals';
import { generations, type ReceivedRequest } from './magento-generations.js';
import { signatureVectors, type SignatureVector } from './signature-vector.js';

/** The model of Magento that the property test trusts has to earn it: it reproduces what Magento's PHP computed. */
describe.each(['2.4.6-2.4.7', 'between', '2.4.8+'] as const)('the model of %s', (generation) => {
  for (const vector of signatureVectors) {
    it(`computes vector ${vector.id}: ${vector.note}`, () => {
      const computed = generations[generation](received(vector));

      expect(computed).toBe(vector.magento[generation]);
    });
  }
});

function received(vector: SignatureVector): ReceivedRequest {
  return {
    ...vector,
    body: vector.body ?? undefined,
    contentType: vector.contentType ?? undefined,
    tokenSecret: vector.tokenSecret ?? '',
  };
}

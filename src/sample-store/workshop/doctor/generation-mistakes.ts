import { baseStringBy } from './base-string-by.js';
import type { Mistake } from './mistake.js';

const releasesOf = {
  zend: 'up to 2.4.5',
  laminas: '2.4.6 and 2.4.7',
  magento: 'from 2.4.8 on',
} as const;

/** A call that is right for other releases of Magento than the store's: one entry for each generation of them. */
export const generationMistakes: readonly Mistake[] = (['zend', 'laminas', 'magento'] as const).map(
  (generation) => ({
    name: 'another-generation',
    advice: `The call is signed as Magento ${releasesOf[generation]} wants it, and this store is another release. Spell the address so that all sign it alike: in the query no \`+\`, no dots in names and no bare names, in the path no escaped punctuation such as \`%2F\`.`,
    variants: (signing, evidence) => {
      const base = baseStringBy(generation, evidence.request);
      return base === undefined || generation === evidence.generation ? [] : [{ ...signing, base }];
    },
  }),
);

import { inEnglish } from '../../src/language/translate.js';
import { plainWords, wordsOf } from '../../src/language/words.js';

/** What every template finds beside its view, in English. */
export const spoken = { lang: 'en', t: inEnglish, words: wordsOf, plain: plainWords };

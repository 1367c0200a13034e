import { describe, expect, it } from '@jest/globals';
import { errorCodes } from '../../src/errors.js';
import { languages, languageNames, type Language } from '../../src/language/languages.js';
import { catalogueOf, translateTo } from '../../src/language/translate.js';
import { fixedPartsOf, textsOf, valuesFor } from '../support/texts.js';

const english = textsOf('en');

const others = languages.filter((language) => language !== 'en');

/**
 * Texts that are the English ones, letter by letter, and why. Magento's labels are as its language pack has them:
 * docs/languages.md.
 */
const names: Readonly<Partial<Record<Language, Readonly<Record<string, string>>>>> = {
  de: { 'menu.system': "Magento's label: German has the same word" },
  fr: { 'menu.extensions': "Magento's label: French has the same word" },
  it: {
    'joining.password': 'Italian has the same word',
    'menu.baseUrl': "Magento's label: its Italian pack leaves it in English",
    'popup.login.password': 'Italian has the same word',
  },
  'pt-BR': { 'account.places.console': 'Portuguese has the same word' },
  pl: { 'menu.system': "Magento's label: Polish has the same word" },
};

/** Whether a text has words of its own beside values, other texts and what joins them. */
function hasWords(text: string): boolean {
  return /\p{L}/u.test(text.replace(/\{\{\w+\}\}|\$t\([\w.]+\)/g, ''));
}

describe('English', () => {
  for (const code of [...errorCodes, 'unexpected']) {
    it(`tells of ${code} what happened and what to do`, () => {
      for (const sentence of ['text', 'next']) {
        expect(english.get(`failures.${code}.${sentence}`)).toMatch(/^[^ ].*[.?]$/);
      }
    });
  }
});

for (const language of others) {
  describe(languageNames[language], () => {
    const own = textsOf(language);

    it('has the files of English', () => {
      const files = (of: Language) => Object.keys(catalogueOf(of)).sort();

      expect(files(language)).toEqual(files('en'));
    });

    it('has the keys of English, and no other', () => {
      const missing = [...english.keys()].filter((key) => !own.has(key));
      const foreign = [...own.keys()].filter((key) => !english.has(key));

      expect({ missing, foreign }).toEqual({ missing: [], foreign: [] });
    });

    it('has the same values, other texts and marks in every text', () => {
      const other = [...own].filter(
        ([key, text]) => fixedPartsOf(text).join() !== fixedPartsOf(english.get(key) ?? '').join(),
      );

      expect(other.map(([key]) => key)).toEqual([]);
    });

    it('says everything in its own words, but for names', () => {
      const same = [...own].filter(([key, text]) => hasWords(text) && english.get(key) === text);

      expect(same.map(([key]) => key).sort()).toEqual(Object.keys(names[language] ?? {}).sort());
    });

    it('can say every text, with nothing left to fill in', () => {
      const t = translateTo(language);
      const spoken = [...own].map(([key, text]) => t(key, valuesFor(text)));

      expect(spoken.filter((text) => /\{\{|\}\}|\$t|^\s|\s$|^$/.test(text))).toEqual([]);
    });
  });
}

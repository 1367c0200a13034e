import { readdirSync, readFileSync } from 'node:fs';
import { createInstance, type ResourceLanguage } from 'i18next';
import { languages, type Language } from './languages.js';

/** The text of a key, `failures.wrong_password.text`, with these values in it. @throws Error for a key or value that is missing */
export type Translate = (key: string, values?: Readonly<Record<string, string | number>>) => string;

const catalogues = new URL('catalogues/', import.meta.url);

/** What a language has under each topic: the files of its folder, by their names. */
export function catalogueOf(language: Language): ResourceLanguage {
  const folder = new URL(`${language}/`, catalogues);
  return Object.fromEntries(
    readdirSync(folder)
      .filter((file) => file.endsWith('.json'))
      .map((file) => [
        file.replace(/\.json$/, ''),
        JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as ResourceLanguage,
      ]),
  );
}

const i18n = createInstance();
await i18n.init({
  resources: Object.fromEntries(
    languages.map((language) => [language, { translation: catalogueOf(language) }]),
  ),
  lng: 'en',
  fallbackLng: 'en',
  // Templates escape what they place.
  interpolation: { escapeValue: false },
  saveMissing: true,
  missingKeyHandler: (_languages, _topic, key) => {
    throw new Error(`no text has the key ${key}`);
  },
  missingInterpolationHandler: (text: string, [value = '']: readonly string[]) => {
    throw new Error(`${value} has no value in "${text}"`);
  },
});

/** Speaks a language. */
export function translateTo(language: Language): Translate {
  const t = i18n.getFixedT(language);
  return (key, values = {}) => t(key, values);
}

/** For the console, and for programs. */
export const inEnglish = translateTo('en');

/** The languages of the pages, in the order in which they are offered. English is the source of the others. */
export const languages = [
  'en',
  'de',
  'fr',
  'es',
  'it',
  'nl',
  'pt-BR',
  'pl',
  'ja',
  'zh-CN',
] as const;

export type Language = (typeof languages)[number];

/** What each language calls itself. */
export const languageNames: Readonly<Record<Language, string>> = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  it: 'Italiano',
  nl: 'Nederlands',
  'pt-BR': 'Português (Brasil)',
  pl: 'Polski',
  ja: '日本語',
  'zh-CN': '简体中文',
};

/**
 * The first of a browser's languages, most wanted first (`de-AT`, `fr`), that is ours: as it stands, or another country's
 * kind of the same. English where there is none.
 */
export function languageFor(wanted: readonly string[]): Language {
  const ours = wanted.flatMap((tag) => exactly(tag) ?? sameLanguage(tag) ?? []);
  return ours[0] ?? 'en';
}

function exactly(tag: string): Language | undefined {
  return languages.find((language) => language.toLowerCase() === tag.toLowerCase());
}

function sameLanguage(tag: string): Language | undefined {
  return languages.find((language) => primary(language) === primary(tag));
}

/** `pt-BR` is a kind of `pt`. */
function primary(tag: string): string {
  return tag.toLowerCase().split('-')[0] ?? '';
}

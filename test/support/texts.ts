import { catalogueOf } from '../../src/language/translate.js';
import type { Language } from '../../src/language/languages.js';

/** Every text of a language by its key, `popup.login.title`, as the catalogue has it. */
export function textsOf(language: Language): ReadonlyMap<string, string> {
  return new Map(flatten(catalogueOf(language), []));
}

function flatten(value: unknown, path: readonly string[]): [string, string][] {
  if (typeof value === 'string') return [[path.join('.'), value]];
  return Object.entries(value as object).flatMap(([name, inner]) =>
    flatten(inner, [...path, name]),
  );
}

/** A text's parts that a translator hands on as they are, in no particular order. */
export function fixedPartsOf(text: string): string[] {
  return (text.match(/\{\{\w+\}\}|\$t\([\w.]+\)|\*\*|`/g) ?? []).sort();
}

/** Values for everything that any text asks for, each of them plain to see in the finished sentence. */
export function valuesFor(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => [name, `<${name}>`]),
  );
}

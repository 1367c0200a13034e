import { MagentoError } from '../calls/magento-error.js';
import { isPhpArray } from './php-array.js';

/** The types that Magento's data objects name. */
export type FieldType = 'int' | 'float' | 'string' | 'array';

/**
 * Reads the members of an array as a data object's properties, whose names may come in snake case or camel case.
 * Anything but an array has no properties.
 *
 * @throws TypeError for a name that the object does not have: a LogicException in PHP, an internal error outside.
 * @throws MagentoError for a value that is not of the property's type.
 */
export function properties(
  value: unknown,
  types: Readonly<Record<string, FieldType>>,
): Readonly<Record<string, unknown>> {
  const given = Object.entries(isPhpArray(value) ? value : {});
  const read = given.map(([name, content]) => {
    const property = snakeCase(name);
    const type = Object.hasOwn(types, property) ? types[property] : undefined;
    if (!type) throw new TypeError(`Property "${name}" does not have an accessor method.`);
    return [property, within(name, () => typed(content, type))] as const;
  });
  return Object.fromEntries(read.filter(([, content]) => content !== undefined));
}

/** A member of the path or the query that has to be a whole number. */
export function wholeNumber(value: unknown): number {
  const number = typed(value, 'int');
  if (typeof number !== 'number') throw wrongType(value, 'int');
  return number;
}

/** The error for a value of the wrong type, already filled in, as Magento puts this one. */
function wrongType(value: unknown, type: string): MagentoError {
  const shown = isPhpArray(value) ? 'array' : String(value);
  return new MagentoError(
    400,
    `The "${shown}" value's type is invalid. The "${type}" type was expected. Verify and try again.`,
  );
}

/** Names the property in which something was found wrong. */
export function within<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof MagentoError)) throw error;
    throw new MagentoError(400, `Error occurred during "${name}" processing. ${error.message}`);
  }
}

/** What an array of a list type holds; a value that is no array holds nothing. */
export function listOf(value: unknown): readonly unknown[] {
  return isPhpArray(value) ? Object.values(value) : [];
}

/** A value as text; what is no scalar is no text. */
export function textOf(value: unknown): string {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : '';
}

/** `undefined` is what says nothing: null, a number that is left empty, no array where one belongs. */
function typed(value: unknown, type: FieldType): unknown {
  if (type === 'array') return isPhpArray(value) ? value : undefined;
  if (isPhpArray(value)) throw wrongType(value, type);
  const text = textOf(value);
  if (type === 'string') return text;
  if (text === '') return undefined;
  const number = Number(value);
  if (typeof value === 'boolean' || !Number.isFinite(number)) throw wrongType(value, type);
  return type === 'int' ? Math.trunc(number) : number;
}

function snakeCase(name: string): string {
  return name
    .replace(/(?<=\w)[A-Z]/g, (letter) => `_${letter}`)
    .replaceAll('__', '_')
    .toLowerCase();
}

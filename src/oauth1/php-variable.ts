/** What PHP's `parse_str` makes of one name: the variable it ends up in, and whether that is an array. */
export interface PhpVariable {
  readonly name: string;
  readonly isArray: boolean;
}

/**
 * The top-level variable that PHP fills for a decoded parameter name: spaces before it go, `.` and space
 * become `_` up to the first `[`, and what is in brackets becomes keys of an array. Undefined where PHP
 * drops the parameter, for want of a name.
 *
 * @see https://www.php.net/manual/en/language.variables.external.php
 */
export function phpVariable(parameterName: string): PhpVariable | undefined {
  const [wanted = ''] = parameterName.split('\0');
  const trimmed = wanted.replace(/^ +/, '');
  const bracket = trimmed.indexOf('[');
  const isArray = bracket >= 0 && trimmed.includes(']', bracket);
  const base = bracket < 0 ? trimmed : trimmed.slice(0, bracket);
  if (base === '') return undefined;
  // A bracket that is never closed is no array: it becomes `_`, and the name goes on.
  const rest = isArray ? '' : trimmed.slice(base.length).replace('[', '_');
  return { name: base.replace(/[ .]/g, '_') + rest, isArray };
}

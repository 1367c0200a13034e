import { fromBinary, rawUrlDecode } from '../php-strings.js';

/** A PHP array with names for keys, as a query or a JSON body becomes one. It inherits nothing. */
export type PhpArray = Readonly<Record<string, unknown>>;

type Branch = Record<string, unknown>;

/** PHP's own limits (`max_input_vars`, `max_input_nesting_level`): what goes beyond is dropped. */
const mostVariables = 1000;
const deepestNesting = 64;

/** Whether PHP would call it an array: an object or a list of JSON, or what brackets in a query make. */
export function isPhpArray(value: unknown): value is PhpArray {
  return typeof value === 'object' && value !== null;
}

/** What a member of an array holds; `undefined` also for what PHP does not call set. */
export function memberOf(array: PhpArray, name: string): unknown {
  return Object.hasOwn(array, name) ? (array[name] ?? undefined) : undefined;
}

/** Reads a query or a form body into nested arrays, as `parse_str`; text comes out as text, no longer as bytes. */
export function phpArray(query: string): PhpArray {
  const root = branch();
  for (const pair of query.split('&').slice(0, mostVariables)) {
    const [name = '', ...value] = pair.split('=');
    const keys = keysOf(decoded(name));
    if (keys[0] !== '' && keys.length <= deepestNesting) put(root, keys, decoded(value.join('=')));
  }
  return root;
}

function branch(): Branch {
  return Object.create(null) as Branch;
}

/** `a[b][]` is `a`, `b` and an empty key, which means the next number. */
function keysOf(name: string): string[] {
  const [, base = '', brackets = ''] = /^ *([^[]*)((?:\[[^\]]*\])*)/s.exec(name) ?? [];
  const open = brackets === '' ? name.trimStart() : base;
  const keys = [...brackets.matchAll(/\[([^\]]*)\]/g)].map(([, key = '']) => key);
  return [open.replace('[', '_').replace(/[ .]/g, '_'), ...keys];
}

function put(root: Branch, keys: readonly string[], value: string): void {
  let node = root;
  for (const [index, key] of keys.entries()) {
    const name = key === '' ? String(Object.keys(node).length) : key;
    const child = node[name];
    if (index === keys.length - 1) node[name] = value;
    else node = node[name] = isPhpArray(child) ? child : branch();
  }
}

function decoded(bytes: string): string {
  return fromBinary(rawUrlDecode(bytes.replaceAll('+', ' ')));
}

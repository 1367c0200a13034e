import { fromBinary, rawUrlDecode } from '../php-strings.js';
import type { Caller } from './caller.js';
import type { PhpArray } from './php-array.js';
import type { StoreData } from './data/store-data.js';

/** What a route's answer is made from. */
export interface RestCall {
  /** Body, query and path in one; where two have the same name, the later of the three wins. */
  readonly input: PhpArray;
  readonly data: StoreData;
  readonly storeUrl: string;
  readonly caller: Caller;
}

/** One line of the Web API, as in Magento's `webapi.xml`. */
export interface RestRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** A template: `/V1/products/:sku`. */
  readonly path: string;
  /** All that a caller needs: `anonymous`, `self` for a customer's own things, or permissions. */
  readonly resources: readonly string[];
  readonly answer: (call: RestCall) => unknown;
}

/** The route for a path below the store code, and what its placeholders hold. */
export interface RouteMatch {
  readonly route: RestRoute;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Finds the route of a raw path. Segments are told apart before they are decoded, so `%2F` stays in its segment, and a
 * `+` is a space. A word of the template wins over a placeholder.
 */
export function matchRoute(
  routes: readonly RestRoute[],
  method: string,
  path: string,
): RouteMatch | undefined {
  const segments = segmentsOf(path);
  const [best] = routes
    .filter((route) => route.method === method && fits(segmentsOf(route.path), segments))
    .sort((a, b) => placeholders(a) - placeholders(b));
  return best && { route: best, parameters: parametersOf(segmentsOf(best.path), segments) };
}

function segmentsOf(path: string): string[] {
  return path.replace(/^\/+|\/+$/g, '').split('/');
}

function fits(template: readonly string[], segments: readonly string[]): boolean {
  return (
    template.length === segments.length &&
    template.every((word, index) => word.startsWith(':') || word === segments[index])
  );
}

function placeholders({ path }: RestRoute): number {
  return path.split(':').length;
}

function parametersOf(
  template: readonly string[],
  segments: readonly string[],
): Record<string, string> {
  const values = template.flatMap((word, index) =>
    word.startsWith(':') ? [[word.slice(1), decoded(segments[index] ?? '')] as const] : [],
  );
  return Object.fromEntries(values);
}

function decoded(segment: string): string {
  return fromBinary(rawUrlDecode(segment.replaceAll('+', ' ')));
}

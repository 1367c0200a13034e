import { describe, expect, it } from '@jest/globals';
import { memberOf, phpArray } from '../../../src/sample-store/webapi/php-array.js';

describe('a query as PHP reads it', () => {
  for (const [query, expected] of [
    ['', {}],
    ['a=1&b=2', { a: '1', b: '2' }],
    ['a=1&a=2', { a: '2' }],
    ['a[x][0]=1&a[x][1]=2&a[y]=3', { a: { x: { 0: '1', 1: '2' }, y: '3' } }],
    ['a%5Bx%5D=1', { a: { x: '1' } }],
    ['a[]=1&a[]=2', { a: { 0: '1', 1: '2' } }],
    ['a=1&a[x]=2', { a: { x: '2' } }],
    ['a[x]=1&a=2', { a: '2' }],
    ['a[x]y=1', { a: { x: '1' } }],
    ['a[x=1', { a_x: '1' }],
    ['a.b c=1', { a_b_c: '1' }],
    [' a=1', { a: '1' }],
    ['flag', { flag: '' }],
    ['a=b=c', { a: 'b=c' }],
    ['=1&[x]=2', {}],
    ['a=x+y%2Bz', { a: 'x y+z' }],
    ['a=caf%C3%A9', { a: 'café' }],
  ] as const) {
    it(query || '(nothing)', () => {
      expect(JSON.parse(JSON.stringify(phpArray(query)))).toEqual(expected);
    });
  }

  it('has nothing that was not in it', () => {
    const array = phpArray('__proto__[a]=1&x[__proto__][b]=2');

    expect(memberOf(array, 'constructor')).toBeUndefined();
    expect(memberOf(phpArray(''), '__proto__')).toBeUndefined();
    expect(({} as Record<string, unknown>)['a']).toBeUndefined();
    expect(({} as Record<string, unknown>)['b']).toBeUndefined();
  });

  it('drops what is nested too deep, and what are too many', () => {
    const deep = `a${'[x]'.repeat(64)}=1`;
    const many = Array.from({ length: 1001 }, (_, index) => `v${index}=1`).join('&');

    expect(Object.keys(phpArray(deep))).toEqual([]);
    expect(Object.keys(phpArray(many))).toHaveLength(1000);
  });
});

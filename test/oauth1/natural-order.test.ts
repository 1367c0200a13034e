import { describe, expect, it } from '@jest/globals';
import { compareNaturally } from '../../src/oauth1/natural-order.js';
import { seededRandom } from './awkward-request.js';
import { compareNaturally as storesOrder } from '../../src/sample-store/oauth/natural-order.js';

describe('compareNaturally', () => {
  const ordered = [
    ['x1', 'x2'],
    ['x2', 'x10'],
    ['x01', 'x1'],
    ['x001', 'x01'],
    ['a%5B9%5D', 'a%5B10%5D'],
    ['A', 'a'],
    ['a', 'a1'],
    ['', 'a'],
  ] as const;
  for (const [earlier, later] of ordered) {
    it(`puts "${earlier}" before "${later}"`, () => {
      expect(compareNaturally(earlier, later)).toBeLessThan(0);
      expect(compareNaturally(later, earlier)).toBeGreaterThan(0);
    });
  }

  it('does not tell 01 from 1 at the start', () => {
    expect(compareNaturally('01', '1')).toBe(0);
  });

  it("agrees with the sample store's own on 50,000 pairs", () => {
    const random = seededRandom(2000);
    const text = () =>
      Array.from({ length: random() * 7 }, () => '0012%a9B~'[Math.floor(random() * 9)]).join('');
    const pairs = Array.from({ length: 50_000 }, () => [text(), text()] as const);

    const differing = pairs.filter(
      ([a, b]) => Math.sign(compareNaturally(a, b)) !== Math.sign(storesOrder(a, b)),
    );

    expect(differing).toEqual([]);
  });
});

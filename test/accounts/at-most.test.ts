import { describe, expect, it } from '@jest/globals';
import { atMost } from '../../src/accounts/at-most.js';

/** Pieces of work that end when they are told to. */
function pieces() {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const work = (n: number) => async () => {
    begun.push(n);
    await new Promise<void>((resolve) => (ends[n] = resolve));
    return n;
  };
  return { begun, work, end: (n: number) => ends[n]?.() };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('atMost', () => {
  it('lets no more than so many wait, and takes another once there is room', async () => {
    const run = atMost(1, { waiting: 1, noRoom: () => new Error('full') });
    const { begun, work, end } = pieces();
    const both = [run(work(0)), run(work(1))];

    await expect(run(work(2))).rejects.toThrow('full');
    end(0);
    await turn();
    const later = run(work(3));
    for (const n of [1, 3]) {
      end(n);
      await turn();
    }

    expect(await Promise.all([...both, later])).toEqual([0, 1, 3]);
    expect(begun).toEqual([0, 1, 3]);
  });

  it('begins no more than so many, and the next when one has ended, in their order', async () => {
    const run = atMost(2);
    const { begun, work, end } = pieces();
    const all = [0, 1, 2, 3].map((n) => run(work(n)));
    await turn();
    const first = [...begun];

    end(1);
    await turn();
    const second = [...begun];
    for (const n of [0, 2]) end(n);
    await turn();
    end(3);

    expect(first).toEqual([0, 1]);
    expect(second).toEqual([0, 1, 2]);
    expect(await Promise.all(all)).toEqual([0, 1, 2, 3]);
  });

  it('gives back the place of one that failed', async () => {
    const run = atMost(1);

    const failed = run(() => Promise.reject(new Error('no')));
    const next = run(() => Promise.resolve('yes'));

    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('yes');
  });
});

/** A source of numbers that look random and are the same every time. */
export interface Seeded {
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number;
  /** The list must hold something. */
  pick<T>(list: readonly T[]): T;
}

/** Begins a sequence: the generator of Lehmer, whose products stay within what a number holds exactly. */
export function seeded(seed: number): Seeded {
  let state = seed;
  const between = (least: number, most: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return least + (state % (most - least + 1));
  };
  return {
    between,
    pick<T>(list: readonly T[]): T {
      const [picked] = list.slice(between(0, list.length - 1));
      if (picked === undefined) throw new RangeError('There is nothing to pick from.');
      return picked;
    },
  };
}

/** A moment as Magento writes it, in UTC. */
export function timestamp(at: Date): string {
  return at.toISOString().slice(0, 19).replace('T', ' ');
}

/** So many hours after the shop has opened. */
export function hoursAfterOpening(hours: number): string {
  return timestamp(new Date(Date.UTC(2025, 0, 1) + hours * 3_600_000));
}

/** Chance that can be repeated: the same seed gives the same choices. */
export interface Random {
  /** From 0 to 1, without 1. */
  next(): number;
  /** A whole number below this one. */
  below(limit: number): number;
  pick<T>(list: readonly T[]): T;
  /** Whether something happens that does so this often. */
  chance(share: number): boolean;
}

/** Makes chance out of a seed. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    // Mulberry32: small, and good enough to spread tests.
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    pick: (list) => {
      const [picked] = list.slice(below(list.length));
      if (picked === undefined) throw new RangeError('nothing to pick from');
      return picked;
    },
    chance: (share) => next() < share,
  };
}

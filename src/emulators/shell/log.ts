/** An append-only log that keeps the latest entries and counts them all. */
export interface Log<T> {
  readonly entries: readonly T[];
  readonly total: number;
  readonly add: (entry: T) => void;
  readonly clear: () => void;
}

/** Keeps at most `cap` entries; the oldest tenth goes at once, so that adding stays cheap. */
export function createLog<T>(cap = 10_000): Log<T> {
  const entries: T[] = [];
  let total = 0;
  return {
    entries,
    get total() {
      return total;
    },
    add: (entry) => {
      if (entries.length >= cap) entries.splice(0, Math.ceil(cap / 10));
      entries.push(entry);
      total += 1;
    },
    clear: () => {
      entries.length = 0;
      total = 0;
    },
  };
}

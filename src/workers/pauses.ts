/** Two ends within this time are in a row. */
const SOON_MS = 60_000;
const MAX_MS = 30_000;

/** Makes what tells, at each end of one place's worker, how long to wait before the next one starts there: ever longer. */
export function createPauses(now: () => number = () => performance.now()): () => number {
  let inARow = 0;
  let last = -Infinity;
  return () => {
    if (now() - last > SOON_MS) inARow = 0;
    last = now();
    return inARow++ === 0 ? 0 : Math.min(1000 * 2 ** (inARow - 2), MAX_MS);
  };
}

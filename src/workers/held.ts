import type { Signal } from '../vendors/signals';

/** What has been told of accounts and still holds, for whoever begins to listen later. */
export interface Held {
  note(account: string, signal: Signal): void;
  /** What holds for an account now, and for how long from now. */
  of(account: string): Signal[];
  all(): Iterable<readonly [account: string, signal: Signal]>;
}

interface Pauses {
  readonly throttledUntil: number;
  /** The credential's refusals in a row, and when the last one's pause ends. */
  readonly refusals: number;
  readonly refusedUntil: number;
}

const NONE: Pauses = { throttledUntil: 0, refusals: 0, refusedUntil: 0 };

/** Makes an empty one. A clock that somebody sets does not touch it. */
export function createHeld(now: () => number = () => performance.now()): Held {
  const accounts = new Map<string, Pauses>();
  const of = (account: string): Signal[] => {
    const { throttledUntil, refusals, refusedUntil } = accounts.get(account) ?? NONE;
    const signals: Signal[] = [];
    if (throttledUntil > now()) signals.push({ kind: 'throttled', forMs: throttledUntil - now() });
    // Also when the pause is over: who starts now must not let a crowd out where others would send a probe.
    if (refusals > 0) signals.push({ kind: 'refused', refusals, forMs: Math.max(0, refusedUntil - now()) });
    return signals;
  };
  return {
    note: (account, signal) => {
      const pauses = accounts.get(account) ?? NONE;
      if (signal.kind === 'throttled') {
        const throttledUntil = Math.max(pauses.throttledUntil, now() + signal.forMs);
        accounts.set(account, { ...pauses, throttledUntil });
      } else if (signal.kind === 'refused') {
        const { refusals, forMs } = signal;
        accounts.set(account, { ...pauses, refusals, refusedUntil: now() + forMs });
      } else if (signal.kind === 'accepted') {
        accounts.set(account, { ...pauses, refusals: 0 });
      }
    },
    of,
    *all() {
      for (const account of accounts.keys()) for (const signal of of(account)) yield [account, signal];
    },
  };
}

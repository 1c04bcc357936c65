/**
 * What one process has learned of an account, and the others that serve it should know. Durations in milliseconds, from the
 * moment of telling: clocks of different machines need not agree.
 */
export type Signal =
  /** The vendor wants silence for so long. */
  | { readonly kind: 'throttled'; readonly forMs: number }
  /** The vendor has refused the credential, so many times in a row: nothing goes out for so long. */
  | { readonly kind: 'refused'; readonly refusals: number; readonly forMs: number }
  /** The vendor has taken the credential after it had refused it. */
  | { readonly kind: 'accepted' }
  /** Calls to the vendor fail one after another. A hint alone: the way there may be broken for its teller only. */
  | { readonly kind: 'broken' }
  /** It has been written to: what was read before is old. */
  | { readonly kind: 'written' };

/** How processes that serve the same accounts tell each other. Nobody waits for it, and it may be late or lost. */
export interface Signals {
  /** Tells the others; the teller itself knows already. */
  tell(account: string, signal: Signal): void;
  /** Hears what others tell of an account. */
  listen(account: string, hear: (signal: Signal) => void): void;
}

/** For a process that serves its accounts alone. */
export const alone: Signals = { tell: () => undefined, listen: () => undefined };

/** For a process that others hear of in two ways. */
export const together = (one: Signals, other: Signals): Signals => ({
  tell: (account, signal) => {
    one.tell(account, signal);
    other.tell(account, signal);
  },
  listen: (account, hear) => {
    one.listen(account, hear);
    other.listen(account, hear);
  },
});

import { DeadlineExceeded } from '../vendors/outcome';

/** How long after the end a vendor's own failure may still be told: it says more than that time was up. */
const LAST_WORD_MS = 50;

/** Waits for as long as the signal lets it, also for what does not listen to signals; then rejects with `DeadlineExceeded`. */
export function inTime<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      setTimeout(reject, LAST_WORD_MS, new DeadlineExceeded());
    };
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', giveUp);
    });
  });
}

import { DeadlineExceeded, MemoryFailure } from './outcome';

/** How long the ledger may take to read: less than what slow vendors get, so that its trouble costs none of their rows. */
const PATIENCE_MS = 1500;

/**
 * Waits for the ledger, which listens to no signal: for as long as the signal lets it (`DeadlineExceeded`), and not for long
 * in any case (`MemoryFailure`).
 */
export function inTime<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      reject(new DeadlineExceeded());
    };
    const timer = setTimeout(() => {
      reject(new MemoryFailure('The ledger is silent.'));
    }, PATIENCE_MS);
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();
    work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
    });
  });
}

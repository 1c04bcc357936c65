import type { AbortSignalLike } from '../abort';
import { DeadlineExceeded } from './outcome';

/** How long a list waits for what the ledger only adds to it: less than slow vendors get, so that it costs none of their rows. */
const PATIENCE_MS = 1500;

/** Waits for the ledger, which listens to no signal, for as long as the signal lets it; then rejects with `DeadlineExceeded`. */
export function inTime<T>(signal: AbortSignalLike, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      reject(new DeadlineExceeded());
    };
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', giveUp);
    });
  });
}

/** What the ledger adds to a list; `nothing` where it cannot be read, or not soon. */
export function orWithout<T>(nothing: T, work: Promise<T>): Promise<T> {
  return new Promise((resolve) => {
    const goOn = (): void => {
      resolve(nothing);
    };
    const timer = setTimeout(goOn, PATIENCE_MS);
    work.then(resolve, goOn).finally(() => {
      clearTimeout(timer);
    });
  });
}

import type { Exchange, Headers } from './exchange';

const DEFAULT_PAUSE_MS = 10_000;
const MAX_PAUSE_MS = 3_600_000;

/**
 * How long a 429 asks for silence: seconds or an HTTP date; 10 s where it says nothing that can be read; at most an
 * hour. Up to a fifth is added by chance, so that not everybody comes back in the same moment.
 */
export function pauseOf(headers: Headers, now: number): number {
  const value = headers['retry-after'];
  const text = typeof value === 'string' ? value.trim() : '';
  const asked = /^\d{1,10}$/.test(text)
    ? Number(text) * 1000
    : /^[A-Z][a-z]{2,8},? /.test(text)
      ? Date.parse(text) - now
      : NaN;
  const pause = Number.isNaN(asked) ? DEFAULT_PAUSE_MS : Math.max(asked, 0);
  return Math.ceil(Math.min(pause * (1 + Math.random() * 0.2), MAX_PAUSE_MS));
}

/** Whether a read may be tried again: the vendor broke, but did not run out of time and said no word against it. */
export const isRetryable = (result: Exchange): boolean =>
  result.kind === 'failure' ? result.cause === 'UNAVAILABLE' : result.status >= 500 && result.status !== 501;

/** The most retries of one read. */
export const MAX_RETRIES = 2;

/** Keeps retries from becoming the load that keeps a vendor down: each costs one, a good call gives a tenth back. */
export function createRetryBudget(): { spend(): boolean; earn(): void } {
  let left = 10;
  return {
    spend: () => {
      if (left < 1) return false;
      left -= 1;
      return true;
    },
    earn: () => {
      left = Math.min(left + 0.1, 10);
    },
  };
}

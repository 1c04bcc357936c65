import type { EmulatorClock } from './emulator';

/** A clock that can be put back to where it started. */
export interface ResettableClock extends EmulatorClock {
  reset(): void;
}

/** Runs with real time, from `start` when it is given; what tests move is the distance to real time. */
export function createClock(start: number | null): ResettableClock {
  const offsetNow = () => (start === null ? 0 : start - Date.now());
  let offset = offsetNow();
  return {
    now: () => Date.now() + offset,
    advance: (ms) => {
      offset += ms;
    },
    set: (iso) => {
      const instant = Date.parse(iso);
      if (Number.isNaN(instant)) throw new RangeError(`Not an instant: ${iso}`);
      offset = instant - Date.now();
    },
    reset: () => {
      offset = offsetNow();
    },
  };
}

/** Midnight UTC of the current day, so that two worlds built on one day are equal to the byte. */
export function midnight(now: number = Date.now()): number {
  const day = 24 * 60 * 60 * 1000;
  return Math.floor(now / day) * day;
}

/** The instant as the vendors write it: UTC with milliseconds. */
export const toIso = (instant: number): string => new Date(instant).toISOString();

import { randomUUID } from 'node:crypto';
import os from 'node:os';
import timers from 'node:timers/promises';
import crypto from 'node:crypto';

/** What the code under test sees of the machine it runs on. All times in milliseconds. */
export interface Machine {
  /** The wall clock, since 1970. */
  wall(): number;
  /** The monotonic clock. */
  monotonic(): number;
  /** The monotonic clock of the machine that the SQLite file is on. */
  sinceBoot(): number;
  random(): number;
  /** Whether something outside of the simulation is waited for, which needs real timers: a database server. */
  isWaiting(): boolean;
  /** Runs something later, on the process that asks for it; gives the function that cancels it. */
  after(ms: number, run: () => void): () => void;
}

const real = {
  now: Date.now,
  monotonic: performance.now.bind(performance),
  random: Math.random,
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setImmediate: globalThis.setImmediate,
  delay: timers.setTimeout,
  nextTurn: timers.setImmediate,
  hrtime: process.hrtime,
  uptime: os.uptime,
  randomUUID,
};

/** Resolves when every promise that can go on has gone on. */
export const settled = (): Promise<void> => new Promise((resolve) => void real.setImmediate(resolve));

/** The real time, to say how fast the simulation itself is. */
export const stopwatch = (): (() => number) => {
  const start = real.monotonic();
  return () => real.monotonic() - start;
};

/** A timer of the simulation, in the form that Node's have. */
class SimulatedTimer {
  constructor(readonly cancel: () => void) {}
  unref(): this {
    return this;
  }
  ref(): this {
    return this;
  }
}

/**
 * Replaces clocks, timers and chance of this process until the function that it gives is called. They are the edges that
 * the code under test reaches without being given them.
 */
export function replacePlatform(machine: Machine): () => void {
  let ids = 0;
  const hrtime = (): [number, number] => {
    const ms = machine.sinceBoot();
    return [Math.floor(ms / 1000), Math.round((ms % 1000) * 1_000_000)];
  };
  Date.now = machine.wall;
  performance.now = machine.monotonic;
  Math.random = machine.random;
  Object.assign(globalThis, {
    setTimeout: (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
      machine.isWaiting()
        ? real.setTimeout(run, ms, ...args)
        : new SimulatedTimer(
            machine.after(ms, () => {
              run(...args);
            }),
          ),
    clearTimeout: (timer: unknown) => {
      if (timer instanceof SimulatedTimer) timer.cancel();
      else real.clearTimeout(timer as NodeJS.Timeout);
    },
  });
  Object.assign(timers, {
    setTimeout: (ms: number) => new Promise<void>((resolve) => void machine.after(ms, resolve)),
    setImmediate: () => Promise.resolve(),
  });
  Object.assign(process, { hrtime: Object.assign(hrtime, { bigint: real.hrtime.bigint }) });
  Object.assign(os, { uptime: () => machine.sinceBoot() / 1000 });
  Object.assign(crypto, {
    randomUUID: () => `00000000-0000-4000-8000-${String((ids += 1)).padStart(12, '0')}`,
  });
  return () => {
    Date.now = real.now;
    Object.assign(performance, { now: real.monotonic });
    Math.random = real.random;
    Object.assign(globalThis, { setTimeout: real.setTimeout, clearTimeout: real.clearTimeout });
    Object.assign(timers, { setTimeout: real.delay, setImmediate: real.nextTurn });
    Object.assign(process, { hrtime: real.hrtime });
    Object.assign(os, { uptime: real.uptime });
    Object.assign(crypto, { randomUUID: real.randomUUID });
  };
}

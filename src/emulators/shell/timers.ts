/** Delays that end with the server, so that a stopped emulator keeps no process alive. */
export interface Timers {
  later(ms: number, run: () => void): void;
  /** Ends every delay now: runs what waits, in its order. */
  runAll(): void;
  clear(): void;
}

/** Runs at once, in the same tick, where there is nothing to wait for. */
export function createTimers(): Timers {
  const pending = new Map<NodeJS.Timeout, () => void>();
  const clear = (): void => {
    for (const timer of pending.keys()) clearTimeout(timer);
    pending.clear();
  };
  return {
    later: (ms, run) => {
      if (ms <= 0) {
        run();
        return;
      }
      const timer = setTimeout(() => {
        pending.delete(timer);
        run();
      }, ms);
      pending.set(timer, run);
    },
    runAll: () => {
      const waiting = [...pending.values()];
      clear();
      for (const run of waiting) run();
    },
    clear,
  };
}

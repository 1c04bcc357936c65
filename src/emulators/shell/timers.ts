/** Delays that end with the server, so that a stopped emulator keeps no process alive. */
export interface Timers {
  later(ms: number, run: () => void): void;
  clear(): void;
}

/** Runs at once, in the same tick, where there is nothing to wait for. */
export function createTimers(): Timers {
  const pending = new Set<NodeJS.Timeout>();
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
      pending.add(timer);
    },
    clear: () => {
      for (const timer of pending) clearTimeout(timer);
      pending.clear();
    },
  };
}

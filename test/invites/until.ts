import { setTimeout as delay } from 'node:timers/promises';

/** Waits for something that is about to become true. */
export async function until(condition: () => boolean | Promise<boolean>, patienceMs = 20_000): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within ${patienceMs} ms: ${condition.toString()}`);
    await delay(5);
  }
}

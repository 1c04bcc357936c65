import { setTimeout as delay } from 'node:timers/promises';

/** Polls a condition until it is true; rejects after `timeoutMs`, which a busy machine does not reach. */
export async function waitFor(
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 20_000,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within ${timeoutMs} ms: ${condition.toString()}`);
    await delay(5);
  }
}

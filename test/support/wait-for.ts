import { setTimeout as delay } from 'node:timers/promises';

/** How long a test waits for an event, in milliseconds: a busy machine does not take as long. */
export const PATIENCE_MS = 240_000;

/** Polls a condition until it is true; rejects after `timeoutMs`, which a busy machine does not reach. */
export async function waitFor(
  condition: () => boolean | Promise<boolean>,
  timeoutMs = PATIENCE_MS,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within ${timeoutMs} ms: ${condition.toString()}`);
    await delay(5);
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../support/random';

/** How clients go about a write: patiently, by double click, through a gateway that retries, or leaving early. */
export const MANNERS = ['once', 'double click', 'gateway', 'impatient'] as const;

/** One of them. */
export type Manner = (typeof MANNERS)[number];

/** Makes the calls of a client; resolves when all that it still waits for are answered. */
export async function callInManner(
  manner: Manner,
  call: (signal?: AbortSignal) => Promise<void>,
  random: Random,
): Promise<void> {
  const after = [0, 30, 150].map((most) => random.below(most + 1));
  switch (manner) {
    case 'once':
      return call();
    case 'double click':
      await Promise.all([call(), call(), call()]);
      return;
    case 'gateway':
      // It repeats what takes too long, whether that is over or not.
      await Promise.all(after.map((ms) => delay(ms).then(() => call())));
      return;
    case 'impatient':
      for (const ms of after) {
        const signal = AbortSignal.timeout(ms);
        await call(signal).catch((error: unknown) => {
          if (!signal.aborted) throw error;
        });
      }
  }
}

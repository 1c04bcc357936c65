import { randomUUID } from 'node:crypto';
import { CHANNEL, PREFIX } from './names';
import { newClient } from './redis';
import { within } from './within';

/** How long each step may take, in milliseconds. */
const STEP_MS = 5000;

/** Connects to Redis as an app does, listens, and writes a key that is gone a second later; rejects where one fails. */
export async function tryRedis(url: string): Promise<void> {
  const client = await newClient(url);
  client.on('error', () => undefined);
  try {
    await within(STEP_MS, client.connect());
    await within(
      STEP_MS,
      client.subscribe(CHANNEL, () => undefined),
    );
    await within(STEP_MS, client.set(`${PREFIX}check:${randomUUID()}`, '', { PX: 1000 }));
  } finally {
    client.destroy();
  }
}

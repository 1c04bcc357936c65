import { setTimeout as delay } from 'node:timers/promises';

/** How often something is tried while another process holds the SQLite file: for about three seconds in all. */
const BUSY_TRIES = 40;

/**
 * Does something again while another process is in the way. Waiting is done here and not inside SQLite, which would hold
 * up every other request of this process.
 */
export async function whileBusy<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries === BUSY_TRIES || !isBusy(error)) throw error;
      await delay(20 + Math.random() * 110);
    }
  }
}

/** Whether another process holds the SQLite file, or has noted a migration or added a column of it in this very moment. */
export const isBusy = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (/^SQLITE_(BUSY|LOCKED)/.test(String(error.code)) ||
    /kysely_migration|duplicate column name/.test(error.message));

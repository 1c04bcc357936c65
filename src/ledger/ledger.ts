import type { Clock } from '../clock';
import { type Attempts, createAttempts } from './attempts';
import { openDatabase, type Storage } from './database';
import type { SendLimits } from './limits';
import { createRemembered, type Remembered } from './remembered';

/** What this service itself knows: the writes it was asked for, and the invites that no vendor can show. */
export interface Ledger {
  readonly attempts: Attempts;
  readonly remembered: Remembered;
  /** Resolves while the database can be written to: without that, nothing may be sent. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the ledger. */
export async function openLedger(
  storage: Storage,
  limits: SendLimits,
  now: Clock,
  onIdleError: (error: unknown) => void = () => undefined,
): Promise<Ledger> {
  const database = await openDatabase(storage, onIdleError);
  return {
    attempts: createAttempts(database, limits, now),
    remembered: createRemembered(database, now),
    ping: async () => {
      const probe = { account: '', sends: now() };
      await database.write((tx) =>
        tx
          .insertInto('send_locks')
          .values(probe)
          .onConflict((conflict) => conflict.column('account').doUpdateSet(probe))
          .execute(),
      );
    },
    close: () => database.close(),
  };
}

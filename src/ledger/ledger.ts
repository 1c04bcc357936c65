import type { Clock } from '../clock';
import type { Account, Invite } from '../model';
import { type Attempts, createAttempts } from './attempts';
import type { Database, DatabaseEars, Storage } from './database';
import type { SendLimits } from './limits';
import { openDatabase } from './open-database';
import { createRemembered, noteBefore, rememberAnswer, type Remembered, supersede } from './remembered';
import { noteStores, storeOf } from './stores';

/** What this service itself knows: the writes it was asked for, and the invites that no vendor can show. */
export interface Ledger {
  readonly attempts: Attempts;
  readonly remembered: Remembered;
  /** What a write is noted with: in the same step as its begin or its end. */
  readonly memory: WriteMemory;
  /**
   * Resolves while the database can be written to: without that, nothing may be sent. Gives how far the database's clock is
   * ahead of the one of this process, in milliseconds.
   */
  ping(): Promise<number>;
  close(): Promise<void>;
}

/** The steps by which a write changes what is remembered. */
export interface WriteMemory {
  /** Notes an invite that is about to be withdrawn. */
  before(invite: Invite): (tx: Parameters<typeof noteBefore>[0]) => Promise<void>;
  /** Remembers the vendor's answer; `supersedes`: it takes the place of all earlier invites to its address. */
  after(invite: Invite, supersedes: boolean): (tx: Parameters<typeof noteBefore>[0]) => Promise<void>;
}

/**
 * Opens the ledger.
 * @param moved The time of a demo or a test, which can be moved; null for the database's own.
 * @param accounts The configured accounts, of which several may be one store.
 */
export async function openLedger(
  storage: Storage,
  limits: SendLimits,
  moved: Clock | null = null,
  ears?: DatabaseEars,
  accounts: readonly Pick<Account, 'id' | 'vendor' | 'externalId'>[] = [],
): Promise<Ledger> {
  return createLedger(await openDatabase(storage, ears, moved), limits, moved ?? Date.now, accounts);
}

/** Makes the ledger over a database that is open. */
export async function createLedger(
  database: Database,
  limits: SendLimits,
  clock: Clock,
  accounts: readonly Pick<Account, 'id' | 'vendor' | 'externalId'>[],
): Promise<Ledger> {
  const stores = new Map(accounts.map((account) => [account.id, storeOf(account)]));
  await noteStores(database, stores);
  const attempts = createAttempts(database, limits, (account) => stores.get(account) ?? account);
  return {
    attempts,
    remembered: createRemembered(database),
    memory: {
      before: (invite) => (tx) => noteBefore(tx, invite, database),
      after: (invite, supersedes) => async (tx) => {
        await rememberAnswer(tx, invite, database);
        if (supersedes) await supersede(tx, invite);
      },
    },
    ping: () => ping(database, clock),
    close: async () => {
      attempts.stop();
      await database.close();
    },
  };
}

async function ping(database: Database, clock: Clock): Promise<number> {
  const before = clock();
  const { at } = await database.write((tx) =>
    tx
      .insertInto('send_locks')
      .values({ account: '', sends: 0, at: database.now() })
      .onConflict((conflict) => conflict.column('account').doUpdateSet({ at: database.now() }))
      .returning('at')
      .executeTakeFirstOrThrow(),
  );
  const [now, after] = [Number(at), clock()];
  // It was read somewhere in between.
  return now < before ? now - before : Math.max(now - after, 0);
}

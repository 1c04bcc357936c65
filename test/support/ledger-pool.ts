import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgres, sql } from './postgres';

/** Provides empty ledger databases of one kind. */
export interface LedgerPool {
  /** The address of an empty ledger, as `storage:` in rollcall.yaml. */
  storage(): Promise<string>;
  /** Takes back all ledgers provided so far: they may be emptied and provided again. */
  recycle(): Promise<void>;
  close(): Promise<void>;
}

/** Both kinds of database, for `describe.each`: the ledger behaves the same in each. */
export const LEDGERS: readonly { readonly kind: string; readonly open: () => Promise<LedgerPool> }[] = [
  { kind: 'SQLite', open: openSqliteLedgers },
  { kind: 'PostgreSQL', open: openPostgresLedgers },
];

/** A disk in memory where the machine has one: test files need not survive a restart. */
const DISK = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** SQLite files in a temporary folder. */
export async function openSqliteLedgers(): Promise<LedgerPool> {
  const folder = await mkdtemp(join(DISK, 'rollcall-ledger-'));
  let files = 0;
  return {
    storage: () => {
      files += 1;
      return Promise.resolve(`sqlite:${join(folder, `${files}.db`)}`);
    },
    // A new file is cheap.
    recycle: () => Promise.resolve(),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

const EMPTY = 'truncate attempts, send_locks, remembered_invites';

/** Databases of one PostgreSQL server. */
export async function openPostgresLedgers(): Promise<LedgerPool> {
  const { database, close } = await openPostgres();
  const free: string[] = [];
  let used: string[] = [];
  return {
    storage: async () => {
      const storage = free.pop() ?? (await database());
      used.push(storage);
      return storage;
    },
    recycle: async () => {
      for (const storage of used) {
        // A database that cannot be emptied has no tables yet, or a test has damaged it.
        const emptied = await sql(storage, EMPTY).catch(() => null);
        if (emptied) free.push(storage);
      }
      used = [];
    },
    close,
  };
}

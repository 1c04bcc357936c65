import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql, startPostgres } from '../support/postgres';

/** A place for ledgers of one kind of database. */
export interface Ledgers {
  /** An empty one, as `storage:` in rollcall.yaml names it. */
  storage(): Promise<string>;
  /** Nobody uses the ledgers any more that were given out so far: they may be emptied and given out again. */
  recycle(): Promise<void>;
  close(): Promise<void>;
}

/** Both kinds of database, for `describe.each`: what holds for the ledger holds in either. */
export const LEDGERS: readonly { readonly kind: string; readonly open: () => Promise<Ledgers> }[] = [
  { kind: 'SQLite', open: openFiles },
  { kind: 'PostgreSQL', open: openServer },
];

/** Memory where there is a disk of it: a test's files need not survive the machine. */
const DISK = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Files in a folder of their own. */
export async function openFiles(): Promise<Ledgers> {
  const folder = await mkdtemp(join(DISK, 'rollcall-ledger-'));
  let files = 0;
  return {
    storage: () => {
      files += 1;
      return Promise.resolve(`sqlite:${join(folder, `${files}.db`)}`);
    },
    // A new file costs nothing.
    recycle: () => Promise.resolve(),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

const EMPTY = 'truncate attempts, send_locks, remembered_invites';

/** Databases of one server. */
export async function openServer(): Promise<Ledgers> {
  const { database, close } = await startPostgres();
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
        // One that cannot be emptied was never filled, or a test did something to it.
        const emptied = await sql(storage, EMPTY).catch(() => null);
        if (emptied) free.push(storage);
      }
      used = [];
    },
    close,
  };
}

import type { Kysely } from 'kysely';
import { openPostgres } from './postgres';
import { openSqlite } from './sqlite';
import type { Tables } from './tables';

/** Where the ledger is kept. */
export type Storage =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'memory' }
  | { readonly kind: 'postgres'; readonly url: string };

/** Does something with the database, of which either all is done or nothing. */
export type Work<T> = (tx: Kysely<Tables>) => Promise<T>;

/** The ledger's database, of either kind: queries are written once. */
export interface Database {
  /** For reading. */
  readonly queries: Kysely<Tables>;
  /** Writes what must survive the machine: resolves when it is on the disk. */
  write<T>(work: Work<T>): Promise<T>;
  /**
   * Writes, with one statement, what must survive the process. If the machine loses its power in the same moment it may
   * be gone: for what is then known to be missing.
   */
  note<T>(work: Work<T>): Promise<T>;
  close(): Promise<void>;
}

/** Opens the database and brings its tables up to date; replicas may do so at the same time. */
export const openDatabase = (
  storage: Storage,
  onIdleError: (error: unknown) => void = () => undefined,
): Promise<Database> =>
  storage.kind === 'postgres' ? openPostgres(storage.url, onIdleError) : openSqlite(storage);

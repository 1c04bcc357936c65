import type { Kysely, RawBuilder } from 'kysely';
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
  /**
   * The database's own time, in milliseconds since 1970, as a part of a query: all times in the ledger are this one, and no
   * process's clock.
   */
  now(): RawBuilder<number>;
  /** Writes what must survive the machine: resolves when it is on the disk. */
  write<T>(work: Work<T>): Promise<T>;
  /**
   * Writes, with one statement, what must survive the process. If the machine loses its power in the same moment it may
   * be gone: for what is then known to be missing.
   */
  note<T>(work: Work<T>): Promise<T>;
  close(): Promise<void>;
}

/** Who hears of what happens beside the work. */
export interface DatabaseEars {
  /** A connection that nobody was using has broken. */
  readonly onIdleError: (error: unknown) => void;
  /** Tables with something in them are about to be brought up to date, which may take a while. */
  readonly onMigration: (names: readonly string[]) => void;
}

import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  Kysely,
  PostgresAdapter,
  PostgresQueryCompiler,
  type QueryResult,
  sql,
  SqliteAdapter,
  SqliteQueryCompiler,
} from 'kysely';
import type { Database, Work } from '../../src/ledger/database';
import type { RememberedRow, Tables } from '../../src/ledger/tables';
import type { Scheduler } from './scheduler';

/** The one real database that all replicas share. */
export interface SharedDatabase {
  readonly kind: 'SQLite' | 'PostgreSQL';
  readonly database: Database;
  /** Sets the database's clock, where it has one of its own. */
  setTime?(ms: number): Promise<void>;
}

/** What a history does with the operations of a replica. */
export interface DatabaseHooks {
  /** Null before and after a history: then nothing waits. */
  readonly scheduler: Scheduler | null;
  /** A query outside of a transaction has read. */
  onRead(statement: string): void;
  /** Throws where the transaction must fail before it begins. */
  beforeWrite(): void;
  /** A transaction is committed. Throws where the answer to COMMIT is lost. */
  afterWrite(value: unknown): Promise<void>;
}

/**
 * A replica's handle on the shared database. Transactions are real; when they begin, and when their results arrive, the
 * scheduler decides.
 */
export function databaseOfReplica(shared: SharedDatabase, hooks: () => DatabaseHooks): Database {
  const { database } = shared;

  const counted = async <T>(work: () => Promise<T>): Promise<T> => {
    const { scheduler } = hooks();
    if (!scheduler) return work();
    scheduler.inFlight++;
    try {
      if (shared.setTime) await shared.setTime(scheduler.now());
      return await work();
    } finally {
      scheduler.inFlight--;
    }
  };

  const query = async (compiled: CompiledQuery): Promise<QueryResult<unknown>> => {
    const { scheduler, onRead } = hooks();
    const result = await counted(() => database.queries.executeQuery(compiled));
    onRead(compiled.sql);
    return scheduler ? scheduler.later(`reads ${tableOf(compiled.sql)}`, () => result) : result;
  };

  const write =
    (commit: <T>(work: Work<T>) => Promise<T>) =>
    async <T>(work: Work<T>): Promise<T> => {
      const { scheduler, beforeWrite, afterWrite } = hooks();
      if (!scheduler) return commit(work);
      await scheduler.later('transaction', beforeWrite);
      const value = await counted(async () => {
        const committed = await commit(work);
        try {
          await afterWrite(committed);
        } catch (error) {
          return { error };
        }
        return { committed };
      });
      return scheduler.later('answer of COMMIT', () => {
        if ('error' in value) throw value.error as Error;
        return value.committed;
      });
    };

  return {
    queries: new Kysely<Tables>({ dialect: forwarding(shared.kind, query) }),
    now: () => database.now(),
    write: write((work) => database.write(work)),
    note: write((work) => database.note(work)),
    close: () => Promise.resolve(),
  };
}

function forwarding(
  kind: SharedDatabase['kind'],
  query: (compiled: CompiledQuery) => Promise<QueryResult<unknown>>,
): Dialect {
  const isSqlite = kind === 'SQLite';
  const connection: DatabaseConnection = {
    executeQuery: <R>(compiled: CompiledQuery) => query(compiled) as Promise<QueryResult<R>>,
    streamQuery: () => {
      throw new Error('nothing is streamed');
    },
  };
  const nothing = (): Promise<void> => Promise.resolve();
  return {
    createAdapter: () => (isSqlite ? new SqliteAdapter() : new PostgresAdapter()),
    createQueryCompiler: () => (isSqlite ? new SqliteQueryCompiler() : new PostgresQueryCompiler()),
    createIntrospector: () => {
      throw new Error('the tables are known');
    },
    createDriver: () => ({
      init: nothing,
      acquireConnection: () => Promise.resolve(connection),
      beginTransaction: () => Promise.reject(new Error('transactions are the database’s')),
      commitTransaction: nothing,
      rollbackTransaction: nothing,
      releaseConnection: nothing,
      destroy: nothing,
    }),
  };
}

const tableOf = (statement: string): string => /from "(\w+)"/.exec(statement)?.[1] ?? 'database';

/** The tables that a history fills. Which account key is of which store stays from one history to the next. */
const TABLES = ['attempts', 'send_locks', 'remembered_invites'] as const;

/** A statement that is compiled once for each database. */
function prepared<Row>(text: string): (shared: SharedDatabase) => Promise<Row[]> {
  const known = new WeakMap<Database, CompiledQuery<Row>>();
  return async ({ database }) => {
    const compiled = known.get(database) ?? sql.raw<Row>(text).compile(database.queries);
    known.set(database, compiled);
    return (await database.queries.executeQuery(compiled)).rows;
  };
}

const EMPTY = TABLES.map((table) => prepared(`delete from ${table}`));
const READ = TABLES.map((table) => [table, prepared<object>(`select * from ${table}`)] as const);

/** Empties the ledger. */
export async function emptyTables(shared: SharedDatabase): Promise<void> {
  for (const empty of EMPTY) await empty(shared);
}

/** What is remembered now. */
export const readRemembered = prepared<RememberedRow>('select * from remembered_invites');

/** Whether the last transaction of this SQLite database has waited for the disk. */
const readSynchronous = prepared<{ synchronous: number }>('pragma synchronous');

/** Whether what was just committed outlives a power cut. */
export const isDurable = async (shared: SharedDatabase): Promise<boolean> =>
  shared.kind === 'PostgreSQL' || Number((await readSynchronous(shared))[0]?.synchronous) >= 2;

/** All rows of the ledger, as they are now. */
export async function readTables(shared: SharedDatabase): Promise<Record<string, readonly object[]>> {
  const rows: Record<string, readonly object[]> = {};
  for (const [table, read] of READ) rows[table] = await read(shared);
  return rows;
}

/** Puts back rows that were read before: what was committed since is gone. */
export async function restoreTables(
  shared: SharedDatabase,
  rows: Record<string, readonly object[]>,
): Promise<void> {
  await emptyTables(shared);
  for (const [table, values] of Object.entries(rows))
    if (values.length > 0)
      await shared.database.queries
        .insertInto(table as 'attempts')
        .values(values as never)
        .execute();
}

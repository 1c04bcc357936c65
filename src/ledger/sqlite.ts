import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Dialect, Kysely, sql, type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely';
import LibSqlDatabase from 'libsql';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock';
import { isBusy, whileBusy } from './busy';
import type { Database, DatabaseEars, Storage, Work } from './database';
import { openMachineClock } from './machine-clock';
import { migrate } from './migrate';
import { makePrivate } from './private-file';
import type { Tables } from './tables';

/** How many statements are kept prepared: there are a few dozen, some of them in as many forms as they have parameters. */
const MAX_PREPARED = 200;

/** The most writes of one transaction: what another process may have to wait for. */
const MAX_TOGETHER = 50;

/** One write that waits for its transaction. */
interface Waiting {
  readonly work: Work<unknown>;
  readonly isSynced: boolean;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Opens the ledger in a SQLite file, or in memory. Waiting for the disk is most of what a write costs, and nothing else of
 * this process runs meanwhile: so writes of one moment share a transaction, and what need not wait for the disk does not.
 */
export async function openSqlite(
  storage: Exclude<Storage, { kind: 'postgres' }>,
  ears: DatabaseEars,
  moved: Clock | null,
): Promise<Database> {
  let isSynced = true;
  const connect = (): Kysely<Tables> => open(storage, () => isSynced);
  // On a connection of its own: what meets a locked file there must not stay behind. What is in memory is there for one
  // connection alone.
  if (storage.kind === 'sqlite')
    await whileBusy(async () => {
      const migrating = connect();
      await migrate(migrating, ears).finally(() => migrating.destroy());
    });
  const queries = await whileBusy(() => Promise.resolve(connect()));
  if (storage.kind === 'memory') await migrate(queries, ears);

  const waiting: Waiting[] = [];
  let running = false;

  const enqueue = <T>(work: Work<T>, mustSync: boolean): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      waiting.push({ work, isSynced: mustSync, resolve: resolve as (value: unknown) => void, reject });
      if (running) return;
      running = true;
      void runAll();
    });

  const runAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      // Whatever else arrives in this turn of the event loop comes along.
      await nextTurn();
      await runTogether(waiting.splice(0, MAX_TOGETHER));
    }
    running = false;
  };

  /** All in one transaction; each in one of its own if one of them fails, so that no write fails for another. */
  const runTogether = async (batch: readonly Waiting[]): Promise<void> => {
    isSynced = batch.some((each) => each.isSynced);
    try {
      const values = await whileBusy(() =>
        queries.transaction().execute(async (tx) => {
          const made: unknown[] = [];
          for (const { work } of batch) made.push(await work(tx));
          return made;
        }),
      );
      for (const [index, { resolve }] of batch.entries()) resolve(values[index]);
    } catch (error) {
      if (batch.length > 1 && !isBusy(error)) for (const each of batch) await runTogether([each]);
      else for (const { reject } of batch) reject(error);
    }
  };

  const write = <T>(work: Work<T>): Promise<T> => enqueue(work, true);
  const clock = moved ?? (await openMachineClock({ write }));

  return {
    queries,
    now: () => sql<number>`${clock()}`,
    write,
    note: (work) => enqueue(work, false),
    close: () => queries.destroy(),
  };
}

function open(storage: Exclude<Storage, { kind: 'postgres' }>, isSynced: () => boolean): Kysely<Tables> {
  const file = storage.kind === 'memory' ? ':memory:' : storage.file;
  if (storage.kind === 'sqlite') makePrivate(file);
  const connection = new LibSqlDatabase(file);
  connection.exec('PRAGMA busy_timeout = 20');
  connection.exec('PRAGMA journal_mode = WAL');
  return new Kysely({ dialect: dialectOf(connection, isSynced) });
}

function dialectOf(connection: LibSqlDatabase.Database, isSynced: () => boolean): Dialect {
  const dialect = new SqliteDialect({ database: preparingOnce(connection) });
  const run = async (statements: string): Promise<void> => {
    await Promise.resolve(connection.exec(statements));
  };
  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (database) => dialect.createIntrospector(database),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    // The lock is taken when a transaction begins, and by `exec`: a prepared statement that meets a locked file would
    // stay open in libsql, and keep every later transaction of the connection from being committed.
    createDriver: () =>
      Object.assign(dialect.createDriver(), {
        beginTransaction: () =>
          run(`PRAGMA synchronous = ${isSynced() ? 'FULL' : 'NORMAL'}; BEGIN IMMEDIATE`),
        commitTransaction: () => run('COMMIT'),
        rollbackTransaction: () => run('ROLLBACK'),
      }),
  };
}

/** A connection that keeps what it has prepared: that costs as much as most of our statements. */
function preparingOnce(connection: LibSqlDatabase.Database): SqliteDatabase {
  const prepared = new LRUCache<string, SqliteStatement>({ max: MAX_PREPARED });
  return {
    prepare: (sql) => {
      const known = prepared.get(sql) ?? connection.prepare(sql);
      prepared.set(sql, known);
      return known;
    },
    close: () => {
      prepared.clear();
      connection.close();
    },
  };
}

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Dialect,
  Kysely,
  Migrator,
  PostgresDialect,
  type SqliteDatabase,
  SqliteDialect,
  type SqliteStatement,
  type Transaction,
} from 'kysely';
import LibSqlDatabase from 'libsql';
import { LRUCache } from 'lru-cache';
import { Pool, type PoolConfig, types } from 'pg';
import { migrations } from './migrations';
import type { Tables } from './tables';

/** Where the ledger is kept. */
export type Storage =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'memory' }
  | { readonly kind: 'postgres'; readonly url: string };

/** The ledger's database, of either kind: queries are written once. */
export type Database = Kysely<Tables>;

/** Opens the database and brings its tables up to date; replicas may do so at the same time. */
export async function openDatabase(
  storage: Storage,
  onIdleError: (error: unknown) => void = () => undefined,
): Promise<Database> {
  const open = (limits: PoolConfig): Database =>
    new Kysely({
      dialect: storage.kind === 'postgres' ? postgres(storage.url, limits, onIdleError) : sqlite(storage),
    });
  // What is in memory is there for one connection alone.
  if (storage.kind === 'memory') {
    const database = open({});
    await migrate(database);
    return database;
  }
  // On a connection of its own: a migration may wait for another replica's, and take its time; a request may not.
  await whileBusy(async () => {
    const migrating = open({});
    await migrate(migrating).finally(() => migrating.destroy());
  });
  return open(IMPATIENT);
}

async function migrate(database: Database): Promise<void> {
  const provider = { getMigrations: () => Promise.resolve(migrations) };
  const { error } = await new Migrator({ db: database, provider }).migrateToLatest();
  if (error !== undefined) throw error as Error;
}

/** How often something is tried while another process holds the SQLite file: for about three seconds in all. */
const BUSY_TRIES = 40;

/**
 * Writes, all of it or nothing. Tried again while another process holds the SQLite file: waiting is done here and not
 * inside SQLite, which would hold up every other request of this process.
 */
export const writing = <T>(database: Database, work: (tx: Transaction<Tables>) => Promise<T>): Promise<T> =>
  whileBusy(() => database.transaction().execute(work));

async function whileBusy<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries === BUSY_TRIES || !isBusy(error)) throw error;
      await delay(20 + Math.random() * 110);
    }
  }
}

/** Held by another process; or noted as migrated by another one in this very moment. */
const isBusy = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (/^SQLITE_(BUSY|LOCKED)/.test(String(error.code)) || error.message.includes('kysely_migration'));

function sqlite(storage: Exclude<Storage, { kind: 'postgres' }>): Dialect {
  const file = storage.kind === 'memory' ? ':memory:' : storage.file;
  if (storage.kind === 'sqlite') mkdirSync(dirname(file), { recursive: true });
  const connection = new LibSqlDatabase(file);
  // A write that was recorded must survive the machine, not just the process.
  connection.exec('PRAGMA journal_mode = WAL');
  connection.exec('PRAGMA synchronous = FULL');
  connection.exec('PRAGMA busy_timeout = 20');
  const dialect = new SqliteDialect({ database: preparingOnce(connection) });
  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (database) => dialect.createIntrospector(database),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    // The lock is taken when a transaction begins, and by `exec`: a prepared statement that meets a locked file would
    // stay open in libsql, and keep every later transaction of the connection from being committed.
    createDriver: () =>
      Object.assign(dialect.createDriver(), {
        beginTransaction: () => run(connection, 'BEGIN IMMEDIATE'),
        commitTransaction: () => run(connection, 'COMMIT'),
        rollbackTransaction: () => run(connection, 'ROLLBACK'),
      }),
  };
}

/** How many statements are kept prepared: there are a few dozen, some of them in as many forms as they have parameters. */
const MAX_PREPARED = 200;

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

async function run(connection: LibSqlDatabase.Database, statement: string): Promise<void> {
  await Promise.resolve(connection.exec(statement));
}

/** How long a request may wait for PostgreSQL, in milliseconds: a lock or a silent server must not hold it up for longer. */
const IMPATIENT = { statement_timeout: 2500, lock_timeout: 2500, query_timeout: 3000 };

function postgres(url: string, limits: PoolConfig, onIdleError: (error: unknown) => void): PostgresDialect {
  // Times are milliseconds in a bigint, well within what a number holds.
  types.setTypeParser(types.builtins.INT8, Number);
  const pool = new Pool({ connectionString: url, max: 10, connectionTimeoutMillis: 3500, ...limits });
  // A server that goes away cuts connections, in use and idle ones: without listeners that would end the process. Who uses
  // one hears of it from its query.
  pool.on('connect', (client) => client.on('error', () => undefined));
  pool.on('error', onIdleError);
  return new PostgresDialect({ pool });
}

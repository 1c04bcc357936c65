import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely, Migrator, PostgresDialect, SqliteDialect } from 'kysely';
import LibSqlDatabase from 'libsql';
import { Pool, types } from 'pg';
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
export async function openDatabase(storage: Storage): Promise<Database> {
  const database = new Kysely<Tables>({
    dialect: storage.kind === 'postgres' ? postgres(storage.url) : sqlite(storage),
  });
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: () => Promise.resolve(migrations) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return database;
  await database.destroy();
  throw error instanceof Error ? error : new Error('The ledger could not be brought up to date.');
}

function sqlite(storage: Exclude<Storage, { kind: 'postgres' }>): SqliteDialect {
  const file = storage.kind === 'memory' ? ':memory:' : storage.file;
  if (storage.kind === 'sqlite') mkdirSync(dirname(file), { recursive: true });
  const connection = new LibSqlDatabase(file);
  // A write that was recorded must survive the machine, not just the process.
  connection.exec('PRAGMA journal_mode = WAL');
  connection.exec('PRAGMA synchronous = FULL');
  connection.exec('PRAGMA busy_timeout = 5000');
  return new SqliteDialect({ database: connection });
}

function postgres(url: string): PostgresDialect {
  // Times are milliseconds in a bigint, well within what a number holds.
  types.setTypeParser(types.builtins.INT8, Number);
  return new PostgresDialect({
    pool: new Pool({ connectionString: url, max: 10, connectionTimeoutMillis: 2000 }),
  });
}

import LibSqlDatabase from 'libsql';
import { Client } from 'pg';
import { sql } from './postgres';

/** A failure of the ledger's database while the app uses it, and its repair. */
export interface DatabaseFailure {
  readonly name: string;
  /** Whether the ledger can still be read. */
  readonly readable: boolean;
  /** Causes the failure for the ledger at this address; the returned function repairs it. */
  cause(storage: string): Promise<() => Promise<void>>;
}

const fileOf = (storage: string): string => storage.replace('sqlite:', '');

/** Opens another connection to the file of a ledger. */
export function openSecondConnection(storage: string): InstanceType<typeof LibSqlDatabase> {
  const database = new LibSqlDatabase(fileOf(storage));
  database.exec('PRAGMA busy_timeout = 2000');
  return database;
}

/** Runs SQL statements in the database of a ledger, SQLite or PostgreSQL. */
export async function runStatements(storage: string, ...statements: readonly string[]): Promise<void> {
  if (!storage.startsWith('sqlite:')) {
    for (const statement of statements) await sql(storage, statement);
    return;
  }
  const database = openSecondConnection(storage);
  for (const statement of statements) database.exec(statement);
  database.close();
}

const by =
  (failure: readonly string[], repair: readonly string[]): DatabaseFailure['cause'] =>
  async (storage) => {
    await runStatements(storage, ...failure);
    return () => runStatements(storage, ...repair);
  };

const TABLES = ['attempts', 'send_locks', 'remembered_invites'];

const lostTables: DatabaseFailure = {
  name: 'has lost its tables',
  readable: false,
  cause: by(
    TABLES.map((table) => `alter table ${table} rename to ${table}_lost`),
    TABLES.map((table) => `alter table ${table}_lost rename to ${table}`),
  ),
};

/** Failures of SQLite files. */
export const SQLITE_FAILURES: readonly DatabaseFailure[] = [
  {
    name: 'takes no writes',
    readable: true,
    cause: by(
      TABLES.flatMap((table) =>
        ['insert', 'update'].map(
          (event) =>
            `create trigger no_${event}_${table} before ${event} on ${table} begin select raise(abort, 'no'); end`,
        ),
      ),
      TABLES.flatMap((table) => ['insert', 'update'].map((event) => `drop trigger no_${event}_${table}`)),
    ),
  },
  {
    name: 'is locked by another process',
    readable: true,
    cause: (storage) => {
      const other = openSecondConnection(storage);
      other.exec('BEGIN EXCLUSIVE');
      return Promise.resolve(() => {
        other.exec('ROLLBACK');
        other.close();
        return Promise.resolve();
      });
    },
  },
  lostTables,
];

/** Failures of PostgreSQL databases. */
export const POSTGRES_FAILURES: readonly DatabaseFailure[] = [
  {
    name: 'takes no writes',
    readable: true,
    cause: by(
      [
        `create function no() returns trigger language plpgsql as 'begin raise exception ''no''; end'`,
        ...TABLES.map(
          (table) => `create trigger no before insert or update on ${table} execute function no()`,
        ),
      ],
      ['drop function no cascade'],
    ),
  },
  {
    name: 'is locked by another process',
    readable: true,
    cause: async (storage) => {
      const other = new Client({ connectionString: storage });
      await other.connect();
      await other.query(`begin; lock table ${TABLES.join(', ')} in exclusive mode`);
      return () => other.end();
    },
  },
  {
    name: 'is read-only since its server was started anew',
    readable: true,
    cause: async (storage) => {
      const { pathname } = new URL(storage);
      const name = pathname.slice(1);
      const server = storage.replace(pathname, '/postgres');
      const start = async (mode: string) => {
        await sql(server, `alter database ${name} set default_transaction_read_only = ${mode}`);
        await sql(server, `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
      };
      await start('on');
      return () => start('off');
    },
  },
  lostTables,
];

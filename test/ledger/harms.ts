import LibSqlDatabase from 'libsql';
import { Client } from 'pg';
import { sql } from '../support/postgres';

/** Something that befalls a ledger while it is in use, and how it is put right. */
export interface Harm {
  readonly name: string;
  /** Whether what is in the ledger can still be read. */
  readonly readable: boolean;
  /** Does it to the ledger at this address; what it returns undoes it. */
  befall(storage: string): Promise<() => Promise<void>>;
}

const fileOf = (storage: string): string => storage.replace('sqlite:', '');

/** Another connection to a ledger's file. */
export function beside(storage: string): InstanceType<typeof LibSqlDatabase> {
  const database = new LibSqlDatabase(fileOf(storage));
  database.exec('PRAGMA busy_timeout = 2000');
  return database;
}

/** Runs statements in the ledger's database, of either kind. */
export async function inside(storage: string, ...statements: readonly string[]): Promise<void> {
  if (!storage.startsWith('sqlite:')) {
    for (const statement of statements) await sql(storage, statement);
    return;
  }
  const database = beside(storage);
  for (const statement of statements) database.exec(statement);
  database.close();
}

const by =
  (harm: readonly string[], cure: readonly string[]): Harm['befall'] =>
  async (storage) => {
    await inside(storage, ...harm);
    return () => inside(storage, ...cure);
  };

const TABLES = ['attempts', 'send_locks', 'remembered_invites'];

const lostTables: Harm = {
  name: 'has lost its tables',
  readable: false,
  befall: by(
    TABLES.map((table) => `alter table ${table} rename to ${table}_lost`),
    TABLES.map((table) => `alter table ${table}_lost rename to ${table}`),
  ),
};

/** What befalls files. */
export const SQLITE_HARMS: readonly Harm[] = [
  {
    name: 'takes no writes',
    readable: true,
    befall: by(
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
    befall: (storage) => {
      const other = beside(storage);
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

/** What befalls the database of a server. */
export const POSTGRES_HARMS: readonly Harm[] = [
  {
    name: 'takes no writes',
    readable: true,
    befall: by(
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
    befall: async (storage) => {
      const other = new Client({ connectionString: storage });
      await other.connect();
      await other.query(`begin; lock table ${TABLES.join(', ')} in exclusive mode`);
      return () => other.end();
    },
  },
  {
    name: 'is read-only since its server was started anew',
    readable: true,
    befall: async (storage) => {
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

import { CompiledQuery, type Dialect, Kysely, PostgresDialect, sql } from 'kysely';
import { Pool, types } from 'pg';
import type { Clock } from '../clock';
import { whileBusy } from './busy';
import type { Database, DatabaseEars } from './database';
import { migrate } from './migrate';
import { discardingBroken } from './postgres-connections';
import type { Tables } from './tables';

/** How long a request may wait for PostgreSQL, in milliseconds: a lock or a silent server must not hold it up for longer. */
const QUERY_TIMEOUT_MS = 3000;

/**
 * What every transaction demands instead of assuming it of the server's defaults: a commit that is on the disk, and a lock
 * that is waited for rather than failed on. Its times are set here because poolers refuse them at the start of a
 * connection: a transaction whose process has stopped is ended by the server, before those that wait for it give up.
 */
const BEGIN = [
  'begin isolation level read committed',
  'set local synchronous_commit = on',
  'set local statement_timeout = 2500',
  'set local lock_timeout = 2500',
  'set local idle_in_transaction_session_timeout = 2000',
].join('; ');

/** Opens the ledger in PostgreSQL, which commits writes of one moment together by itself. */
export async function openPostgres(url: string, ears: DatabaseEars, moved: Clock | null): Promise<Database> {
  // On a connection of its own: a migration may wait for another replica's, and take its time; a request may not.
  await whileBusy(async () => {
    const migrating = new Kysely<Tables>({
      dialect: new PostgresDialect({ pool: createPool(url, 0, ears) }),
    });
    await migrate(migrating, ears).finally(() => migrating.destroy());
  });
  const queries = new Kysely<Tables>({ dialect: dialectOf(createPool(url, QUERY_TIMEOUT_MS, ears)) });
  // How far the demo's time is from the true one; the own clock is read first, so that the difference is never too short.
  const ahead = (): number => (moved ? -(Date.now() - moved()) : 0);
  return {
    queries,
    now: () =>
      sql<number>`(floor(extract(epoch from clock_timestamp()) * 1000)::bigint + ${ahead()}::bigint)`,
    write: (work) => queries.transaction().execute(work),
    note: (work) => work(queries),
    close: () => queries.destroy(),
  };
}

function createPool(url: string, queryTimeoutMs: number, { onIdleError }: DatabaseEars): Pool {
  // Times are milliseconds in a bigint, well within what a number holds.
  types.setTypeParser(types.builtins.INT8, Number);
  const pool = new Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 3500,
    query_timeout: queryTimeoutMs,
  });
  // A server that goes away cuts connections, in use and idle ones: without listeners that would end the process. Who uses
  // one hears of it from its query.
  pool.on('connect', (client) => client.on('error', () => undefined));
  pool.on('error', onIdleError);
  return pool;
}

function dialectOf(pool: Pool): Dialect {
  const dialect = new PostgresDialect({ pool: discardingBroken(pool) });
  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (database) => dialect.createIntrospector(database),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver: () =>
      Object.assign(dialect.createDriver(), {
        beginTransaction: async (connection: { executeQuery(query: CompiledQuery): Promise<unknown> }) => {
          await connection.executeQuery(CompiledQuery.raw(BEGIN));
        },
      }),
  };
}

import { Kysely, PostgresDialect } from 'kysely';
import { Pool, type PoolConfig, types } from 'pg';
import { whileBusy } from './busy';
import type { Database } from './database';
import { migrate } from './migrate';

/** How long a request may wait for PostgreSQL, in milliseconds: a lock or a silent server must not hold it up for longer. */
const IMPATIENT = { statement_timeout: 2500, lock_timeout: 2500, query_timeout: 3000 };

/** Opens the ledger in PostgreSQL, which commits writes of one moment together by itself. */
export async function openPostgres(url: string, onIdleError: (error: unknown) => void): Promise<Database> {
  const open = (limits: PoolConfig): Database['queries'] =>
    new Kysely({ dialect: new PostgresDialect({ pool: createPool(url, limits, onIdleError) }) });
  // On a connection of its own: a migration may wait for another replica's, and take its time; a request may not.
  await whileBusy(async () => {
    const migrating = open({});
    await migrate(migrating).finally(() => migrating.destroy());
  });
  const queries = open(IMPATIENT);
  return {
    queries,
    write: (work) => queries.transaction().execute(work),
    note: (work) => work(queries),
    close: () => queries.destroy(),
  };
}

function createPool(url: string, limits: PoolConfig, onIdleError: (error: unknown) => void): Pool {
  // Times are milliseconds in a bigint, well within what a number holds.
  types.setTypeParser(types.builtins.INT8, Number);
  const pool = new Pool({ connectionString: url, max: 10, connectionTimeoutMillis: 3500, ...limits });
  // A server that goes away cuts connections, in use and idle ones: without listeners that would end the process. Who uses
  // one hears of it from its query.
  pool.on('connect', (client) => client.on('error', () => undefined));
  pool.on('error', onIdleError);
  return pool;
}

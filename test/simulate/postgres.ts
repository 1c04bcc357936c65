import { sql } from 'kysely';
import { openPostgres } from '../../src/ledger/postgres';
import { sql as runSql } from '../support/postgres';
import type { SharedDatabase } from './database';

/**
 * Opens a PostgreSQL ledger for histories to share. Its clock is the simulation's: a function that stands before PostgreSQL's
 * own `clock_timestamp` in the search path reads it from a table.
 * @param url The address of an empty database.
 */
export async function openSharedPostgres(url: string): Promise<SharedDatabase> {
  const name = new URL(url).pathname.slice(1);
  for (const statement of [
    'create schema sim',
    'create table sim.clock (ms bigint not null)',
    'insert into sim.clock values (0)',
    // Half a millisecond more, so that the ledger's rounding down gives this very millisecond.
    `create function sim.clock_timestamp() returns timestamptz language sql volatile
     as 'select to_timestamp((ms + 0.5) / 1000.0) from sim.clock'`,
    `alter database "${name}" set search_path = sim, pg_catalog`,
  ])
    await runSql(url, statement);
  const quiet = { onIdleError: () => undefined, onMigration: () => undefined };
  const database = await openPostgres(url, quiet, null);
  let set = 0;
  return {
    kind: 'PostgreSQL',
    database,
    setTime: async (ms) => {
      if (ms !== set) await sql`update sim.clock set ms = ${ms}`.execute(database.queries);
      set = ms;
    },
  };
}

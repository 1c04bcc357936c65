import { type Kysely, Migrator } from 'kysely';
import { migrations } from './migrations';
import type { Tables } from './tables';

/** Brings the tables up to date; waits for another process that is at it. */
export async function migrate(queries: Kysely<Tables>): Promise<void> {
  const provider = { getMigrations: () => Promise.resolve(migrations) };
  const { error } = await new Migrator({ db: queries, provider }).migrateToLatest();
  if (error !== undefined) throw error as Error;
}

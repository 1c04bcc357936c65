import { type Kysely, Migrator } from 'kysely';
import type { DatabaseEars } from './database';
import { migrations } from './migrations';
import type { Tables } from './tables';

/** Brings the tables up to date; waits for another process that is at it. */
export async function migrate(queries: Kysely<Tables>, { onMigration }: DatabaseEars): Promise<void> {
  const provider = { getMigrations: () => Promise.resolve(migrations) };
  const migrator = new Migrator({ db: queries, provider });
  const known = await migrator.getMigrations();
  const missing = known.filter(({ executedAt }) => executedAt === undefined).map(({ name }) => name);
  if (missing.length > 0 && missing.length < known.length) onMigration(missing);
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error as Error;
}

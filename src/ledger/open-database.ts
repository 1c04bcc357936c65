import type { Clock } from '../clock';
import type { Database, DatabaseEars, Storage } from './database';
import { openPostgres } from './postgres';
import { openSqlite } from './sqlite';

const NOBODY: DatabaseEars = { onIdleError: () => undefined, onMigration: () => undefined };

/**
 * Opens the database and brings its tables up to date; replicas may do so at the same time.
 * @param moved The time of a demo or a test, which can be moved; null for the database's own.
 */
export const openDatabase = (
  storage: Storage,
  ears: DatabaseEars = NOBODY,
  moved: Clock | null = null,
): Promise<Database> =>
  storage.kind === 'postgres' ? openPostgres(storage.url, ears, moved) : openSqlite(storage, ears, moved);

import type { Kysely } from 'kysely';

/**
 * Adds columns to a table. SQLite runs a migration outside of a transaction, so one that was killed half way has added some
 * of them; PostgreSQL adds all or none.
 */
export async function addMissingColumns(
  database: Kysely<unknown>,
  table: string,
  columns: Readonly<Record<string, 'bigint' | 'text'>>,
): Promise<void> {
  const tables = await database.introspection.getTables();
  // Only PostgreSQL has schemas.
  const found = tables.find(({ name, schema }) => name === table && schema === undefined);
  const known = new Set(found?.columns.map(({ name }) => name));
  for (const [column, type] of Object.entries(columns))
    if (!known.has(column)) await database.schema.alterTable(table).addColumn(column, type).execute();
}

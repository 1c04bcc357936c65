import type { Kysely } from 'kysely';

/**
 * Adds the columns that a table does not have yet. SQLite runs a migration outside of a transaction, so one that was killed
 * half way has added some of them.
 */
export async function addMissingColumns(
  database: Kysely<unknown>,
  table: string,
  columns: Readonly<Record<string, 'bigint' | 'text'>>,
): Promise<void> {
  const tables = await database.introspection.getTables();
  // Only PostgreSQL has schemas, and `if not exists` for columns.
  const isPostgres = tables.some(({ schema }) => schema !== undefined);
  const found = tables.find(({ name }) => name === table);
  const known = new Set(isPostgres ? [] : found?.columns.map(({ name }) => name));
  for (const [name, type] of Object.entries(columns)) {
    if (known.has(name)) continue;
    await database.schema
      .alterTable(table)
      .addColumn(name, type, (column) => (isPostgres ? column.ifNotExists() : column))
      .execute();
  }
}

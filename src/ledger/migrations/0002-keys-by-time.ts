import type { Kysely } from 'kysely';

/** Finds the keys that are no longer kept without looking through the attempts of years. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createIndex('attempts_keys_by_time')
    .ifNotExists()
    .on('attempts')
    .column('at')
    .where('idempotency_key' as never, 'is not', null)
    .execute();
}

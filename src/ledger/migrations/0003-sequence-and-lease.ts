import type { Kysely } from 'kysely';
import { addMissingColumns } from '../columns';

/**
 * Orders the attempts of one store by a sequence instead of by clocks, keeps each attempt's lease with it, and says which
 * account keys are one store. Old rows stay as they are and count: what is null in them has its meaning in the queries.
 */
export async function up(database: Kysely<unknown>): Promise<void> {
  await addMissingColumns(database, 'attempts', {
    seq: 'bigint',
    sending_until: 'bigint',
    invited_before: 'bigint',
  });
  await addMissingColumns(database, 'send_locks', { at: 'bigint' });
  await database.schema
    .createIndex('attempts_sending')
    .ifNotExists()
    .on('attempts')
    .column('account')
    .where('outcome' as never, '=', 'SENDING' as never)
    .execute();
  await database.schema
    .createTable('account_stores')
    .ifNotExists()
    .addColumn('account', 'text', (column) => column.primaryKey())
    .addColumn('store', 'text', (column) => column.notNull())
    .execute();
  await database.schema
    .createIndex('account_stores_by_store')
    .ifNotExists()
    .on('account_stores')
    .column('store')
    .execute();
  await database.schema
    .createTable('ledger_clock')
    .ifNotExists()
    .addColumn('boot', 'text', (column) => column.primaryKey())
    .addColumn('zero', 'bigint', (column) => column.notNull())
    .execute();
}

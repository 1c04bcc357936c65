import type { Kysely } from 'kysely';

/**
 * Makes the tables, or what is missing of them: two processes may do so at once, and one may be killed in between. The
 * types are those that SQLite and PostgreSQL both understand.
 */
export async function up(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable('attempts')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('account', 'text', (column) => column.notNull())
    .addColumn('invite', 'text', (column) => column.notNull())
    .addColumn('email_id', 'text', (column) => column.notNull())
    .addColumn('verb', 'text', (column) => column.notNull())
    .addColumn('result_invite', 'text')
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('idempotency_key', 'text')
    .addColumn('input_hash', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('code', 'text')
    .addColumn('vendor_code', 'text')
    .addColumn('vendor_request_id', 'text')
    .addColumn('available_at', 'bigint')
    .addColumn('answer', 'text')
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('closed_at', 'bigint')
    .execute();
  await database.schema
    .createIndex('attempts_by_key')
    .ifNotExists()
    .on('attempts')
    .columns(['account', 'actor', 'idempotency_key'])
    .unique()
    .execute();
  await database.schema
    .createIndex('attempts_by_invite')
    .ifNotExists()
    .on('attempts')
    .columns(['account', 'invite', 'at'])
    .execute();
  await database.schema
    .createIndex('attempts_by_email')
    .ifNotExists()
    .on('attempts')
    .columns(['account', 'email_id', 'at'])
    .execute();
  await database.schema
    .createIndex('attempts_by_result')
    .ifNotExists()
    .on('attempts')
    .columns(['account', 'result_invite', 'at'])
    .execute();
  await database.schema
    .createIndex('attempts_by_time')
    .ifNotExists()
    .on('attempts')
    .columns(['account', 'at'])
    .execute();

  await database.schema
    .createTable('send_locks')
    .ifNotExists()
    .addColumn('account', 'text', (column) => column.primaryKey())
    .addColumn('sends', 'bigint', (column) => column.notNull())
    .execute();

  await database.schema
    .createTable('remembered_invites')
    .ifNotExists()
    .addColumn('account', 'text', (column) => column.notNull())
    .addColumn('invite', 'text', (column) => column.notNull())
    .addColumn('email', 'text')
    .addColumn('email_id', 'text')
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('vendor_status', 'text')
    .addColumn('roles', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint')
    .addColumn('expires_at', 'bigint')
    .addColumn('accepted_by', 'text')
    .addColumn('replaced_by', 'text')
    .addColumn('remembered_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('remembered_invites_key', ['account', 'invite'])
    .execute();
  await database.schema
    .createIndex('remembered_invites_by_email')
    .ifNotExists()
    .on('remembered_invites')
    .columns(['account', 'email_id'])
    .execute();
}

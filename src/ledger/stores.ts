import type { Account } from '../model';
import type { Database } from './database';

/** One store as its vendor knows it, under whatever account keys. */
export const storeOf = ({ vendor, externalId }: Pick<Account, 'vendor' | 'externalId'>): string =>
  `${vendor.toLowerCase()}:${externalId}`;

const AT_ONCE = 200;

/**
 * Notes in the ledger which store each account key is of, so that what was sent under one key counts under every other,
 * also under a key that another process knows and this one does not.
 */
export async function noteStores(database: Database, stores: ReadonlyMap<string, string>): Promise<void> {
  const rows = await database.queries.selectFrom('account_stores').selectAll().execute();
  const known = new Map(rows.map(({ account, store }) => [account, store]));
  const missing = [...stores]
    .filter(([account, store]) => known.get(account) !== store)
    .map(([account, store]) => ({ account, store }));
  for (let start = 0; start < missing.length; start += AT_ONCE)
    await database.note((tx) =>
      tx
        .insertInto('account_stores')
        .values(missing.slice(start, start + AT_ONCE))
        .onConflict((conflict) =>
          conflict.column('account').doUpdateSet(({ ref }) => ({ store: ref('excluded.store') })),
        )
        .execute(),
    );
}

import type { Kysely } from 'kysely';
import type { Account } from '../model';
import { accountsOfStore } from './attempt-queries';
import type { Database } from './database';
import type { AccountStoreRow, Tables } from './tables';
import { groupBy } from './together';

/** One store as its vendor knows it, under whatever account keys. */
export const storeOf = ({ vendor, externalId }: Pick<Account, 'vendor' | 'externalId'>): string =>
  `${vendor.toLowerCase()}:${externalId}`;

const AT_ONCE = 200;

/**
 * Notes in the ledger which store each account key is of, so that what was sent under one key counts under every other,
 * also under a key that another process knows and this one does not.
 */
export async function noteStores(
  database: Database,
  stores: ReadonlyMap<string, string>,
): Promise<readonly AccountStoreRow[]> {
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
  return database.queries.selectFrom('account_stores').selectAll().execute();
}

/** The account keys of each store. */
export interface StoreAccounts {
  storeOf(account: string): string;
  /** As this process knows them. */
  of(account: string): readonly string[];
  /** The same, read anew where there are more or fewer by now: another process may have another configuration. */
  current(tx: Kysely<Tables>, account: string, count: number): Promise<readonly string[]>;
}

/** Knows the account keys of each store: read when the ledger was opened, and again when their number is another. */
export function createStoreAccounts(
  noted: readonly { readonly account: string; readonly store: string }[],
  stores: ReadonlyMap<string, string>,
): StoreAccounts {
  const byStore = new Map(
    [...groupBy(noted, ({ store }) => store)].map(([store, rows]) => [
      store,
      rows.map(({ account }) => account),
    ]),
  );
  const storeOf = (account: string): string => stores.get(account) ?? account;
  const of = (account: string): readonly string[] => byStore.get(storeOf(account)) ?? [account];
  return {
    storeOf,
    of,
    current: async (tx, account, count) => {
      // An account that is not configured is a store of its own.
      if (count === 0 || of(account).length === count) return of(account);
      const found = await accountsOfStore(tx, storeOf(account));
      byStore.set(storeOf(account), found);
      return found;
    },
  };
}

import type { Kysely } from 'kysely';
import type { Account } from '../model';
import { accountsOfStore } from './attempt-queries';
import type { Database } from './database';
import type { Tables } from './tables';

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

/** The account keys of each store. */
export interface StoreAccounts {
  storeOf(account: string): string;
  /**
   * The account keys as the ledger has them now: another process may have another configuration.
   * @param keys As `lockStore` gives them; they are read anew where they are not those that were read last.
   */
  current(tx: Kysely<Tables>, account: string, keys?: string | null): Promise<readonly string[]>;
}

/** Knows the store of each account, and keeps its account keys with the text that they were read for. */
export function createStoreAccounts(stores: ReadonlyMap<string, string>): StoreAccounts {
  const kept = new Map<string, { readonly keys: string; readonly accounts: readonly string[] }>();
  const storeOf = (account: string): string => stores.get(account) ?? account;
  return {
    storeOf,
    current: async (tx, account, keys) => {
      const store = storeOf(account);
      const last = kept.get(store);
      if (last && last.keys === keys) return last.accounts;
      const accounts = await accountsOfStore(tx, store);
      // An account that is not configured is a store of its own.
      if (accounts.length === 0) return [account];
      if (keys) kept.set(store, { keys, accounts });
      return accounts;
    },
  };
}

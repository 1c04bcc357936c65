import { type ExpressionBuilder, type Kysely, type RawBuilder, sql } from 'kysely';
import { HOUR_MS, MAIL_VERBS, MAY_HAVE_SENT, type RecentAttempt, SENDING_MS } from './limits';
import type { Tables } from './tables';

type Handle = Kysely<Tables>;

/** A part of a query: database time. */
type Now = RawBuilder<number>;

/** A store, and the account key by which it is asked for. */
export interface StoreRef {
  readonly account: string;
  readonly store: string;
}

/** Condition: of these account keys. One key is compared, so that its rows are read in the order of their index. */
export const isOf = (accounts: readonly string[]) =>
  accounts.length === 1
    ? sql<boolean>`account = ${accounts[0]}`
    : sql<boolean>`account in (${sql.join(accounts)})`;

/** What decides whether a verb has to wait, for some invites of one store. */
export interface Traffic {
  /** Database time at which this was so. */
  readonly now: number;
  readonly recent: readonly RecentAttempt[];
  /** When the oldest of the hour's emails was, if they are used up. */
  readonly accountFull: number | null;
}

/** All account keys of a store, in a condition. */
const accountsOf = ({ account, store }: StoreRef) =>
  sql<string>`(select account from account_stores where store = ${store} union select ${account})`;

/** The account keys of a store as one text, which `readKeys` reads; null where none is noted. */
const keysOf = (store: string) =>
  sql<string | null>`(select string_agg(account, ' ') from account_stores where store = ${store})`;

/** The account keys of a text of `keysOf`, and the one that is asked for, which may not be noted. A key has no blanks. */
export const readKeys = (keys: string | null, account: string): string[] => [
  ...new Set([account, ...(keys?.split(' ') ?? [])]),
];

/** All account keys of a store, as the ledger has them now: another process may have another configuration. */
export async function accountsOfStore(handle: Handle, { account, store }: StoreRef): Promise<string[]> {
  const { keys } = await handle.selectNoFrom(keysOf(store).as('keys')).executeTakeFirstOrThrow();
  return readKeys(keys, account);
}

/**
 * Waits until no other write of this store is between its look at the limits and its note in the ledger; takes the next
 * number of the store's sequence, and the time, which is read when the lock is held.
 */
export const lockStore = (tx: Handle, store: string, now: Now) =>
  tx
    .insertInto('send_locks')
    .values({ account: store, sends: 1, at: now })
    .onConflict((conflict) =>
      conflict.column('account').doUpdateSet({ sends: sql`send_locks.sends + 1`, at: now }),
    )
    .returning(['sends as seq', now.as('now'), keysOf(store).as('keys')])
    .executeTakeFirstOrThrow();

/** The attempt that has this key, however old, and the time. */
export const findByKey = (handle: Handle, account: string, actor: string, key: string, now: Now) =>
  handle
    .selectFrom('attempts')
    .selectAll()
    .select(now.as('now'))
    .where('account', '=', account)
    .where('actor', '=', actor)
    .where('idempotency_key', '=', key)
    .executeTakeFirst();

/** Takes their keys from attempts; the attempts stay. */
export const freeKeys = (tx: Handle, ids: readonly string[]) =>
  tx.updateTable('attempts').set({ idempotency_key: null }).where('id', 'in', ids).execute();

const lease = sql<number>`coalesce(sending_until, at + ${SENDING_MS})`;

/** Attempts of before `ttl` ago that still have a key and are not under way, the oldest first, by id. */
export async function withKeyOlderThan(
  handle: Handle,
  ttl: number,
  now: Now,
  most: number,
): Promise<string[]> {
  const rows = await handle
    .selectFrom('attempts')
    .select('id')
    .where('idempotency_key', 'is not', null)
    .where('at', '<', sql<number>`${now} - ${ttl}`)
    .where((where) => where.or([where('outcome', '!=', 'SENDING'), where(lease, '<=', now)]))
    .orderBy('at')
    .limit(most)
    .execute();
  return rows.map(({ id }) => id);
}

/**
 * The store's sequence as it is now, and the emails that are under way now: of one moment, because it is one statement.
 * The sequence's row has no id.
 */
export const sequenceAndUnderWay = (handle: Handle, ref: StoreRef, now: Now) =>
  handle
    .selectFrom('send_locks')
    .select(['sends as seq', sql<string | null>`null`.as('id')])
    .where('account', '=', ref.store)
    .unionAll(
      handle
        .selectFrom('attempts')
        .select([sql<number>`0`.as('seq'), 'id'])
        .where('account', 'in', accountsOf(ref))
        .where('outcome', '=', 'SENDING')
        .where('verb', 'in', MAIL_VERBS)
        .where(lease, '>', now),
    )
    .execute();

/** When an email was last requested for each of these invites, also by the write that made the invite. */
export const lastRequested = (handle: Handle, accounts: readonly string[], invites: readonly string[]) =>
  lastBy(handle, 'invite', accounts, invites)
    .unionAll(lastBy(handle, 'result_invite', accounts, invites))
    .orderBy('at')
    .execute();

const lastBy = (
  handle: Handle,
  column: 'invite' | 'result_invite',
  accounts: readonly string[],
  invites: readonly string[],
) =>
  handle
    .selectFrom('attempts')
    .select((select) => ['account', select.ref(column).$notNull().as('invite'), select.fn.max('at').as('at')])
    .where('account', 'in', accounts)
    .where(column, 'in', invites)
    .where('verb', 'in', MAIL_VERBS)
    .where('outcome', '=', 'REQUESTED')
    .groupBy(['account', column]);

/** The time, and when the oldest of the hour's last `most` emails was, if there were so many. */
export const hourOf = (handle: Handle, accounts: readonly string[], most: number, now: Now) =>
  handle
    .selectNoFrom((select) => [now.as('now'), nthOfHour(select, accounts, most, now).as('oldest')])
    .executeTakeFirstOrThrow();

const nthOfHour = (
  select: ExpressionBuilder<Tables, never>,
  accounts: readonly string[],
  most: number,
  now: Now,
) =>
  select
    .selectFrom('attempts')
    .select('at')
    .where(isOf(accounts))
    .where('outcome', 'in', MAY_HAVE_SENT)
    .where('verb', 'in', MAIL_VERBS)
    .where('at', '>', sql<number>`${now} - ${HOUR_MS}`)
    .orderBy('at', 'desc')
    .offset(Math.max(most - 1, 0))
    .limit(1);

/** The newest attempts of each of these invites, by the column that names it. */
export const newest = (
  handle: Handle,
  column: 'invite' | 'result_invite',
  account: string,
  invites: readonly string[],
  most: number,
) =>
  handle
    .selectFrom(
      handle
        .selectFrom('attempts')
        .selectAll()
        .select(({ fn }) =>
          fn
            .agg<number>('row_number')
            .over((over) => over.partitionBy(column).orderBy('at', 'desc').orderBy('id'))
            .as('place'),
        )
        .where('account', '=', account)
        .where(column, 'in', invites)
        .as('ranked'),
    )
    .selectAll()
    .where('place', '<=', most);

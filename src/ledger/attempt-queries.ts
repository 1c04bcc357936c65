import { type Kysely, sql } from 'kysely';
import { DAY_MS, HOUR_MS, MAIL_VERBS, MAY_HAVE_SENT, type RecentAttempt, type SendLimits } from './limits';
import type { Tables } from './tables';

type Handle = Kysely<Tables>;

/** What decides whether a verb has to wait, for some invites of one account. */
export interface Traffic {
  readonly recent: readonly RecentAttempt[];
  /** When the oldest of the hour's emails was, if they are used up. */
  readonly accountFull: number | null;
}

/** Waits until no other write of this account is between its look at the limits and its note in the ledger. */
export const lockAccount = (tx: Handle, account: string) =>
  tx
    .insertInto('send_locks')
    .values({ account, sends: 1 })
    .onConflict((conflict) => conflict.column('account').doUpdateSet({ sends: sql`send_locks.sends + 1` }))
    .execute();

/** The attempt that has this key, however old. */
export const findByKey = (handle: Handle, account: string, actor: string, key: string) =>
  handle
    .selectFrom('attempts')
    .selectAll()
    .where('account', '=', account)
    .where('actor', '=', actor)
    .where('idempotency_key', '=', key)
    .executeTakeFirst();

/** Takes their keys from attempts; the attempts stay. */
export const freeKeys = (tx: Handle, ids: readonly string[]) =>
  tx.updateTable('attempts').set({ idempotency_key: null }).where('id', 'in', ids).execute();

/** Attempts of before then that still have a key, the oldest first, by id. */
export async function withKeyBefore(handle: Handle, before: number, most: number): Promise<string[]> {
  const rows = await handle
    .selectFrom('attempts')
    .select('id')
    .where('idempotency_key', 'is not', null)
    .where('at', '<', before)
    .orderBy('at')
    .limit(most)
    .execute();
  return rows.map(({ id }) => id);
}

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

/** The traffic of these addresses in one account. */
export async function trafficOf(
  handle: Handle,
  account: string,
  emailIds: readonly string[],
  { emailsPerAccountPerHour: perHour }: SendLimits,
  now: number,
): Promise<Traffic> {
  const sent = handle
    .selectFrom('attempts')
    .select(['invite', 'email_id', 'verb', 'outcome', 'at', 'closed_at'])
    .where('account', '=', account)
    .where('outcome', 'in', MAY_HAVE_SENT)
    .orderBy('at', 'desc');
  const recent = await sent
    .where('email_id', 'in', emailIds)
    .where('at', '>', now - DAY_MS)
    .execute();
  const ofHour = sent.where('verb', 'in', MAIL_VERBS).where('at', '>', now - HOUR_MS);
  const oldest =
    perHour === 0
      ? { at: now }
      : await ofHour
          .offset(perHour - 1)
          .limit(1)
          .executeTakeFirst();
  return { recent, accountFull: oldest?.at ?? null };
}

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

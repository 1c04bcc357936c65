import { type Kysely, sql } from 'kysely';
import { isOf } from './attempt-queries';
import { DAY_MS, MAY_HAVE_SENT, type RecentAttempt } from './limits';
import type { Tables } from './tables';

type Handle = Kysely<Tables>;

const RECENT_COLUMNS = [
  'id',
  'invite',
  'result_invite',
  'verb',
  'outcome',
  'at',
  'seq',
  'sending_until',
  'closed_at',
] as const;

/**
 * Attempts from a day before `now` on that may have sent something to these people, who are named by invite or by address.
 * An attempt counts by what was known of the person when it began, and by what is remembered of its invite now: an email
 * that was sent before the address was known has the address here.
 */
export function recentOf(
  handle: Handle,
  accounts: readonly string[],
  names: readonly string[],
  now: number,
): Promise<RecentAttempt[]> {
  const remembered = handle
    .selectFrom('remembered_invites')
    .select('invite')
    .where(isOf(accounts))
    .where('email_id', 'in', names);
  const recent = handle
    .selectFrom('attempts')
    .select([...RECENT_COLUMNS, addressNow(accounts).as('email_id')])
    .where(isOf(accounts))
    .where('at', '>', now - DAY_MS)
    .where('outcome', 'in', MAY_HAVE_SENT);
  // One query for each column, because each column has an index of its own.
  return recent
    .where('email_id', 'in', names)
    .union(recent.where('invite', 'in', names))
    .union(recent.where('result_invite', 'in', names))
    .union(recent.where('invite', 'in', remembered))
    .orderBy('at', 'desc')
    .execute();
}

/** The address of an attempt's person, by its stand-in; the invite's own id where no address is known to this day. */
const addressNow = (accounts: readonly string[]) =>
  sql<string>`case when email_id <> invite then email_id else coalesce((
    select max(remembered_invites.email_id) from remembered_invites
    where ${isOf(accounts)} and remembered_invites.invite = attempts.invite
  ), email_id) end`;

/** The address, by its stand-in, that is remembered for an invite under any account key of its store. */
export async function rememberedAddress(
  handle: Handle,
  accounts: readonly string[],
  invite: string,
): Promise<string | null> {
  const known = await handle
    .selectFrom('remembered_invites')
    .select('email_id')
    .where(isOf(accounts))
    .where('invite', '=', invite)
    .where('email_id', 'is not', null)
    .executeTakeFirst();
  return known?.email_id ?? null;
}

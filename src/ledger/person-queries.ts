import type { Kysely } from 'kysely';
import { isOf } from './attempt-queries';
import { DAY_MS, MAY_HAVE_SENT, type RecentAttempt } from './limits';
import type { Tables } from './tables';

type Handle = Kysely<Tables>;

/**
 * Attempts from a day before `now` on that may have sent something to one person: by this invite, by this address, or by any other
 * invite that is remembered for the address.
 */
export async function recentOfPerson(
  handle: Handle,
  accounts: readonly string[],
  { invite, email_id }: { readonly invite: string; readonly email_id: string },
  now: number,
): Promise<RecentAttempt[]> {
  const others = await rememberedInvites(handle, accounts, [email_id]);
  return recentOf(handle, accounts, [...new Set([invite, email_id, ...others.keys()])], now);
}

/** The same for several people; an attempt that was made before the address was known gets the address. */
export async function recentOfPeople(
  handle: Handle,
  accounts: readonly string[],
  names: readonly string[],
  now: number,
): Promise<RecentAttempt[]> {
  const others = await rememberedInvites(handle, accounts, names);
  const recent = await recentOf(handle, accounts, [...new Set([...names, ...others.keys()])], now);
  return recent.map((attempt) =>
    attempt.email_id === attempt.invite
      ? { ...attempt, email_id: others.get(attempt.invite) ?? attempt.email_id }
      : attempt,
  );
}

const RECENT_COLUMNS = [
  'id',
  'invite',
  'email_id',
  'result_invite',
  'verb',
  'outcome',
  'at',
  'seq',
  'sending_until',
  'closed_at',
] as const;
const PERSON_COLUMNS = ['email_id', 'invite', 'result_invite'] as const;

/**
 * Attempts from a day before `now` on that may have sent something to these people, who are named by invite or by address: whichever
 * was known of them at the time.
 */
export function recentOf(
  handle: Handle,
  accounts: readonly string[],
  names: readonly string[],
  now: number,
): Promise<RecentAttempt[]> {
  const [first, ...others] = PERSON_COLUMNS.map((column) =>
    handle
      .selectFrom('attempts')
      .select(RECENT_COLUMNS)
      .where(isOf(accounts))
      .where(column, 'in', names)
      .where('at', '>', now - DAY_MS)
      .where('outcome', 'in', MAY_HAVE_SENT),
  );
  const query = others.reduce((all, each) => all.union(each), first as NonNullable<typeof first>);
  return query.orderBy('at', 'desc').execute();
}

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

/**
 * The invites, by local id, that are remembered for these addresses under any account key of their store, each with its
 * address: emails to them have disturbed the same person, also those that were sent before the address was known.
 */
async function rememberedInvites(
  handle: Handle,
  accounts: readonly string[],
  emailIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await handle
    .selectFrom('remembered_invites')
    .select(({ ref }) => ['invite', ref('email_id').$notNull().as('email_id')])
    .where(isOf(accounts))
    .where('email_id', 'in', emailIds)
    .orderBy('remembered_at', 'desc')
    .limit(MAX_INVITES_OF_ADDRESS * emailIds.length)
    .execute();
  return new Map(rows.map(({ invite, email_id }) => [invite, email_id]));
}

/** More invites than anybody gets within a day, which is as far back as limits look. */
const MAX_INVITES_OF_ADDRESS = 100;

import { hash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { VisibleAccounts } from '../accounts';
import { parseInstant } from '../clock';
import { normaliseEmail, readEmail } from '../email';
import type * as Schema from '../generated/graphql';
import { type Account, INVITE_STATUSES } from '../model';
import { MAX_PAGE, parseCursor } from '../pagination';
import type { ListRequest } from '../loaders';
import type { InviteFilter, StaffFilter } from '../vendors/provider';

type Optional<T> = T | null | undefined;

/** The arguments that every list has. */
export interface ListArgs<Filter> {
  readonly first?: Optional<number>;
  readonly after?: Optional<string>;
  readonly filter?: Optional<Filter>;
}

/** A mistake in a query's argument, in words that name the argument. */
export const badInput = (argument: string, problem: string): GraphQLError =>
  new GraphQLError(`${argument} ${problem}.`, { extensions: { code: 'BAD_USER_INPUT', argument } });

/** A page size within 1 to 100; 20 where none is given. */
export function readFirst(first: Optional<number>): number {
  const size = first ?? 20;
  if (size < 1 || size > MAX_PAGE) throw badInput('first', `must be between 1 and ${MAX_PAGE}`);
  return size;
}

/** An address that can be looked for. */
export function readAddress(argument: string, email: string): string {
  const address = readEmail(email);
  if (address === null) throw badInput(argument, 'is no email address');
  return address;
}

/** A list of staff, as its arguments ask for it. */
export function staffRequest(
  list: string,
  visible: VisibleAccounts,
  within: Account | null,
  args: ListArgs<Schema.StaffMemberFilter>,
): ListRequest<StaffFilter> {
  const { status, email, search, ...accounts } = args.filter ?? {};
  if (search && search.length > 200) throw badInput('filter.search', 'must be at most 200 characters');
  const filter = {
    status: status ? asSet(status) : null,
    emails: email == null ? null : [readAddress('filter.email', email)],
    search: search?.trim() ? search.trim() : null,
  };
  return listRequest(list, visible, within, args, accounts, filter);
}

/** A list of invites, as its arguments ask for it: all but accepted ones unless they say otherwise. */
export function inviteRequest(
  list: string,
  visible: VisibleAccounts,
  within: Account | null,
  args: ListArgs<Schema.InviteFilter>,
): ListRequest<InviteFilter> {
  const { status, email, expiresBefore, ...accounts } = args.filter ?? {};
  const before = expiresBefore == null ? null : parseInstant(expiresBefore);
  if (before === null && expiresBefore != null)
    throw badInput('filter.expiresBefore', 'is no ISO 8601 instant');
  const filter = {
    status: asSet(status ?? ALL_BUT_ACCEPTED),
    emails: email == null ? null : [readAddress('filter.email', email)],
    expiresBefore: before,
  };
  return listRequest(list, visible, within, args, accounts, filter);
}

const ALL_BUT_ACCEPTED = INVITE_STATUSES.filter((status) => status !== 'ACCEPTED');

/** A list whose order and repetitions say nothing, in one form. */
const asSet = <T>(items: readonly T[]): T[] => [...new Set(items)].sort();

/**
 * What a cursor of this list is good for: the list, the viewer's accounts and the filter, but not the page size. A digest, for
 * it is hashed again with each cursor of the list.
 *
 * @param filter As it was understood, not as it was written: two spellings of one filter have one cursor.
 */
export const questionOf = (list: string, { scope }: VisibleAccounts, filter: object): string =>
  hash('sha256', JSON.stringify([list, scope, filter]), 'base64url');

/** The place after which a list goes on; null for its start. */
export function readAfter(after: Optional<string>, question: string) {
  const cursor = after == null ? null : parseCursor(question, after);
  if (after != null && cursor === null) throw badInput('after', 'is no cursor of this list');
  return cursor;
}

/** Which accounts' rows are wanted. */
interface AccountsFilter {
  readonly vendor?: Optional<Schema.VendorInput>;
  readonly accountIds?: Optional<readonly string[]>;
}

function listRequest<Filter extends StaffFilter | InviteFilter>(
  list: string,
  visible: VisibleAccounts,
  within: Account | null,
  { first, after }: ListArgs<unknown>,
  { vendor = null, accountIds }: AccountsFilter,
  filter: Filter,
): ListRequest<Filter> {
  const by = { vendor, ids: accountIds ? asSet(accountIds) : null };
  const emails = filter.emails?.map(normaliseEmail) ?? null;
  const question = questionOf(list, visible, { ...by, ...filter, emails });
  return {
    question,
    first: readFirst(first),
    after: readAfter(after, question),
    accounts: within === null ? visible.narrowed(by) : isOneOf(within, by) ? [within] : [],
    filter,
  };
}

const isOneOf = (account: Account, { vendor, ids }: Parameters<VisibleAccounts['narrowed']>[0]): boolean =>
  (vendor === null || account.vendor === vendor) && (ids === null || ids.includes(account.id));

import { hash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { VisibleAccounts } from '../accounts';
import { parseInstant } from '../clock';
import { normaliseEmail, readEmail } from '../email';
import type * as Schema from '../generated/graphql';
import { type Account, INVITE_STATUSES } from '../model';
import { type Cursor, MAX_PAGE, parseCursor } from '../pagination';
import type { ListRequest } from '../loaders';
import type { InviteFilter, Provider, StaffFilter } from '../vendors/provider';

type Optional<T> = T | null | undefined;

/** The arguments that every list has. */
export interface ListArgs<Filter> {
  readonly first?: Optional<number>;
  readonly after?: Optional<string>;
  readonly filter?: Optional<Filter>;
}

/** What a list is read from. */
export interface Viewed {
  readonly accounts: VisibleAccounts;
  readonly provider: (account: Account) => Provider;
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
  within: Account | null,
  viewed: Viewed,
  args: ListArgs<Schema.StaffMemberFilter>,
): ListRequest<StaffFilter> {
  const { status, email, search, ...accounts } = args.filter ?? {};
  if (search && search.length > 200) throw badInput('filter.search', 'must be at most 200 characters');
  const filter = {
    status: status ? asSet(status) : null,
    emails: email == null ? null : [readAddress('filter.email', email)],
    search: search?.trim() ? search.trim() : null,
  };
  return listRequest(list, within, viewed, args, accounts, filter);
}

/** A list of invites, as its arguments ask for it: all but accepted ones unless they say otherwise. */
export function inviteRequest(
  list: string,
  within: Account | null,
  viewed: Viewed,
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
  return listRequest(list, within, viewed, args, accounts, filter);
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

/**
 * The place after which a list goes on; null for its start.
 * @param isPosition Whether an account can have a row there.
 */
export function readAfter(
  after: Optional<string>,
  question: string,
  isPosition: (cursor: Cursor) => boolean,
): Cursor | null {
  if (after == null) return null;
  const cursor = parseCursor(question, after);
  if (cursor === null || !(cursor.position === '' || isPosition(cursor)))
    throw badInput('after', 'is no cursor of this list');
  return cursor;
}

/** Which accounts' rows are wanted. */
interface AccountsFilter {
  readonly vendor?: Optional<Schema.VendorInput>;
  readonly accountIds?: Optional<readonly string[]>;
}

function listRequest<Filter extends StaffFilter | InviteFilter>(
  list: string,
  within: Account | null,
  { accounts: visible, provider }: Viewed,
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
    // An account that is gone has no rows: then the list goes on with the next one.
    after: readAfter(after, question, ({ account, position }) => {
      const found = visible.get(account);
      return found === null || provider(found).isPosition(position);
    }),
    accounts: within === null ? visible.narrowed(by) : isOneOf(within, by) ? [within] : [],
    filter,
  };
}

const isOneOf = (account: Account, { vendor, ids }: Parameters<VisibleAccounts['narrowed']>[0]): boolean =>
  (vendor === null || account.vendor === vendor) && (ids === null || ids.includes(account.id));

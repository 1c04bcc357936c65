import { GraphQLError } from 'graphql';
import type { VisibleAccounts } from '../accounts';
import { parseInstant } from '../clock';
import { readEmail } from '../email';
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
  const { status, email, search } = args.filter ?? {};
  if (search && search.length > 200) throw badInput('filter.search', 'must be at most 200 characters');
  return {
    ...listRequest(list, visible, within, args),
    filter: {
      status: status ?? null,
      emails: email == null ? null : [readAddress('filter.email', email)],
      search: search?.trim() ? search.trim() : null,
    },
  };
}

/** A list of invites, as its arguments ask for it: all but accepted ones unless they say otherwise. */
export function inviteRequest(
  list: string,
  visible: VisibleAccounts,
  within: Account | null,
  args: ListArgs<Schema.InviteFilter>,
): ListRequest<InviteFilter> {
  const { status, email, expiresBefore } = args.filter ?? {};
  const before = expiresBefore == null ? null : parseInstant(expiresBefore);
  if (before === null && expiresBefore != null)
    throw badInput('filter.expiresBefore', 'is no ISO 8601 instant');
  return {
    ...listRequest(list, visible, within, args),
    filter: {
      status: status ?? ALL_BUT_ACCEPTED,
      emails: email == null ? null : [readAddress('filter.email', email)],
      expiresBefore: before,
    },
  };
}

const ALL_BUT_ACCEPTED = INVITE_STATUSES.filter((status) => status !== 'ACCEPTED');

/** What a cursor of this list is good for: the list, the viewer's accounts and the filter, but not the page size. */
export const questionOf = (
  list: string,
  { scope }: VisibleAccounts,
  filter: object | null | undefined,
): string => JSON.stringify([list, scope, Object.entries(filter ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))]);

/** The place after which a list goes on; null for its start. */
export function readAfter(after: Optional<string>, question: string) {
  const cursor = after == null ? null : parseCursor(question, after);
  if (after != null && cursor === null) throw badInput('after', 'is no cursor of this list');
  return cursor;
}

function listRequest(
  list: string,
  visible: VisibleAccounts,
  within: Account | null,
  {
    first,
    after,
    filter,
  }: ListArgs<{ vendor?: Optional<Schema.VendorInput>; accountIds?: Optional<string[]> }>,
) {
  const question = questionOf(list, visible, filter);
  const by = { vendor: filter?.vendor ?? null, ids: filter?.accountIds ?? null };
  return {
    question,
    first: readFirst(first),
    after: readAfter(after, question),
    accounts: within === null ? visible.narrowed(by) : isOneOf(within, by) ? [within] : [],
  };
}

const isOneOf = (account: Account, { vendor, ids }: Parameters<VisibleAccounts['narrowed']>[0]): boolean =>
  (vendor === null || account.vendor === vendor) && (ids === null || ids.includes(account.id));

import {
  createOperationDescriptor,
  type Environment,
  fetchQuery,
  type GraphQLTaggedNode,
  getRequest,
  getSingularSelector,
  type OperationType,
  type ReaderFragment,
} from 'relay-runtime';
import AccountStaffListPaginationQuery from '../generated/AccountStaffListPaginationQuery.graphql';
import AccountStaffListQuery, {
  type AccountStaffListQuery as AccountStaff,
} from '../generated/AccountStaffListQuery.graphql';
import AccountStaffList, {
  type AccountStaffList_query$data,
} from '../generated/AccountStaffList_query.graphql';
import InviteListPaginationQuery from '../generated/InviteListPaginationQuery.graphql';
import InviteListQuery, { type InviteListQuery as Invites } from '../generated/InviteListQuery.graphql';
import InviteList, { type InviteList_query$data } from '../generated/InviteList_query.graphql';
import StaffListPaginationQuery from '../generated/StaffListPaginationQuery.graphql';
import StaffListQuery, { type StaffListQuery as Staff } from '../generated/StaffListQuery.graphql';
import StaffList, { type StaffList_query$data } from '../generated/StaffList_query.graphql';

/** A list to its end. In React `usePaginationFragment` does the same, one `loadNext` for each page. */
type ReadList<Query extends OperationType, Data> = (
  environment: Environment,
  variables: Query['variables'],
) => Promise<Data & { readonly pages: number }>;

export const readStaff: ReadList<Staff, StaffList_query$data> = (environment, variables) =>
  readPages<StaffList_query$data>(environment, variables, {
    query: StaffListQuery,
    next: StaffListPaginationQuery,
    fragment: StaffList,
    pageInfoOf: ({ staffMembers }) => staffMembers?.pageInfo,
  });

export const readInvites: ReadList<Invites, InviteList_query$data> = (environment, variables) =>
  readPages<InviteList_query$data>(environment, variables, {
    query: InviteListQuery,
    next: InviteListPaginationQuery,
    fragment: InviteList,
    pageInfoOf: ({ invites }) => invites?.pageInfo,
  });

export const readAccountStaff: ReadList<AccountStaff, AccountStaffList_query$data> = (
  environment,
  variables,
) =>
  readPages<AccountStaffList_query$data>(environment, variables, {
    query: AccountStaffListQuery,
    next: AccountStaffListPaginationQuery,
    fragment: AccountStaffList,
    pageInfoOf: ({ account }) => account?.staffMembers?.pageInfo,
  });

interface Pages<Data> {
  /** Asks for the first page. */
  readonly query: GraphQLTaggedNode;
  /** Asks for a later one; the compiler made it of the fragment's `@refetchable`. */
  readonly next: GraphQLTaggedNode;
  readonly fragment: ReaderFragment;
  pageInfoOf(data: Data): PageInfo | null | undefined;
}

interface PageInfo {
  readonly hasNextPage: boolean;
  readonly endCursor: string | null | undefined;
}

async function readPages<Data>(
  environment: Environment,
  variables: object,
  { query, next, fragment, pageInfoOf }: Pages<Data>,
): Promise<Data & { readonly pages: number }> {
  const operation = createOperationDescriptor(getRequest(query), { ...variables });
  // As a screen does that shows it: what is not retained is collected.
  environment.retain(operation);
  await fetchQuery(environment, query, variables).toPromise();
  for (let pages = 1; ; pages++) {
    const root = environment.lookup(operation.fragment).data;
    const snapshot = environment.lookup(getSingularSelector(fragment, root));
    const data = snapshot.data as Data;
    const pageInfo = pageInfoOf(data);
    if (!pageInfo) throw listError(snapshot);
    // Also after an empty page: `hasNextPage` alone says whether the list ends.
    if (!pageInfo.hasNextPage) return { ...data, pages };
    await fetchQuery(environment, next, { ...variables, after: pageInfo.endCursor }).toPromise();
  }
}

/**
 * Relay reads a list that failed as null, and keeps its errors beside it (its types leave `fieldErrors` out); here in the
 * shape of a request that failed. In React `@throwOnFieldError` or `@catch` on the fragment brings them up.
 */
function listError(snapshot: object): Error {
  const { fieldErrors } = snapshot as {
    readonly fieldErrors?: readonly { readonly error?: object }[] | null;
  };
  const errors = (fieldErrors ?? []).flatMap(({ error }) => error ?? []);
  return Object.assign(new Error('The list could not be read.'), { source: { errors } });
}

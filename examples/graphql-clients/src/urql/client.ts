import {
  Client,
  CombinedError,
  fetchExchange,
  gql,
  type OperationResult,
  type TypedDocumentNode,
} from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { persistedExchange } from '@urql/exchange-persisted';
import * as documents from '../documents';
import type { Connection, ListData, ListVariables, ResendData, ResendVariables } from '../documents';
import type { CachedInvite, ClientOptions, List, RollcallClient } from '../rollcall-client';
import { connection } from './pages';

const STAFF_MEMBERS: TypedDocumentNode<ListData, ListVariables> = gql(documents.STAFF_MEMBERS);
const INVITES: TypedDocumentNode<ListData, ListVariables> = gql(documents.INVITES);
const ACCOUNT_STAFF_MEMBERS: TypedDocumentNode<ListData, ListVariables> = gql(
  documents.ACCOUNT_STAFF_MEMBERS,
);
const RESEND_INVITE: TypedDocumentNode<ResendData, ResendVariables> = gql(documents.RESEND_INVITE);

/** urql for the endpoint, with its normalised cache. There is no retry exchange: a program never repeats a write. */
export function createUrqlClient(url: string, options: ClientOptions = {}): Client {
  const cache = cacheExchange({
    resolvers: {
      Query: {
        staffMembers: connection(),
        invites: connection(),
        accounts: connection(),
        // One that a list has brought needs no request.
        invite: (_query, { id }) => ({ __typename: 'Invite', id }) as never,
      },
      Account: { staffMembers: connection(), invites: connection() },
    },
    // Types without an id, or whose id means something within its account only, belong to what holds them.
    keys: {
      Person: ({ email }) => (typeof email === 'string' ? email : null),
      ...embedded('Role', 'SourceReport', 'PageInfo', 'ConnectionHealth', 'Capability'),
      ...embedded('InviteActions', 'InviteAction', 'InviteUserError'),
      ...embedded('AccountConnection', 'StaffMemberConnection', 'InviteConnection'),
      ...embedded('AccountEdge', 'StaffMemberEdge', 'InviteEdge'),
    },
  });
  const persisted =
    options.persistedQueries &&
    persistedExchange({ preferGetForPersistedQueries: options.persistedQueries === 'GET' ? 'force' : false });
  return new Client({
    url,
    preferGetMethod: false,
    // Apollo Server refuses a GET that a page of another site could send; this header shows that it could not.
    fetchOptions: { headers: { 'apollo-require-preflight': 'true' } },
    exchanges: [cache, ...(persisted ? [persisted] : []), fetchExchange],
    ...(options.fetch && { fetch: options.fetch }),
  });
}

const embedded = (...types: string[]): Record<string, () => null> =>
  Object.fromEntries(types.map((type) => [type, () => null]));

/** What the tests ask, in urql's own way. */
export function createClient(url: string, options: ClientOptions = {}): RollcallClient {
  const client = createUrqlClient(url, options);
  return {
    readAll: async (list) => {
      const { query, variables } = questionOf(list);
      let after: string | null = null;
      for (let count = 1; ; count++) {
        const page: OperationResult<ListData> = await client
          .query(query, { ...variables, after })
          .toPromise();
        const merged = page.data && connectionOf(page.data);
        if (!merged) throw page.error ?? new Error('The list could not be read.');
        const { edges, pageInfo, sources } = merged;
        // Also after an empty page: `hasNextPage` alone says whether the list ends.
        if (!pageInfo.hasNextPage) return { rows: edges.map(({ node }) => node), sources, pages: count };
        after = pageInfo.endCursor;
      }
    },
    resendInvite: async (inviteId, idempotencyKey) => {
      const input = { inviteId, idempotencyKey };
      const { data, error } = await client.mutation(RESEND_INVITE, { input }).toPromise();
      if (!data?.resendInvite) throw error ?? new Error('The mutation answered nothing.');
      const { outcome, userErrors } = data.resendInvite;
      return { outcome, codes: userErrors.map(({ code }) => code) };
    },
    cachedInvite: (inviteId) =>
      client.readQuery(CACHED_INVITE, { id: inviteId }, { requestPolicy: 'cache-only' })?.data?.invite ??
      null,
    codesOf: (error) =>
      error instanceof CombinedError
        ? error.graphQLErrors.map(({ extensions }) => String(extensions['code']))
        : [],
  };
}

const CACHED_INVITE: TypedDocumentNode<{ invite: CachedInvite | null }, { id: string }> = gql(
  `query CachedInvite($id: ID!) { invite(id: $id) { ...InviteRow } } ${documents.INVITE_ROW}`,
);

function questionOf(list: List) {
  const { first } = list;
  if (list.name === 'accountStaffMembers')
    return { query: ACCOUNT_STAFF_MEMBERS, variables: { first, accountId: list.accountId } };
  const narrowed = list.accountIds ? { filter: { accountIds: list.accountIds } } : {};
  return { query: list.name === 'invites' ? INVITES : STAFF_MEMBERS, variables: { first, ...narrowed } };
}

const connectionOf = ({ staffMembers, invites, account }: ListData): Connection | null =>
  staffMembers ?? invites ?? account?.staffMembers ?? null;

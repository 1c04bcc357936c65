import { createHash } from 'node:crypto';
import {
  ApolloClient,
  ApolloLink,
  CombinedGraphQLErrors,
  gql,
  HttpLink,
  type TypedDocumentNode,
} from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { filter, firstValueFrom } from 'rxjs';
import * as documents from '../documents';
import type { Connection, ListData, ListVariables, ResendData, ResendVariables } from '../documents';
import type { CachedInvite, ClientOptions, List, RollcallClient } from '../rollcall-client';
import { createCache } from './cache';

const STAFF_MEMBERS = gql(documents.STAFF_MEMBERS) as TypedDocumentNode<ListData, ListVariables>;
const INVITES = gql(documents.INVITES) as TypedDocumentNode<ListData, ListVariables>;
const ACCOUNT_STAFF_MEMBERS = gql(documents.ACCOUNT_STAFF_MEMBERS) as TypedDocumentNode<
  ListData,
  ListVariables
>;
const RESEND_INVITE = gql(documents.RESEND_INVITE) as TypedDocumentNode<ResendData, ResendVariables>;
const INVITE_ROW = gql(documents.INVITE_ROW) as TypedDocumentNode<CachedInvite>;

/** Apollo Client for the endpoint. There is no retry link: a program never repeats a write by itself. */
export function createApolloClient(uri: string, options: ClientOptions = {}): ApolloClient {
  const http = new HttpLink({ uri, ...(options.fetch && { fetch: options.fetch }) });
  const persisted =
    options.persistedQueries &&
    new PersistedQueryLink({
      // In a browser: `sha256` of the package crypto-hash.
      sha256: (text) => createHash('sha256').update(text).digest('hex'),
      useGETForHashedQueries: options.persistedQueries === 'GET',
    });
  return new ApolloClient({
    cache: createCache(),
    link: persisted ? ApolloLink.from([persisted, http]) : http,
  });
}

/** What the tests ask, in Apollo Client's own way. */
export function createClient(uri: string, options: ClientOptions = {}): RollcallClient {
  const client = createApolloClient(uri, options);
  return {
    readAll: async (list) => {
      const { query, variables } = questionOf(list);
      const watched = client.watchQuery({ query, variables, errorPolicy: 'all' });
      const loaded = firstValueFrom(watched.pipe(filter(({ loading }) => !loading)));
      const subscription = watched.subscribe({});
      try {
        const { error } = await loaded;
        for (let pages = 1; ; pages++) {
          // From the cache: `getCurrentResult` shows a page a moment after `fetchMore` has ended, too late for a loop.
          const { edges, pageInfo, sources } = connectionOf(client.readQuery({ query, variables }), error);
          // Also after an empty page: `hasNextPage` alone says whether the list ends.
          if (!pageInfo.hasNextPage) return { rows: edges.map(({ node }) => node), sources, pages };
          await watched.fetchMore({ variables: { after: pageInfo.endCursor } });
        }
      } finally {
        subscription.unsubscribe();
      }
    },
    resendInvite: async (inviteId, idempotencyKey) => {
      const { data } = await client.mutate({
        mutation: RESEND_INVITE,
        variables: { input: { inviteId, idempotencyKey } },
      });
      if (!data?.resendInvite) throw new Error('The mutation answered nothing.');
      const { outcome, userErrors } = data.resendInvite;
      return { outcome, codes: userErrors.map(({ code }) => code) };
    },
    cachedInvite: (inviteId) => client.cache.readFragment({ id: `Invite:${inviteId}`, fragment: INVITE_ROW }),
    codesOf: (error) =>
      CombinedGraphQLErrors.is(error)
        ? error.errors.map(({ extensions }) => String(extensions?.['code']))
        : [],
  };
}

function questionOf(list: List) {
  const { first } = list;
  if (list.name === 'accountStaffMembers')
    return { query: ACCOUNT_STAFF_MEMBERS, variables: { first, accountId: list.accountId } };
  const narrowed = list.accountIds ? { filter: { accountIds: list.accountIds } } : {};
  return { query: list.name === 'invites' ? INVITES : STAFF_MEMBERS, variables: { first, ...narrowed } };
}

/** A list that failed as a whole is null, and throws what was said of it. */
function connectionOf(data: ListData | null, error: unknown): Connection {
  const connection = data?.staffMembers ?? data?.invites ?? data?.account?.staffMembers;
  if (!connection) throw error instanceof Error ? error : new Error('The list could not be read.');
  return connection;
}

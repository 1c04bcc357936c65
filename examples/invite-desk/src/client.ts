import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';

/** Longer than Rollcall takes at most for an operation (8 s): who hears nothing by then will not hear anything. */
const PATIENCE_MS = 15_000;

/** Asks this while the answer must come from the vendor, not from Rollcall's short-lived cache. */
export const FRESH = { headers: { 'cache-control': 'no-cache' } } as const;

/** The client with the cache that fits Rollcall's schema. There is no retry link: only people repeat a write. */
export function createClient(): ApolloClient {
  return new ApolloClient({
    cache: createCache(),
    link: new HttpLink({ uri: import.meta.env.VITE_ENDPOINT ?? '/graphql', fetch: fetchInTime }),
    // One vendor that fails must not take the others' rows away.
    defaultOptions: {
      watchQuery: { errorPolicy: 'all', fetchPolicy: 'cache-and-network' },
      query: { errorPolicy: 'all' },
      mutate: { errorPolicy: 'all' },
    },
  });
}

/**
 * Accounts, staff members and invites are found by their `id`, which is Apollo's own rule. Lists need no merging: a page
 * is kept under its own arguments, cursor included, so going back shows the page as it was.
 */
const createCache = (): InMemoryCache =>
  new InMemoryCache({
    typePolicies: {
      Account: {
        fields: {
          // A vendor that is down cannot tell the name, but it does not make us forget it.
          name: { merge: (known: string | null | undefined, said: string | null) => said ?? known ?? null },
        },
      },
      Person: { keyFields: ['email'] },
      // The id of a role means something within its account only.
      Role: { keyFields: false },
      ConnectionHealth: { merge: true },
      InviteActions: { merge: true },
    },
  });

const fetchInTime: typeof fetch = (input, init) => {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  return fetch(input, {
    ...init,
    signal: init?.signal ? AbortSignal.any([init.signal, patience]) : patience,
  });
};

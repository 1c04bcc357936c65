import { type FieldPolicy, InMemoryCache, type Reference } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';

/** Types whose `id` names one object everywhere. The id of a role, say, means something within its account only. */
const ENTITIES = new Set(['Account', 'StaffMember', 'Invite', 'InviteAttempt']);

/** A cache that knows Rollcall's objects, and merges the pages of its lists. */
export const createCache = (): InMemoryCache =>
  new InMemoryCache({
    dataIdFromObject: ({ __typename, id }) =>
      __typename && typeof id === 'string' && ENTITIES.has(__typename) ? `${__typename}:${id}` : undefined,
    typePolicies: {
      Query: { fields: { staffMembers: connection(), invites: connection(), accounts: connection() } },
      Account: {
        fields: { staffMembers: connection(), invites: connection(), connection: { merge: true } },
      },
      Invite: { fields: { actions: { merge: true } } },
      Person: { keyFields: ['email'] },
    },
  });

/** A list as the cache holds it. */
interface CachedList {
  readonly edges: readonly { readonly node: Reference }[];
  readonly sources?: readonly { readonly account: Reference }[];
}

/**
 * Apollo's policy for connections, which goes on after a page that is short or empty, and two things more: a page that
 * comes twice adds no row twice, and `sources` holds every account of the list instead of the last page's alone.
 */
function connection(): FieldPolicy {
  const relay = relayStylePagination((args) =>
    Object.keys(args ?? {}).filter((name) => name !== 'first' && name !== 'after'),
  );
  const merge: FieldPolicy['merge'] = (
    existing: CachedList | undefined,
    incoming: CachedList | null,
    options,
  ) => {
    if (typeof relay.merge !== 'function') throw new Error('This version of Apollo Client merges no pages.');
    const merged = relay.merge(existing as never, incoming as never, options) as unknown as CachedList;
    const before = options.args?.['after'] ? (existing?.sources ?? []) : [];
    const sources = [...before, ...(incoming?.sources ?? [])];
    return {
      ...merged,
      edges: lastOfEach(merged.edges, ({ node }) => node.__ref),
      ...(sources.length > 0 && { sources: lastOfEach(sources, ({ account }) => account.__ref) }),
    };
  };
  return { ...relay, merge };
}

/** Items in their order, one for each key: the last that came, in the place of the first. */
const lastOfEach = <T>(items: readonly T[], keyOf: (item: T) => string): T[] => [
  ...new Map(items.map((item) => [keyOf(item), item])).values(),
];

import { startingAt } from '../accounts';
import type { Resolvers } from '../generated/graphql';
import type { Account, AccountList } from '../model';
import type { Cursor } from '../pagination';
import { inviteRequest, type ListArgs, questionOf, readAfter, readFirst, staffRequest } from './arguments';
import { connection, edge } from './connection';
import { textIn } from './links';

/** Accounts: known from the configuration, so that only `name`, `status`, `url` and `roles` ask the vendor. */
export const account: Resolvers = {
  Query: {
    account: (_root, { id }, { accounts }) => accounts.get(id),
    accounts: (_root, args, { accounts }) => {
      const by = { vendor: args.filter?.vendor ?? null, ids: null };
      const question = questionOf('accounts', accounts, by);
      const list = accounts.narrowed(by);
      return accountPage(
        list,
        question,
        args,
        readAfter(args.after, question, () => false),
      );
    },
  },

  Account: {
    // A copy: the subgraph library writes `__typename` into what it is given.
    __resolveReference: (reference, { accounts }) => {
      const found =
        accounts.get(textIn(reference, 'id') ?? '') ??
        accounts.byExternalId(textIn(reference, 'vendor'), textIn(reference, 'externalId'));
      return found && { ...found };
    },
    name: ({ id }, _args, { loaders }) => loaders.profile.load(id).then(({ name }) => name),
    status: ({ id }, _args, { loaders }) => loaders.profile.load(id).then(({ status }) => status),
    url: ({ id }, _args, { loaders }) => loaders.profile.load(id).then(({ url }) => url),
    capabilities: (parent, _args, { provider }) => [...provider(parent).capabilities],
    connection: (parent, _args, { provider }) => provider(parent).health(),
    roles: ({ id }, _args, { loaders }) => loaders.roles.load(id).then((roles) => [...roles]),
    staffMembers: (parent, args, context) =>
      context.loaders.staffList(staffRequest(`staff ${parent.id}`, parent, context, args)),
    invites: (parent, args, context) =>
      context.loaders.inviteList(inviteRequest(`invites ${parent.id}`, parent, context, args)),
  },

  AccountConnection: connection,
  AccountEdge: edge,
};

function accountPage(
  accounts: readonly Account[],
  question: string,
  { first }: ListArgs<unknown>,
  after: Cursor | null,
): AccountList {
  const from = after === null ? accounts : startingAt(accounts, after.account);
  const rest = from[0]?.id === after?.account ? from.slice(1) : from;
  const page = rest.slice(0, readFirst(first));
  const last = page.at(-1)?.id;
  return {
    edges: page.map((node) => ({ node, accountId: node.id, position: '', question })),
    question,
    next: last === undefined ? null : { account: last, position: '' },
    hasNextPage: rest.length > page.length,
    hasPreviousPage: after !== null,
    sources: [],
    total: () => accounts.length,
  };
}

import { formatId } from '../ids';
import type { Resolvers } from '../generated/graphql';
import { toAttempt } from '../invites/result';
import { inviteRequest, readFirst } from './arguments';
import { connection, edge } from './connection';
import { accountOf, byReference } from './links';

/** Invites, and what may be done with them; the doing is in invite-mutations.ts. */
export const invite: Resolvers = {
  Query: {
    invite: (_root, { id }, { loaders }) => loaders.invite.load(id),
    inviteByExternalId: (_root, { accountId, externalId }, { accounts, provider, loaders }) => {
      const account = accounts.get(accountId);
      const local = account && provider(account).localIdOfInvite(externalId);
      return local == null ? null : loaders.invite.load(formatId(accountId, local));
    },
    invites: (_root, args, context) =>
      context.loaders.inviteList(inviteRequest('invites', null, context, args)),
  },

  Invite: {
    __resolveReference: (reference, { loaders }) => byReference(reference, loaders.invite),
    account: accountOf,
    staffMember: ({ staffMember, staffMemberId }, _args, { loaders }) =>
      staffMember ?? (staffMemberId === null ? null : loaders.staffMember.load(staffMemberId)),
    actions: (parent, _args, { loaders }) => loaders.actions.load(parent),
    attempts: async ({ id }, { first }, { loaders }) => {
      const most = readFirst(first);
      return (await loaders.attempts.load(id)).slice(0, most).map(toAttempt);
    },
  },

  InviteConnection: connection,
  InviteEdge: edge,
};

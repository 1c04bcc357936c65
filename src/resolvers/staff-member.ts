import type { Resolvers } from '../generated/graphql';
import { staffRequest } from './arguments';
import { connection, edge } from './connection';
import { accountOf, byReference } from './links';

/** People of the accounts. */
export const staffMember: Resolvers = {
  Query: {
    staffMember: (_root, { id }, { loaders }) => loaders.staffMember.load(id),
    staffMembers: (_root, args, context) =>
      context.loaders.staffList(staffRequest('staff', null, context, args)),
  },

  StaffMember: {
    __resolveReference: (reference, { loaders }) => byReference(reference, loaders.staffMember),
    account: accountOf,
  },

  StaffMemberConnection: connection,
  StaffMemberEdge: edge,
  SourceReport: {},
};

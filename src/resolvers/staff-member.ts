import type { Resolvers } from '../generated/graphql';
import { staffRequest } from './arguments';
import { connection, edge } from './connection';
import { accountOf } from './links';

/** People of the accounts. */
export const staffMember: Resolvers = {
  Query: {
    staffMember: (_root, { id }, { loaders }) => loaders.staffMember.load(id),
    staffMembers: (_root, args, { accounts, loaders }) =>
      loaders.staffList(staffRequest('staff', accounts, accounts.list, args)),
  },

  StaffMember: {
    __resolveReference: (reference, { loaders }) =>
      'id' in reference ? loaders.staffMember.load(reference.id) : null,
    account: accountOf,
  },

  StaffMemberConnection: connection,
  StaffMemberEdge: edge,
  SourceReport: {},
};

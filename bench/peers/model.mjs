/** The resolvers and loaders of the hand-tuned peers: one batch for each account, nothing read twice. */
import DataLoader from 'dataloader';
import { splitId } from './vendors.mjs';

/** What one operation reads through; made anew for each. */
export function createContext(vendors) {
  return {
    vendors,
    profile: new DataLoader((accounts) => Promise.all(accounts.map(vendors.profile))),
    staffMember: new DataLoader(async (ids) => {
      const groups = new Map();
      for (const id of ids) {
        const [key, local] = splitId(id);
        groups.set(key, [...(groups.get(key) ?? []), local]);
      }
      const found = await Promise.all(
        [...groups].map(([key, locals]) => vendors.staffByIds(vendors.account(key), locals)),
      );
      const byId = new Map(found.flat().map((row) => [row.id, row]));
      return ids.map((id) => byId.get(id) ?? null);
    }),
  };
}

/** Accounts of one vendor, as `Query.accounts` pages them. */
export const accountsOf = (vendors, { first, filter }) => ({
  nodes: vendors.accounts.filter(({ vendor }) => !filter?.vendor || filter.vendor === vendor).slice(0, first),
});

/** Resolvers over the loaders; what a row holds already is read from the row. */
export const resolvers = {
  Query: {
    account: (_root, { id }, { vendors }) => vendors.account(id),
    accounts: (_root, args, { vendors }) => accountsOf(vendors, args),
    staffMember: (_root, { id }, { staffMember }) => staffMember.load(id),
  },
  Mutation: {
    resendInvite: (_root, { input }, { vendors }) => vendors.resend(input.inviteId),
  },
  Account: {
    name: async (account, _args, { profile }) => (await profile.load(account)).name,
    status: async (account, _args, { profile }) => (await profile.load(account)).status,
    staffMembers: async (account, { first }, { vendors }) => ({
      nodes: await vendors.staffList(account, first),
    }),
  },
  StaffMember: {
    __resolveReference: ({ id }, { staffMember }) => staffMember.load(id),
  },
};

/**
 * Apollo Server the usual way: one RESTDataSource a vendor, a method an endpoint, a resolver a field that fetches what it
 * shows. RESTDataSource keeps equal GETs of one operation together; nothing else does.
 */
import { RESTDataSource } from '@apollo/datasource-rest';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { accountsOf } from './model.mjs';
import { createSchema } from './schema.mjs';
import { createVendors, splitId, toContributor, toEcwidStaff, toMembership } from './vendors.mjs';

class Ecwid extends RESTDataSource {
  constructor({ ecwid }) {
    super();
    this.baseURL = `${ecwid.baseUrl}/`;
  }

  headers = ({ token }) => ({ headers: { authorization: `Bearer ${token}` } });

  async profile(account) {
    const profile = await this.get(`${account.externalId}/profile`, this.headers(account));
    return { name: profile.settings.storeName, status: profile.account.suspended ? 'SUSPENDED' : 'ACTIVE' };
  }

  async staff(account) {
    const { staffList } = await this.get(`${account.externalId}/staff`, this.headers(account));
    return staffList.map((row) => toEcwidStaff(account, row)).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async staffMember(account, local) {
    return (await this.staff(account)).find(({ externalId }) => externalId === local) ?? null;
  }

  async invite(account, inviteId) {
    return (await this.staff(account)).find(({ invite }) => invite.id === inviteId)?.invite ?? null;
  }

  async resend(account, invite) {
    const body = { email: invite.email };
    await this.post(`${account.externalId}/staff/invite`, { ...this.headers(account), body });
    return invite;
  }
}

class SoftwareOne extends RESTDataSource {
  constructor({ softwareone }) {
    super();
    this.baseURL = `${softwareone.baseUrl}/`;
  }

  headers = ({ token }) => ({ headers: { authorization: `Bearer ${token}` } });

  async profile(account) {
    const { name, status } = await this.get(`accounts/accounts/${account.externalId}`, this.headers(account));
    return { name, status: status === 'Active' ? 'ACTIVE' : 'UNKNOWN' };
  }

  async staff(account, first) {
    const filter = `eq(account.id,%22${account.externalId}%22)`;
    const path = `accounts/account-users?select=audit,user&${filter}&order=id&limit=${first}`;
    const { data } = await this.get(path, this.headers(account));
    return data.map((row) => toMembership(account, row));
  }

  async staffMember(account, local) {
    const path = `accounts/account-users/${local}?select=audit,user`;
    return toMembership(account, await this.get(path, this.headers(account)));
  }

  async invite(account, inviteId) {
    return (await this.staffMember(account, splitId(inviteId)[1])).invite;
  }

  async resend(account, invite) {
    const [, local] = splitId(invite.id);
    await this.post(`accounts/account-users/${local}/resend-invite`, this.headers(account));
    return invite;
  }
}

class Wix extends RESTDataSource {
  constructor({ wix }) {
    super();
    this.baseURL = `${wix.baseUrl}/`;
  }

  // By default an equal address is an equal question: Wix has the site in a header, and one would get another's staff.
  cacheKeyFor(url, request) {
    return `${request.headers['wix-site-id'] ?? ''} ${super.cacheKeyFor(url, request)}`;
  }

  site = ({ apiKey, externalId }) => ({ headers: { authorization: apiKey, 'wix-site-id': externalId } });

  async profile(account) {
    const headers = { authorization: account.apiKey, 'wix-account-id': account.wixAccountId };
    const query = {
      filter: { id: { $eq: account.externalId }, namespace: { $in: ['WIX', 'HEADLESS'] } },
      cursorPaging: { limit: 1 },
    };
    const { sites } = await this.post('site-list/v2/sites/query', { headers, body: { query } });
    return { name: sites[0].displayName, status: sites[0].blocked ? 'SUSPENDED' : 'ACTIVE' };
  }

  async staff(account) {
    const { contributors } = await this.get('roles-management/v2/contributors/query', this.site(account));
    return contributors
      .map(({ accountId }) => toContributor(account, accountId))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async staffMember(account, local) {
    return (await this.staff(account)).find(({ externalId }) => externalId === local) ?? null;
  }

  // Wix cannot show an invite.
  invite(account, inviteId) {
    return { id: inviteId, accountId: account.id };
  }

  async resend(account, { id }) {
    const path = `invites/site-invite/${splitId(id)[1]}/resend`;
    const { invite } = await this.post(path, { ...this.site(account), body: {} });
    return { id, email: invite.email, status: 'PENDING' };
  }
}

const sourceOf = ({ vendor }, { sources }) => sources[vendor];

const resolvers = {
  Query: {
    account: (_root, { id }, { accounts }) => accounts.account(id),
    accounts: (_root, args, { accounts }) => accountsOf(accounts, args),
    staffMember: (_root, { id }, context) => staffMember(id, context),
  },
  Mutation: {
    resendInvite: async (_root, { input: { inviteId } }, context) => {
      const account = context.accounts.account(splitId(inviteId)[0]);
      const source = sourceOf(account, context);
      const invite = await source.resend(account, await source.invite(account, inviteId));
      return { outcome: 'REQUESTED', invite, userErrors: [] };
    },
  },
  Account: {
    name: async (account, _args, context) => (await sourceOf(account, context).profile(account)).name,
    status: async (account, _args, context) => (await sourceOf(account, context).profile(account)).status,
    staffMembers: async (account, { first }, context) => ({
      nodes: (await sourceOf(account, context).staff(account, first)).slice(0, first),
    }),
  },
  StaffMember: {
    __resolveReference: ({ id }, context) => staffMember(id, context),
    account: ({ accountId }, _args, { accounts }) => accounts.account(accountId),
    invite: ({ accountId, invite }, _args, context) => {
      const account = context.accounts.account(accountId);
      return invite && sourceOf(account, context).invite(account, invite.id);
    },
  },
};

function staffMember(id, context) {
  const [key, local] = splitId(id);
  const account = context.accounts.account(key);
  return sourceOf(account, context).staffMember(account, local);
}

export async function start(world, port) {
  const accounts = createVendors(world);
  const server = new ApolloServer({ schema: createSchema(resolvers), stopOnTerminationSignals: false });
  await startStandaloneServer(server, {
    listen: { port, host: '127.0.0.1' },
    context: async () => ({
      accounts,
      sources: {
        ECWID: new Ecwid(world.vendors),
        SOFTWAREONE: new SoftwareOne(world.vendors),
        WIX: new Wix(world.vendors),
      },
    }),
  });
}

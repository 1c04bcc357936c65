/**
 * The vendors as every peer but the RESTDataSource one reads them: one call for each account and question, over kept
 * connections, and the mapping to the schema's types. Shared, so that between these peers the framework alone differs.
 */
import { createHash } from 'node:crypto';
import { Pool } from 'undici';

const WEEK_MS = 7 * 24 * 3600 * 1000;

/**
 * Whole rows are what a hand-written server asks for. `lean` asks for the fields of the measured operations alone, as
 * Rollcall does by itself for whatever is selected.
 */
const FIELDS = {
  whole: {
    ecwidStaff: '',
    ecwidProfile: '',
    swoStaff: 'select=audit,user',
    swoAccount: '',
  },
  lean: {
    ecwidStaff: '?responseFields=staffList(id,email,name,inviteAccepted)',
    ecwidProfile: '?responseFields=settings(storeName),account(suspended)',
    swoStaff: 'select=-*,id,user.name,user.email,user.status,invitation.status,audit',
    swoAccount: '?select=-*,id,name,status',
  },
};

/**
 * @param {import('../measure/world.mjs').World} world
 */
export function createVendors(world, { lean = false } = {}) {
  const fields = lean ? FIELDS.lean : FIELDS.whole;
  const accounts = world.accounts.map(toAccount).sort((a, b) => (a.id < b.id ? -1 : 1));
  const byKey = new Map(accounts.map((account) => [account.id, account]));
  const ways = { ECWID: ecwid, SOFTWAREONE: softwareone, WIX: wix };
  const providers = new Map(
    Object.entries(ways).map(([vendor, make]) => {
      const { origin, pathname } = new URL(world.vendors[vendor.toLowerCase()].baseUrl);
      const ask = jsonClient(new Pool(origin, { connections: 64 }), pathname.replace(/\/$/, ''));
      return [vendor, make(ask, fields)];
    }),
  );
  const providerOf = ({ vendor }) => providers.get(vendor);

  return {
    accounts,
    account: (id) => byKey.get(id) ?? null,
    /** `{name, status}` of an account. */
    profile: (account) => providerOf(account).profile(account),
    /** Its staff in the order of their ids, each with its invite. */
    staffList: (account, first) => providerOf(account).staffList(account, first),
    /** Staff of one account by local id, in any order. */
    staffByIds: (account, locals) => providerOf(account).staffByIds(account, locals),
    /** Looks at the invite, where its vendor can show it, and sends it again. */
    resend: async (inviteId) => {
      const [key, local] = splitId(inviteId);
      const account = byKey.get(key);
      return {
        outcome: 'REQUESTED',
        invite: await providerOf(account).resend(account, local),
        userErrors: [],
      };
    },
  };
}

/** `[account key, local id]` of an id. */
export function splitId(id) {
  const colon = id.indexOf(':');
  return [id.slice(0, colon), id.slice(colon + 1)];
}

const toAccount = (configured) => ({
  ...configured,
  __typename: 'Account',
  id: configured.key,
  vendor: configured.vendor.toUpperCase(),
  externalId: configured.storeId ?? configured.accountId ?? configured.siteId,
});

function jsonClient(pool, base) {
  return async (method, path, headers, content) => {
    const { statusCode, body } = await pool.request({
      method,
      path: base + path,
      headers: content === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      body: content === undefined ? null : JSON.stringify(content),
    });
    if (statusCode >= 300) {
      await body.dump();
      throw new Error(`${method} ${path}: ${statusCode}`);
    }
    return body.json();
  };
}

const byId = (rows) => rows.sort((a, b) => (a.id < b.id ? -1 : 1));

function ecwid(ask, fields) {
  const headers = ({ token }) => ({ authorization: `Bearer ${token}` });
  const staff = async (account) => {
    const { staffList } = await ask(
      'GET',
      `/${account.externalId}/staff${fields.ecwidStaff}`,
      headers(account),
    );
    return staffList.map((row) => toEcwidStaff(account, row));
  };
  return {
    profile: async (account) => {
      const profile = await ask(
        'GET',
        `/${account.externalId}/profile${fields.ecwidProfile}`,
        headers(account),
      );
      return {
        name: profile.settings.storeName,
        status: profile.account.suspended ? 'SUSPENDED' : 'ACTIVE',
      };
    },
    staffList: async (account, first) => byId(await staff(account)).slice(0, first),
    staffByIds: async (account, locals) => {
      const wanted = new Set(locals);
      return (await staff(account)).filter(({ externalId }) => wanted.has(externalId));
    },
    resend: async (account, local) => {
      const found = (await staff(account)).find(({ invite }) => splitId(invite.id)[1] === local);
      if (found?.invite.status !== 'PENDING') throw new Error('Not pending.');
      const { email } = found.invite;
      await ask('POST', `/${account.externalId}/staff/invite`, headers(account), { email });
      return found.invite;
    },
  };
}

/** As Rollcall does, each address is hashed once: a hash costs more than the rest of its row. */
const hashes = new Map();
function hashOf(email) {
  const known = hashes.get(email);
  if (known) return known;
  const made = createHash('sha256').update(email.toLowerCase()).digest('base64url').slice(0, 22);
  hashes.set(email, made);
  return made;
}

/** Ecwid has no invite record: who has not accepted is one, known by the address. */
export function toEcwidStaff(account, row) {
  const hash = hashOf(row.email);
  const common = { accountId: account.id, account, email: row.email };
  return {
    ...common,
    __typename: 'StaffMember',
    id: `${account.id}:${row.id}`,
    externalId: row.id,
    name: row.name,
    status: row.inviteAccepted ? 'ACTIVE' : 'INVITED',
    joinedAt: null,
    invite: {
      ...common,
      __typename: 'Invite',
      id: `${account.id}:i-${hash}`,
      status: row.inviteAccepted ? 'ACCEPTED' : 'PENDING',
      createdAt: null,
      expiresAt: null,
    },
  };
}

function softwareone(ask, fields) {
  const headers = ({ token }) => ({ authorization: `Bearer ${token}` });
  const list = async (account, query) => {
    const path = `/accounts/account-users?${fields.swoStaff}&${query}`;
    const { data } = await ask('GET', path, headers(account));
    return data.map((row) => toMembership(account, row));
  };
  const byIds = (account, locals) => {
    const ids = locals.map((local) => `%22${local}%22`).join(',');
    return list(account, `in(id,(${ids}))&limit=${locals.length}`);
  };
  return {
    profile: async (account) => {
      const { name, status } = await ask(
        'GET',
        `/accounts/accounts/${account.externalId}${fields.swoAccount}`,
        headers(account),
      );
      return { name, status: status === 'Active' ? 'ACTIVE' : 'UNKNOWN' };
    },
    staffList: (account, first) =>
      list(account, `eq(account.id,%22${account.externalId}%22)&order=id&limit=${first}`),
    staffByIds: byIds,
    resend: async (account, local) => {
      const [found] = await byIds(account, [local]);
      if (found?.invite.status !== 'PENDING') throw new Error('Not pending.');
      const path = `/accounts/account-users/${local}/resend-invite`;
      const { invitation } = await ask('POST', path, headers(account));
      return { ...found.invite, status: INVITE_STATUS[invitation.status] };
    },
  };
}

const INVITE_STATUS = { Invited: 'PENDING', InvitationExpired: 'EXPIRED', Active: 'ACCEPTED' };
const STAFF_STATUS = { PENDING: 'INVITED', EXPIRED: 'INVITE_EXPIRED', ACCEPTED: 'ACTIVE' };

/** A SoftwareOne membership is a person and an invite at once. */
export function toMembership(account, row) {
  const status = INVITE_STATUS[row.invitation.status];
  const { created, invited, joined } = row.audit;
  const createdAt = (invited ?? created).at;
  const common = { id: `${account.id}:${row.id}`, accountId: account.id, account, email: row.user.email };
  return {
    ...common,
    __typename: 'StaffMember',
    externalId: row.id,
    name: row.user.name,
    status: status === 'ACCEPTED' && row.user.status === 'Blocked' ? 'SUSPENDED' : STAFF_STATUS[status],
    joinedAt: joined?.at ?? null,
    invite: {
      ...common,
      __typename: 'Invite',
      status,
      createdAt,
      expiresAt: status === 'ACCEPTED' ? null : new Date(Date.parse(createdAt) + WEEK_MS).toISOString(),
    },
  };
}

function wix(ask) {
  const site = ({ apiKey, externalId }) => ({ authorization: apiKey, 'wix-site-id': externalId });
  const staff = async (account) => {
    const { contributors } = await ask('GET', '/roles-management/v2/contributors/query', site(account));
    return contributors.map(({ accountId }) => toContributor(account, accountId));
  };
  return {
    profile: async (account) => {
      const headers = { authorization: account.apiKey, 'wix-account-id': account.wixAccountId };
      const query = {
        filter: { id: { $eq: account.externalId }, namespace: { $in: ['WIX', 'HEADLESS'] } },
        cursorPaging: { limit: 1 },
      };
      const { sites } = await ask('POST', '/site-list/v2/sites/query', headers, { query });
      return { name: sites[0].displayName, status: sites[0].blocked ? 'SUSPENDED' : 'ACTIVE' };
    },
    staffList: async (account, first) => byId(await staff(account)).slice(0, first),
    staffByIds: async (account, locals) => {
      const wanted = new Set(locals);
      return (await staff(account)).filter(({ externalId }) => wanted.has(externalId));
    },
    resend: async (account, local) => {
      const path = `/invites/site-invite/${local}/resend`;
      const { invite } = await ask('POST', path, site(account), {});
      if (invite.status !== 'Pending') throw new Error('Not pending.');
      return {
        id: `${account.id}:${invite.id}`,
        accountId: account.id,
        email: invite.email,
        status: 'PENDING',
      };
    },
  };
}

/** Wix names contributors by id alone. */
export const toContributor = (account, contributorId) => ({
  __typename: 'StaffMember',
  id: `${account.id}:${contributorId}`,
  accountId: account.id,
  account,
  externalId: contributorId,
  name: null,
  email: null,
  status: 'ACTIVE',
  joinedAt: null,
  invite: null,
});

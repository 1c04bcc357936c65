/**
 * The vendors as the limit reads them: the calls that Rollcall makes, over Rollcall's own HTTP client and its settings, with the
 * same fields selected; the rows are written out as JSON at once. No guard, no retry, no mapping to a model, no check of a row.
 */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../package.json', import.meta.url));
const { exchange } = require('./dist/vendors/exchange.js');
const { Agent } = require('undici');

const WEEK_MS = 7 * 24 * 3600 * 1000;
const ROW = {
  ecwid: 'responseFields=staffList(id,email,name,inviteAccepted)',
  softwareone: 'select=-*,id,user.name,user.email,user.status,invitation.status,audit',
};

/** Long enough that a busy machine never meets them; the timers cost what Rollcall's cost. */
const READ = { timeoutMs: 60_000, maxBytes: 2 << 20, signal: null };
const WRITE = { ...READ, timeoutMs: 60_000 };

/**
 * @param {import('../measure/world.mjs').World} world
 * @param {boolean} options.fresh Whether each write goes over a connection of its own, as Rollcall's do.
 */
export function createLeanVendors(world, { fresh }) {
  const reads = new Agent({ connections: null, keepAliveMaxTimeout: 30_000 });
  const writes = fresh ? new Agent({ pipelining: 0 }) : reads;
  const accounts = world.accounts.map((configured) => {
    const baseUrl = world.vendors[configured.vendor.toLowerCase()].baseUrl;
    const { origin, pathname } = new URL(baseUrl);
    const base = pathname.replace(/\/$/, '');
    const call = async (dispatcher, limit, method, path, more, body) => {
      const request = { origin, path: base + path, method, headers: headersOf(configured, more, body), body };
      const answer = await exchange(dispatcher, request, limit);
      if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status ?? answer.cause}`);
      return JSON.parse(answer.body.toString());
    };
    const make = { ecwid, softwareone, wix }[configured.vendor.toLowerCase()];
    return make(toAccount(configured), {
      read: (path, more) => call(reads, READ, 'GET', path, more, null),
      query: (path, more, body) => call(reads, READ, 'POST', path, more, JSON.stringify(body)),
      write: (path, body) => call(writes, WRITE, 'POST', path, undefined, body ? JSON.stringify(body) : null),
    });
  });
  accounts.sort((a, b) => (a.id < b.id ? -1 : 1));
  return { accounts, byKey: new Map(accounts.map((account) => [account.id, account])) };
}

const headersOf = ({ vendor, token, apiKey, siteId }, more, body) => ({
  accept: 'application/json',
  'accept-encoding': 'gzip',
  ...(body ? { 'content-type': 'application/json;charset=utf-8' } : {}),
  ...(vendor.toLowerCase() === 'wix'
    ? { authorization: apiKey, ...(more ?? { 'wix-site-id': siteId }) }
    : { authorization: `Bearer ${token}` }),
});

function toAccount({ key, vendor, storeId, accountId, siteId, wixAccountId }) {
  const externalId = storeId ?? accountId ?? siteId;
  const id = quote(key);
  const name = vendor.toUpperCase();
  return {
    id: key,
    vendor: name,
    externalId,
    wixAccountId,
    head: `{"id":${id},"vendor":"${name}","externalId":${quote(externalId)}`,
    /** As each row names it. */
    link: `{"id":${id},"vendor":"${name}"}`,
  };
}

const UNSAFE = /["\\\x00-\x1f\ud800-\udfff]/;
/** A text as JSON; null for what is not there. */
const quote = (text) =>
  text === null || text === undefined ? 'null' : UNSAFE.test(text) ? JSON.stringify(text) : `"${text}"`;

const writeRow = (account, id, name, email, status, joinedAt, invite) =>
  `{"id":"${id}","name":${name},"email":${email},"status":"${status}","joinedAt":${joinedAt},"account":${account.link},"invite":${invite}}`;

const writeInvite = (id, email, status, createdAt, expiresAt) =>
  `{"id":"${id}","email":${email},"status":"${status}","createdAt":${createdAt},"expiresAt":${expiresAt}}`;

/** As Rollcall does, each address is hashed once. */
const hashes = new Map();
function hashOf(email) {
  const known = hashes.get(email);
  if (known) return known;
  const made = createHash('sha256').update(email.toLowerCase()).digest('base64url').slice(0, 22);
  hashes.set(email, made);
  return made;
}

const byId = (rows, key) => rows.sort((a, b) => (key(a) < key(b) ? -1 : 1));

function ecwid(account, { read, write }) {
  const staff = async () => (await read(`/${account.externalId}/staff?${ROW.ecwid}`)).staffList;
  const inviteId = (email) => `${account.id}:i-${hashOf(email)}`;
  const toJson = ({ id, email, name, inviteAccepted }) => {
    const address = quote(email);
    const invite = writeInvite(inviteId(email), address, inviteAccepted ? 'ACCEPTED' : 'PENDING', null, null);
    const status = inviteAccepted ? 'ACTIVE' : 'INVITED';
    return writeRow(account, `${account.id}:${id}`, quote(name), address, status, null, invite);
  };
  return {
    ...account,
    profile: async () => {
      const fields = 'settings(storeName),account(suspended)';
      const { settings, account: owner } = await read(
        `/${account.externalId}/profile?responseFields=${fields}`,
      );
      return `"name":${quote(settings.storeName)},"status":"${owner.suspended ? 'SUSPENDED' : 'ACTIVE'}"`;
    },
    staffList: async (first) =>
      byId(await staff(), ({ id }) => id)
        .slice(0, first)
        .map(toJson)
        .join(),
    staffByIds: async (locals) => {
      const wanted = new Set(locals);
      const rows = (await staff()).filter(({ id }) => wanted.has(id));
      return rows.map((row) => [`${account.id}:${row.id}`, toJson(row)]);
    },
    resend: async (local) => {
      const row = (await staff()).find(({ email }) => inviteId(email).endsWith(local));
      if (row?.inviteAccepted !== false) throw new Error('Not pending.');
      await write(`/${account.externalId}/staff/invite`, { email: row.email });
      return { id: inviteId(row.email), email: row.email };
    },
  };
}

const INVITE_STATUS = { Invited: 'PENDING', InvitationExpired: 'EXPIRED', Active: 'ACCEPTED' };
const STAFF_STATUS = { PENDING: 'INVITED', EXPIRED: 'INVITE_EXPIRED', ACCEPTED: 'ACTIVE' };

function softwareone(account, { read, write }) {
  const list = async (query) => (await read(`/accounts/account-users?${ROW.softwareone}&${query}`)).data;
  const byIds = (locals) =>
    list(
      `in(id,(${locals.map((local) => `%22${local}%22`).join(',')}))&order=id&limit=${locals.length}&offset=0`,
    );
  const toJson = (row) => {
    const { created, invited, joined } = row.audit;
    const status = INVITE_STATUS[row.invitation.status];
    const sentAt = (invited ?? created).at;
    const expiresAt = status === 'ACCEPTED' ? null : new Date(Date.parse(sentAt) + WEEK_MS).toISOString();
    const shown = status === 'ACCEPTED' && row.user.status === 'Blocked' ? 'SUSPENDED' : STAFF_STATUS[status];
    const id = `${account.id}:${row.id}`;
    const address = quote(row.user.email);
    const invite = writeInvite(id, address, status, quote(sentAt), quote(expiresAt));
    return writeRow(account, id, quote(row.user.name), address, shown, quote(joined?.at), invite);
  };
  return {
    ...account,
    profile: async () => {
      const path = `/accounts/accounts/${account.externalId}?select=-*,id,name,status`;
      const { name, status } = await read(path);
      return `"name":${quote(name)},"status":"${status === 'Active' ? 'ACTIVE' : 'UNKNOWN'}"`;
    },
    staffList: async (first) => {
      const rows = await list(`eq(account.id,%22${account.externalId}%22)&order=id&limit=${first}&offset=0`);
      return rows.map(toJson).join();
    },
    staffByIds: async (locals) =>
      (await byIds(locals)).map((row) => [`${account.id}:${row.id}`, toJson(row)]),
    resend: async (local) => {
      const [row] = await byIds([local]);
      if (row?.invitation.status !== 'Invited') throw new Error('Not pending.');
      await write(`/accounts/account-users/${local}/resend-invite`);
      return { id: `${account.id}:${local}`, email: row.user.email };
    },
  };
}

function wix(account, { read, query, write }) {
  const staff = async () => (await read('/roles-management/v2/contributors/query')).contributors;
  const toJson = ({ accountId }) =>
    writeRow(account, `${account.id}:${accountId}`, 'null', 'null', 'ACTIVE', 'null', 'null');
  return {
    ...account,
    profile: async () => {
      const filter = { id: { $eq: account.externalId }, namespace: { $in: ['WIX', 'HEADLESS'] } };
      const body = { query: { filter, cursorPaging: { limit: 1 } } };
      const headers = { 'wix-account-id': account.wixAccountId };
      const { sites } = await query('/site-list/v2/sites/query', headers, body);
      const [site] = sites;
      return `"name":${quote(site.displayName)},"status":"${site.blocked ? 'SUSPENDED' : 'ACTIVE'}"`;
    },
    staffList: async (first) =>
      byId(await staff(), ({ accountId }) => accountId)
        .slice(0, first)
        .map(toJson)
        .join(),
    staffByIds: async (locals) => {
      const wanted = new Set(locals);
      const rows = (await staff()).filter(({ accountId }) => wanted.has(accountId));
      return rows.map((row) => [`${account.id}:${row.accountId}`, toJson(row)]);
    },
    resend: async (local) => {
      const { invite } = await write(`/invites/site-invite/${local}/resend`, {});
      if (invite.status !== 'Pending') throw new Error('Not pending.');
      return { id: `${account.id}:${invite.id}`, email: invite.email };
    },
  };
}

/**
 * The vendors as the limit reads them: the calls that Rollcall makes, through Rollcall's own vendor client, with the same fields
 * selected; the rows are written out as JSON at once. No cache, no mapping to a model, no check of a row.
 */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../package.json', import.meta.url));
const { createMetrics } = require('./dist/metrics.js');
const { createVendorCall } = require('./dist/vendors/call.js');
const { ecwidDialect } = require('./dist/vendors/ecwid/client.js');
const { exchange } = require('./dist/vendors/exchange.js');
const { alone } = require('./dist/vendors/signals.js');
const { softwareOneDialect } = require('./dist/vendors/softwareone/client.js');
const { wixDialect } = require('./dist/vendors/wix/client.js');
const { Agent } = require('undici');

const WEEK_MS = 7 * 24 * 3600 * 1000;
const ROW = {
  ecwid: 'responseFields=staffList(id,email,name,inviteAccepted)',
  softwareone: 'select=-*,id,user.name,user.email,user.status,invitation.status,audit',
};

/** So long that a busy machine never meets them; the timers cost what Rollcall's cost. */
const TIMEOUT_MS = 60_000;
const LIMITS = {
  readTimeout: TIMEOUT_MS,
  writeTimeout: TIMEOUT_MS,
  responseBytes: 2 << 20,
  concurrencyPerAccount: 8,
};

/**
 * @param {import('../measure/world.mjs').World} world
 * @param {boolean} options.fresh Whether each write goes over a connection of its own, as Rollcall's do.
 * @param {boolean} options.bare Whether calls go out without Rollcall's guard, retries and metrics.
 */
export function createLeanVendors(world, { fresh, bare }) {
  const reads = new Agent({ connections: null, keepAliveMaxTimeout: 30_000 });
  const writes = fresh ? new Agent({ pipelining: 0 }) : reads;
  const metrics = createMetrics({ *connections() {}, ledger: () => Promise.resolve(0) });
  const transport = { reads, writes, limits: LIMITS, clock: Date.now, metrics, signals: alone };
  const accounts = world.accounts.map((configured) => {
    const name = configured.vendor.toLowerCase();
    const { baseUrl } = world.vendors[name];
    const { open, dialect } = WAYS[name];
    const account = toAccount(configured);
    const spoken = dialect(baseUrl, configured.token ?? configured.apiKey);
    return open(account, bare ? bareCalls(spoken, transport) : guardedCalls(spoken, account, transport));
  });
  accounts.sort((a, b) => (a.id < b.id ? -1 : 1));
  return { accounts, byKey: new Map(accounts.map((account) => [account.id, account])) };
}

/** Calls as Rollcall makes them, but for the check of the answer. */
function guardedCalls(dialect, account, transport) {
  const call = createVendorCall(dialect, { account, transport });
  const end = { aborted: false, addEventListener() {}, removeEventListener() {} };
  const valueOf = ({ kind, value, ...why }) => {
    if (kind !== 'ok') throw new Error(`${kind}: ${JSON.stringify(why)}`);
    return value;
  };
  const parse = (body) => body;
  return {
    read: async (request) =>
      valueOf(
        await call.read({ method: 'GET', operation: 'read', parse, ...request }, { signal: end, bytes: 0 }),
      ),
    write: async (request) =>
      valueOf(
        await call.write(
          { method: 'POST', operation: 'write', parse, ...request },
          { timeoutMs: TIMEOUT_MS },
        ),
      ),
  };
}

/** Calls over Rollcall's HTTP alone. */
function bareCalls({ baseUrl, headers }, { reads, writes }) {
  const { origin, pathname } = new URL(baseUrl);
  const base = pathname.replace(/\/$/, '');
  const send = async (dispatcher, method, { path, query, headers: more, body }) => {
    const request = {
      origin,
      method,
      path: `${base}${path}${query ? `?${query}` : ''}`,
      headers: {
        accept: 'application/json',
        'accept-encoding': 'gzip',
        ...(body ? { 'content-type': 'application/json;charset=utf-8' } : {}),
        ...headers,
        ...more,
      },
      body: body ? JSON.stringify(body) : null,
    };
    const answer = await exchange(dispatcher, request, {
      timeoutMs: TIMEOUT_MS,
      maxBytes: 2 << 20,
      signal: null,
    });
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status ?? answer.cause}`);
    return JSON.parse(answer.body.toString());
  };
  return {
    read: (request) => send(reads, request.method ?? 'GET', request),
    write: (request) => send(writes, 'POST', request),
  };
}

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
  const staff = async () =>
    (await read({ path: `/${account.externalId}/staff`, query: ROW.ecwid })).staffList;
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
      const { settings, account: owner } = await read({
        path: `/${account.externalId}/profile`,
        query: `responseFields=${fields}`,
      });
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
      await write({ path: `/${account.externalId}/staff/invite`, body: { email: row.email } });
      return { id: inviteId(row.email), email: row.email };
    },
  };
}

const INVITE_STATUS = { Invited: 'PENDING', InvitationExpired: 'EXPIRED', Active: 'ACCEPTED' };
const STAFF_STATUS = { PENDING: 'INVITED', EXPIRED: 'INVITE_EXPIRED', ACCEPTED: 'ACTIVE' };

function softwareone(account, { read, write }) {
  const list = async (query) =>
    (await read({ path: '/accounts/account-users', query: `${ROW.softwareone}&${query}` })).data;
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
      const path = `/accounts/accounts/${account.externalId}`;
      const { name, status } = await read({ path, query: 'select=-*,id,name,status' });
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
      await write({ path: `/accounts/account-users/${local}/resend-invite` });
      return { id: `${account.id}:${local}`, email: row.user.email };
    },
  };
}

function wix(account, { read, write }) {
  const site = { 'wix-site-id': account.externalId };
  const staff = async () =>
    (await read({ path: '/roles-management/v2/contributors/query', headers: site })).contributors;
  const toJson = ({ accountId }) =>
    writeRow(account, `${account.id}:${accountId}`, 'null', 'null', 'ACTIVE', 'null', 'null');
  return {
    ...account,
    profile: async () => {
      const filter = { id: { $eq: account.externalId }, namespace: { $in: ['WIX', 'HEADLESS'] } };
      const body = { query: { filter, cursorPaging: { limit: 1 } } };
      const headers = { 'wix-account-id': account.wixAccountId };
      const { sites } = await read({ method: 'POST', path: '/site-list/v2/sites/query', headers, body });
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
      const { invite } = await write({
        path: `/invites/site-invite/${local}/resend`,
        headers: site,
        body: {},
      });
      if (invite.status !== 'Pending') throw new Error('Not pending.');
      return { id: `${account.id}:${invite.id}`, email: invite.email };
    },
  };
}

const WAYS = {
  ecwid: { open: ecwid, dialect: ecwidDialect },
  softwareone: { open: softwareone, dialect: softwareOneDialect },
  wix: { open: wix, dialect: wixDialect },
};

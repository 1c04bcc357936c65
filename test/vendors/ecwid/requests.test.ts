import type { Invite } from '../../../src/model';
import type { Fields, Provider } from '../../../src/vendors/provider';
import { closeAll } from '../../support/close-all';
import { fieldsOf, plainly, reading, startVendors, type Vendors } from '../../support/provider';
import { BODY_HEADERS, READ_HEADERS, sent, type Sent } from '../../support/sent';

let vendors: Vendors;
beforeAll(async () => {
  vendors = await startVendors();
});
afterEach(() => {
  vendors.reset();
});
afterAll(() => closeAll(vendors));

const authorization = 'Bearer secret_demo_harbor_tea';
const store = '/api/v3/7700142';
const page = { first: 5, after: null };
const everyone = { status: null, emails: null, search: null };
const none = { account: [], staffMember: [], invite: [], role: [], person: [] };
const select = (more: Parameters<typeof fieldsOf>[0]): Fields => fieldsOf({ ...none, ...more });
const get = (path: string, query: string): Sent => ({
  method: 'GET',
  path: `${store}${path}`,
  query,
  headers: { ...READ_HEADERS, authorization },
  body: null,
});
const write = (method: 'POST' | 'DELETE', path: string, body: object): Sent => ({
  method,
  path: `${store}${path}`,
  query: '',
  headers: { ...BODY_HEADERS, authorization },
  body,
});

/** A pending invite of the demo, and what the vendor knows of it. */
async function pending(email: string): Promise<Invite> {
  const { provider, vendor } = vendors.connect('harbor-tea');
  const filter = { status: ['PENDING'], emails: [email], expiresBefore: null } as const;
  const { rows } = await provider.invitePage(reading(), page, filter);
  vendor.forgetRequests();
  if (!rows[0]) throw new Error(`no pending invite to ${email}`);
  return rows[0].item;
}

describe('Ecwid requests', () => {
  const reads: [string, (provider: Provider) => Promise<unknown>, Sent][] = [
    [
      'for the staff of a store',
      (provider) => provider.staffPage(reading(), page, everyone),
      get('/staff', 'responseFields=staffList(id,email,name,staffScopes,inviteAccepted)'),
    ],
    [
      'for some of them by the same list',
      (provider) => provider.staffByIds(reading(select({ staffMember: ['name'] })), ['p90112233']),
      get('/staff', 'responseFields=staffList(id,email,name)'),
    ],
    [
      'for invites by the same list',
      (provider) =>
        provider.invitesByIds(reading(select({ invite: ['email'] })), ['i-tfyF5VdV-eDQMKEKtEKbay']),
      get('/staff', 'responseFields=staffList(id,email,inviteAccepted)'),
    ],
    [
      'for the profile',
      (provider) => provider.profile(reading(select({ account: ['name', 'status', 'url'] }))),
      get(
        '/profile',
        'responseFields=settings(storeName),company(companyName),generalInfo(storeUrl),account(accountName,suspended)',
      ),
    ],
    ['for the permissions', (provider) => provider.roles(reading()), get('/profile/staffScopes', '')],
  ];

  it.each(reads)('are made %s', async (_what, ask, expected) => {
    const { provider, vendor } = vendors.connect('harbor-tea');
    await ask(provider);
    expect(vendor.requests.map(sent)).toEqual([expected]);
    expect(vendor.requests).toMatchObject([{ status: 200 }]);
  });

  it('resend an invite by its address in the spelling of the store', async () => {
    const invite = await pending('LENA@harbor-tea.example');
    const { provider, vendor } = vendors.connect('harbor-tea');
    await provider.resend(invite, plainly);
    expect(vendor.requests.map(sent)).toEqual([
      write('POST', '/staff/invite', { email: 'lena@harbor-tea.example' }),
    ]);
  });

  it('cancel an invite with a body on DELETE', async () => {
    const invite = await pending('lena@harbor-tea.example');
    const { provider, vendor } = vendors.connect('harbor-tea');
    expect(await provider.revoke(invite, plainly)).toMatchObject({
      kind: 'ok',
      value: { status: 'REVOKED' },
    });
    expect(vendor.requests.map(sent)).toEqual([
      write('DELETE', '/staff/invite', { email: 'lena@harbor-tea.example' }),
    ]);
  });

  it('invite a person in the spelling of the caller', async () => {
    const { provider, vendor } = vendors.connect('harbor-tea');
    const invitee = {
      email: 'New.Hire@Harbor-Tea.example',
      firstName: '',
      lastName: '',
      roleIds: ['REPORT_ACCESS'],
    };
    expect(await provider.create(invitee, plainly)).toMatchObject({
      kind: 'ok',
      value: { status: 'PENDING' },
    });
    expect(vendor.requests.map(sent)).toEqual([
      write('POST', '/staff', { email: 'New.Hire@Harbor-Tea.example', staffScopes: ['REPORT_ACCESS'] }),
    ]);
  });

  it('invite a person again after a revocation, with the former permissions', async () => {
    const { provider, vendor } = vendors.connect('harbor-tea');
    const filter = { status: ['REVOKED'], emails: null, expiresBefore: null } as const;
    const { rows } = await provider.invitePage(reading(), page, filter);
    vendor.forgetRequests();
    expect(rows).toHaveLength(1);
    for (const { item } of rows) await provider.sendNew(item, plainly);
    expect(vendor.requests.map(sent)).toEqual([
      write('POST', '/staff', {
        email: 'season.2025@harbor-tea.example',
        staffScopes: ['CATALOG_MANAGEMENT'],
      }),
    ]);
  });

  it('are never made for a link: Ecwid shows none', async () => {
    const { provider, vendor } = vendors.connect('harbor-tea');
    await expect(provider.reveal(reading(), 'p90112233')).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
    expect(vendor.requests).toEqual([]);
  });
});

describe('Ecwid requests for the selected columns only', () => {
  it.each([
    [{ staffMember: ['id'] }, 'id,email'],
    [{ staffMember: ['email'] }, 'id,email'],
    [{ staffMember: ['name'] }, 'id,email,name'],
    [{ staffMember: ['roles'] }, 'id,email,staffScopes'],
    [{ staffMember: ['fullAccess'] }, 'id,email,staffScopes'],
    [{ staffMember: ['status'] }, 'id,email,inviteAccepted'],
    [{ staffMember: ['avatarUrl', 'joinedAt', 'lastLoginAt', 'vendorStatus'] }, 'id,email'],
    [{ staffMember: ['invite'], invite: ['status'] }, 'id,email,inviteAccepted'],
    [{ staffMember: ['invite'], invite: ['roles'] }, 'id,email,staffScopes,inviteAccepted'],
  ])('for the selection %j', async (selected, columns) => {
    const { provider, vendor } = vendors.connect('harbor-tea');
    await provider.staffPage(reading(select(selected)), page, everyone);
    expect(vendor.requests.map(({ query }) => query)).toEqual([`responseFields=staffList(${columns})`]);
  });

  it.each([
    [{ ...everyone, search: 'x' }, 'id,email,name'],
    [{ ...everyone, status: ['ACTIVE' as const] }, 'id,email,inviteAccepted'],
    [{ ...everyone, emails: ['a@b.example'] }, 'id,email'],
  ])('plus those that a filter needs: %j', async (filter, columns) => {
    const { provider, vendor } = vendors.connect('harbor-tea');
    await provider.staffPage(reading(select({ staffMember: ['id'] })), page, filter);
    expect(vendor.requests.map(({ query }) => query)).toEqual([`responseFields=staffList(${columns})`]);
  });

  it.each([
    [['name'], 'settings(storeName),company(companyName),account(accountName)'],
    [['status'], 'account(suspended)'],
    [['url'], 'generalInfo(storeUrl)'],
  ])('of the profile: %j', async (account, fields) => {
    const { provider, vendor } = vendors.connect('harbor-tea');
    await provider.profile(reading(select({ account })));
    expect(vendor.requests.map(({ query }) => query)).toEqual([`responseFields=${fields}`]);
  });
});

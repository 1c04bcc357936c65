import { localIdOf } from '../../../src/ids';
import type { Invite, InviteStatus } from '../../../src/model';
import type { Provider } from '../../../src/vendors/provider';
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

const authorization = 'Bearer idt:TKN-4821-7730:demo-contoso';
const base = '/public/v1/accounts';
const page = { first: 5, after: null };
const everyone = { status: null, emails: null, search: null };
const ids = fieldsOf({ staffMember: ['id'], invite: [], role: ['id'] });
const mine = 'eq(account.id,%22ACC-4821-7730%22)';
const get = (path: string, query: string): Sent => ({
  method: 'GET',
  path: `${base}${path}`,
  query,
  headers: { ...READ_HEADERS, authorization },
  body: null,
});
const bare = (method: 'POST' | 'DELETE', path: string): Sent => ({ ...get(path, ''), method });

async function invite(status: InviteStatus): Promise<Invite> {
  const { provider, vendor } = vendors.connect('contoso');
  const filter = { status: [status], emails: null, expiresBefore: null };
  const { rows } = await provider.invitePage(reading(), page, filter);
  vendor.forgetRequests();
  if (!rows[0]) throw new Error(`no invite that is ${status}`);
  return rows[0].item;
}

describe('SoftwareOne requests', () => {
  const reads: [string, (provider: Provider) => Promise<unknown>, Sent][] = [
    [
      'for a page of memberships',
      (provider) => provider.staffPage(reading(ids), page, everyone),
      get('/account-users', `select=-*,id,account.id&${mine}&order=id&limit=5&offset=0`),
    ],
    [
      'for the page behind a place',
      (provider) => provider.staffPage(reading(ids), { first: 5, after: '10' }, everyone),
      get('/account-users', `select=-*,id,account.id&${mine}&order=id&limit=5&offset=10`),
    ],
    [
      'for memberships by id, each once and in order',
      (provider) =>
        provider.staffByIds(reading(ids), [
          ...['AUSR-2750-9914-0302', 'AUSR-2750-9914-0301', 'AUSR-2750-9914-0302', 'nonsense'],
        ]),
      get(
        '/account-users',
        `select=-*,id,account.id&and(${mine},in(id,(%22AUSR-2750-9914-0301%22,%22AUSR-2750-9914-0302%22)))` +
          '&order=id&limit=2&offset=0',
      ),
    ],
    [
      'for staff by state',
      (provider) =>
        provider.staffPage(reading(ids), page, { ...everyone, status: ['INVITED', 'INVITE_EXPIRED'] }),
      get(
        '/account-users',
        'select=-*,id,account.id,user.status,invitation.status&' +
          `and(${mine},in(invitation.status,(%22Invited%22,%22InvitationExpired%22)))&order=id&limit=5&offset=0`,
      ),
    ],
    [
      'for staff by address',
      (provider) =>
        provider.staffPage(reading(ids), page, { ...everyone, emails: ['Nora.Vale@contoso.example'] }),
      get(
        '/account-users',
        `select=-*,id,account.id,user.email&and(${mine},ilike(user.email,%22Nora.Vale%40contoso.example%22))` +
          '&order=id&limit=100&offset=0',
      ),
    ],
    [
      'for staff by part of name or address',
      (provider) => provider.staffPage(reading(ids), page, { ...everyone, search: 'nora' }),
      get(
        '/account-users',
        'select=-*,id,account.id,user.name,user.email&' +
          `and(${mine},or(ilike(user.name,%22*nora*%22),ilike(user.email,%22*nora*%22)))&order=id&limit=100&offset=0`,
      ),
    ],
    [
      'for invites, which are memberships that are not active',
      (provider) =>
        provider.invitePage(reading(ids), page, {
          status: ['PENDING', 'EXPIRED', 'DECLINED', 'REVOKED', 'UNKNOWN'],
          emails: null,
          expiresBefore: null,
        }),
      get(
        '/account-users',
        `select=-*,id,account.id,invitation.status&and(${mine},ne(invitation.status,%22Active%22))` +
          '&order=id&limit=5&offset=0',
      ),
    ],
    [
      'for the account',
      (provider) => provider.profile(reading(fieldsOf({ account: ['name', 'status'] }))),
      get('/accounts/ACC-4821-7730', 'select=-*,id,name,status'),
    ],
    [
      'for an account with its address',
      (provider) => provider.profile(reading(fieldsOf({ account: ['name', 'status', 'url'] }))),
      get('/accounts/ACC-4821-7730', 'select=-*,id,name,status,website'),
    ],
    [
      'for the groups',
      (provider) => provider.roles(reading()),
      get('/user-groups', 'select=-*,id,name&order=id&limit=100&offset=0'),
    ],
  ];

  it.each(reads)('are made %s', async (_what, ask, expected) => {
    const { provider, vendor } = vendors.connect('contoso');
    await ask(provider);
    expect(vendor.requests.map(sent)).toEqual([expected]);
    expect(vendor.requests).toMatchObject([{ status: 200 }]);
  });

  it.each([
    ['PENDING' as const, 'resend' as const, 'resend-invite'],
    ['EXPIRED' as const, 'sendNew' as const, 'send-new-invite'],
  ])('for an invite that is %s: %s', async (status, verb, endpoint) => {
    const asked = await invite(status);
    const { provider, vendor } = vendors.connect('contoso');
    expect(await provider[verb](asked, plainly)).toMatchObject({
      kind: 'ok',
      value: { id: asked.id, status: 'PENDING' },
    });
    expect(vendor.requests.map(sent)).toEqual([
      bare('POST', `/account-users/${localIdOf(asked.id)}/${endpoint}`),
    ]);
  });

  it('remove a membership to revoke its invite', async () => {
    const asked = await invite('PENDING');
    const { provider, vendor } = vendors.connect('contoso');
    expect(await provider.revoke(asked, plainly)).toMatchObject({ kind: 'ok', value: { status: 'REVOKED' } });
    expect(vendor.requests.map(sent)).toEqual([bare('DELETE', `/account-users/${localIdOf(asked.id)}`)]);
    expect(vendor.requests).toMatchObject([{ status: 204 }]);
  });

  it('invite a person', async () => {
    const { provider, vendor } = vendors.connect('contoso');
    const invitee = {
      email: 'New.Hire@contoso.example',
      firstName: 'New',
      lastName: 'Hire',
      roleIds: ['UGR-6104-2290'],
    };
    expect(await provider.create(invitee, plainly)).toMatchObject({
      kind: 'ok',
      value: { status: 'PENDING', email: 'New.Hire@contoso.example', expiresAtSource: 'DERIVED' },
    });
    expect(vendor.requests.map(sent)).toEqual([
      {
        ...bare('POST', '/account-users'),
        headers: { ...BODY_HEADERS, authorization },
        body: {
          user: { email: 'New.Hire@contoso.example', firstName: 'New', lastName: 'Hire' },
          account: { id: 'ACC-4821-7730' },
          groups: [{ id: 'UGR-6104-2290' }],
          invitation: { status: 'Invited' },
        },
      },
    ]);
  });

  it('read a link with a call of its own', async () => {
    const asked = await invite('PENDING');
    const { provider, vendor } = vendors.connect('contoso');
    const revealed = await provider.reveal(reading(), localIdOf(asked.id));
    expect(revealed?.link).toMatch(/^https:\/\/portal\.softwareone\.example\/accept-invite\?code=./);
    expect(vendor.requests.map(sent)).toEqual([
      get(`/account-users/${localIdOf(asked.id)}`, 'select=-*,id,account.id,invitation,audit'),
    ]);
  });

  it('read 120 memberships of one operation in batches of fifty', async () => {
    const { provider, vendor } = vendors.connect('contoso');
    const many = Array.from(
      { length: 120 },
      (_, index) => `AUSR-0000-0000-${String(index).padStart(4, '0')}`,
    );
    expect(await provider.staffByIds(reading(ids), many)).toEqual([]);
    expect(vendor.requests.map(({ query }) => /limit=(\d+)/.exec(query)?.[1]).sort()).toEqual([
      '20',
      '50',
      '50',
    ]);
    expect(Math.max(...vendor.requests.map(({ query }) => query.length))).toBeLessThan(4000);
  });
});

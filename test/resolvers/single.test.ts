import { emailLocalId } from '../../src/email';
import { at } from '../support/at';
import { closeAll } from '../support/close-all';
import { type Rollcall, startRollcall, UNCACHED } from '../support/start';

let rollcall: Rollcall;
beforeAll(async () => {
  rollcall = await startRollcall({ limits: UNCACHED });
});
afterEach(() => {
  rollcall.emulators.reset();
});
afterAll(() => closeAll(rollcall));

const PERSON = `id externalId name email avatarUrl status vendorStatus roles { id name } fullAccess joinedAt
  lastLoginAt account { id }`;
const INVITE = `id externalId email status vendorStatus roles { id name } createdAt expiresAt expiresAtSource acceptedAt
  account { id }`;
const lena = emailLocalId('lena@harbor-tea.example');

/** The id under which the demo's API remembers the Wix invite to an address. */
const wixInvite = (email: string): string => {
  const found = rollcall.emulators.remembered.wix.find(({ invite }) => invite.email === email);
  if (!found) throw new Error(`no invite to ${email}`);
  return found.invite.id;
};

describe('staffMember query', () => {
  const staff = async (id: string) =>
    rollcall.query(
      `query ($id: ID!) { staffMember(id: $id) { ${PERSON} invite { ${INVITE} staffMember { id } } } }`,
      { id },
    );

  it('returns an Ecwid member', async () => {
    const { data, errors } = await staff('harbor-tea:p90112233');
    expect(errors).toEqual([]);
    const roles = [
      { id: 'SALES_MANAGEMENT', name: 'Sales' },
      { id: 'REPORT_ACCESS', name: 'Reports and analytics' },
    ];
    expect(data?.staffMember).toEqual({
      id: 'harbor-tea:p90112233',
      externalId: 'p90112233',
      name: 'Ines Varga',
      email: 'ines@harbor-tea.example',
      avatarUrl: null,
      status: 'ACTIVE',
      vendorStatus: null,
      roles,
      fullAccess: false,
      joinedAt: null,
      lastLoginAt: null,
      account: { id: 'harbor-tea' },
      invite: {
        id: `harbor-tea:${emailLocalId('ines@harbor-tea.example')}`,
        externalId: null,
        email: 'ines@harbor-tea.example',
        status: 'ACCEPTED',
        vendorStatus: null,
        roles,
        createdAt: null,
        expiresAt: null,
        expiresAtSource: null,
        acceptedAt: null,
        account: { id: 'harbor-tea' },
        staffMember: { id: 'harbor-tea:p90112233' },
      },
    });
  });

  it('returns a pending Ecwid member with an id derived from the email address', async () => {
    const { data } = await staff(`harbor-tea:${lena}`);
    expect(data?.staffMember).toMatchObject({
      id: `harbor-tea:${lena}`,
      externalId: null,
      name: null,
      email: 'lena@harbor-tea.example',
      status: 'INVITED',
      invite: { id: `harbor-tea:${lena}`, status: 'PENDING', staffMember: { id: `harbor-tea:${lena}` } },
    });
  });

  it('returns a SoftwareOne member', async () => {
    const { data, errors } = await staff('contoso:AUSR-2750-9914-0363');
    expect(errors).toEqual([]);
    const roles = [{ id: 'UGR-6104-2290', name: 'Purchasing' }];
    expect(data?.staffMember).toEqual({
      id: 'contoso:AUSR-2750-9914-0363',
      externalId: 'AUSR-2750-9914-0363',
      name: 'Pablo Quiroga',
      email: 'pablo.quiroga@contoso.example',
      avatarUrl: null,
      status: 'INVITED',
      vendorStatus: 'Invited',
      roles,
      fullAccess: null,
      joinedAt: null,
      lastLoginAt: null,
      account: { id: 'contoso' },
      invite: {
        id: 'contoso:AUSR-2750-9914-0363',
        externalId: 'AUSR-2750-9914-0363',
        email: 'pablo.quiroga@contoso.example',
        status: 'PENDING',
        vendorStatus: 'Invited',
        roles,
        createdAt: '2026-03-08T08:11:00.000Z',
        expiresAt: '2026-03-15T08:11:00.000Z',
        expiresAtSource: 'DERIVED',
        acceptedAt: null,
        account: { id: 'contoso' },
        staffMember: { id: 'contoso:AUSR-2750-9914-0363' },
      },
    });
  });

  it.each([
    ['contoso:AUSR-2750-9914-0301', 'ACTIVE'],
    ['contoso:AUSR-2750-9914-0304', 'SUSPENDED'],
    ['contoso:AUSR-2750-9914-0366', 'INVITE_EXPIRED'],
  ])('maps the SoftwareOne state: %s is %s', async (id, status) => {
    expect((await staff(id)).data?.staffMember).toMatchObject({ id, status });
  });

  it('returns a Wix member with the email address of the accepted invite', async () => {
    const all = await rollcall.query(
      '{ account(id: "harbour-cafe") { staffMembers(filter: { email: "nora.lind@harbor-tea.example" }) { nodes { id } } } }',
    );
    const id = String(at(all.data, 'account.staffMembers.nodes.0.id'));
    const { data, errors } = await staff(id);
    expect(errors).toEqual([]);
    expect(data?.staffMember).toMatchObject({
      id,
      externalId: id.slice('harbour-cafe:'.length),
      name: null,
      email: 'nora.lind@harbor-tea.example',
      status: 'ACTIVE',
      roles: [],
      account: { id: 'harbour-cafe' },
      invite: {
        id: `harbour-cafe:${wixInvite('nora.lind@harbor-tea.example')}`,
        status: 'ACCEPTED',
        vendorStatus: 'Used',
        roles: [{ id: '6600344420111308827', name: 'Website Manager' }],
        staffMember: { id },
      },
    });
  });
});

describe('invite query', () => {
  const invite = async (id: string) =>
    rollcall.query(`query ($id: ID!) { invite(id: $id) { ${INVITE} staffMember { id status } } }`, { id });

  it('returns the pending row of Ecwid', async () => {
    const { data, errors } = await invite(`harbor-tea:${lena}`);
    expect(errors).toEqual([]);
    expect(data?.invite).toMatchObject({
      id: `harbor-tea:${lena}`,
      email: 'lena@harbor-tea.example',
      status: 'PENDING',
      roles: [{ id: 'CATALOG_MANAGEMENT', name: 'Catalog' }],
      staffMember: { id: `harbor-tea:${lena}`, status: 'INVITED' },
    });
  });

  it('remembers an Ecwid invite that was revoked through this API', async () => {
    const { data } = await invite(`harbor-tea:${emailLocalId('season.2025@harbor-tea.example')}`);
    expect(data?.invite).toMatchObject({
      status: 'REVOKED',
      email: 'season.2025@harbor-tea.example',
      staffMember: null,
    });
  });

  it('returns the expiry of an expired SoftwareOne invite', async () => {
    const { data } = await invite('contoso:AUSR-2750-9914-0366');
    expect(data?.invite).toMatchObject({
      status: 'EXPIRED',
      vendorStatus: 'InvitationExpired',
      expiresAt: '2026-03-06T08:11:00.000Z',
      expiresAtSource: 'DERIVED',
    });
  });

  it('returns a remembered Wix invite, with a vendor call for role names at most', async () => {
    const id = `harbour-cafe:${wixInvite('freya@harbour-cafe.example')}`;
    const { data, errors } = await invite(id);
    expect(errors).toEqual([]);
    expect(data?.invite).toMatchObject({
      id,
      email: 'freya@harbour-cafe.example',
      status: 'PENDING',
      vendorStatus: 'Pending',
      roles: [{ id: '7046409866117400001', name: 'Front desk' }],
      createdAt: '2026-03-08T10:30:00.000Z',
      expiresAt: '2026-04-07T10:30:00.000Z',
      expiresAtSource: 'VENDOR',
      staffMember: null,
    });
    expect(rollcall.vendorRequests().map(({ path }) => path)).toEqual(['/roles-management/roles']);
  });

  it('returns a Wix invite that is not remembered as UNKNOWN', async () => {
    const id = 'harbour-cafe:00000000-0000-4000-8000-000000000000';
    expect((await invite(id)).data?.invite).toMatchObject({ id, status: 'UNKNOWN', email: null, roles: [] });
  });

  it('expires a Wix invite by its own date', async () => {
    const id = `harbour-cafe:${wixInvite('freya@harbour-cafe.example')}`;
    rollcall.emulators.clock.set('2026-04-07T10:30:00Z');
    expect((await invite(id)).data?.invite).toMatchObject({ status: 'EXPIRED', vendorStatus: 'Pending' });
  });
});

describe('inviteByExternalId query', () => {
  const find = async (accountId: string, externalId: string) =>
    rollcall.query(
      'query ($accountId: ID!, $externalId: String!) { inviteByExternalId(accountId: $accountId, externalId: $externalId) { id status } }',
      { accountId, externalId },
    );

  it('finds a SoftwareOne membership', async () => {
    const { data } = await find('contoso', 'AUSR-2750-9914-0362');
    expect(data).toEqual({ inviteByExternalId: { id: 'contoso:AUSR-2750-9914-0362', status: 'PENDING' } });
  });

  it('finds a Wix invite in any spelling of its GUID, including one that was sent elsewhere', async () => {
    const known = wixInvite('freya@harbour-cafe.example');
    expect((await find('harbour-cafe', known.toUpperCase())).data).toEqual({
      inviteByExternalId: { id: `harbour-cafe:${known}`, status: 'PENDING' },
    });
    expect(
      (await find('harbour-cafe', '11111111-1111-4111-8111-111111111111')).data?.inviteByExternalId?.status,
    ).toBe('UNKNOWN');
  });

  it.each([
    ['harbor-tea', 'p90112233'],
    ['contoso', 'AUSR-0000-0000-0000'],
    ['contoso', 'USR-8046-3317'],
    ['contoso', '../accounts'],
    ['harbour-cafe', 'nonsense'],
    ['nowhere', 'AUSR-2750-9914-0362'],
    ['CONTOSO', 'AUSR-2750-9914-0362'],
    ['', ''],
  ])('returns null for %s and %s, without an error', async (accountId, externalId) => {
    const { data, errors } = await find(accountId, externalId);
    expect([data, errors]).toEqual([{ inviteByExternalId: null }, []]);
  });
});

import { emailLocalId } from '../../src/email';
import type { BodyChange, VendorName } from '../../src/emulators/start';
import { wixAccountOf } from '../../src/emulators/wix/store';
import type { Rollcall } from '../support/start';
import { FAILING_ACCOUNTS, useVendorFixture } from '../support/vendor-fixture';

const stage = useVendorFixture();

/** What a row is expected to differ in; its invite's differences stand under `invite`. Null: the row is gone. */
type Difference = (Readonly<Record<string, unknown>> & { readonly invite?: object | null }) | null;
type Row = Readonly<Record<string, unknown>> & { readonly invite: object | null };

const STAFF = `query ($accounts: [ID!]) {
  staffMembers(first: 100, filter: { accountIds: $accounts }) {
    nodes {
      id externalId name email avatarUrl status vendorStatus fullAccess joinedAt lastLoginAt roles { id name }
      invite { id email status vendorStatus createdAt expiresAt expiresAtSource acceptedAt roles { id name } }
    }
    totalCount sources { state code }
  }
}`;

async function read(rollcall: Rollcall, account: string) {
  const { data, errors } = await rollcall.query(STAFF, { accounts: [account] });
  const { nodes = [], totalCount, sources } = data?.staffMembers ?? {};
  return { rows: nodes as unknown as readonly Row[], totalCount, sources, errors };
}

/** The rows after a field of one of them was lost. */
const expectedRows = (rows: readonly Row[], externalId: string, difference: Difference): Row[] =>
  rows.flatMap((row) => {
    if (row['externalId'] !== externalId) return [row];
    if (difference === null) return [];
    const { invite = {} } = difference;
    return [{ ...row, ...difference, invite: row.invite && invite && { ...row.invite, ...invite } }];
  });

const byId = (rows: readonly Row[]): readonly Row[] =>
  [...rows].sort((one, other) => (String(one['id']) < String(other['id']) ? -1 : 1));

const CHANGES: readonly Pick<BodyChange, 'change'>[] = [
  { change: 'remove' },
  { change: 'null' },
  { change: 'retype' },
];

/** A row by its place in the vendor's answer and by its id. */
interface Place {
  readonly who: string;
  readonly path: string;
  readonly id: string;
}
const ines = { who: 'a member', path: 'staffList.1', id: 'p90112233' };
const kofi = { who: 'a member', path: 'contributors.0', id: wixAccountOf('kofi@harbour-cafe.example') };
const joined = { who: 'a member', path: 'data.0', id: 'AUSR-2750-9914-0301' };
const blocked = { who: 'a blocked member', path: 'data.3', id: 'AUSR-2750-9914-0304' };
const pending = { who: 'an invited one', path: 'data.9', id: 'AUSR-2750-9914-0363' };

const nothing = {};
const nobody = { email: null, invite: { email: null } };
const noRoles = { roles: [], invite: { roles: [] } };
const noWord = { status: 'UNKNOWN', vendorStatus: null };
const noExpiry = { expiresAt: null, expiresAtSource: null };
const noState = { ...noWord, invite: { ...noWord, ...noExpiry } };

/** Whose row, which field of it, and what its loss costs. */
const FIELDS: readonly (readonly [VendorName, field: string, Place, Difference])[] = [
  ['ecwid', 'id', ines, { id: `harbor-tea:${emailLocalId('ines@harbor-tea.example')}`, externalId: null }],
  ['ecwid', 'name', ines, { name: null }],
  ['ecwid', 'email', ines, { email: null, invite: null }],
  ['ecwid', 'staffScopes', ines, { ...noRoles, fullAccess: null }],
  ['ecwid', 'inviteAccepted', ines, { status: 'UNKNOWN', invite: { status: 'UNKNOWN' } }],

  ['softwareone', 'id', pending, null],
  // The question was for this account's rows, and a token sees no others.
  ['softwareone', 'account', pending, nothing],
  ['softwareone', 'account.id', pending, nothing],
  ['softwareone', 'user', pending, { ...nobody, name: null, avatarUrl: null }],
  ['softwareone', 'user.name', pending, { name: null }],
  ['softwareone', 'user.email', pending, nobody],
  ['softwareone', 'user.icon', pending, { avatarUrl: null }],
  ['softwareone', 'user.status', pending, nothing],
  ['softwareone', 'user.status', blocked, { status: 'ACTIVE' }],
  ['softwareone', 'invitation', pending, noState],
  ['softwareone', 'invitation.status', pending, noState],
  ['softwareone', 'groups', pending, noRoles],
  ['softwareone', 'groups.0', pending, noRoles],
  ['softwareone', 'groups.0.id', pending, noRoles],
  ['softwareone', 'lastLoginAt', joined, { lastLoginAt: null }],
  ['softwareone', 'audit', joined, { joinedAt: null, invite: { createdAt: null, acceptedAt: null } }],
  ['softwareone', 'audit', pending, { invite: { createdAt: null, ...noExpiry } }],
  ['softwareone', 'audit.created', joined, { invite: { createdAt: null } }],
  ['softwareone', 'audit.created.at', joined, { invite: { createdAt: null } }],
  ['softwareone', 'audit.updated', pending, nothing],
  ['softwareone', 'audit.joined', joined, { joinedAt: null }],
  ['softwareone', 'audit.joined.at', joined, { joinedAt: null }],
  ['softwareone', 'audit.invitationAcceptedAt', joined, { invite: { acceptedAt: null } }],

  ['wix', 'accountId', kofi, null],
];

describe('partial results: a row field that is missing, null or of another type', () => {
  const named = FIELDS.map(
    ([vendor, field, row, ...rest]) => [vendor, field, row.who, row, ...rest] as const,
  );

  it.each(named)('loses that field only: at %s: %s of %s', async (vendor, field, _who, row, difference) => {
    const rollcall = await stage.start({ limits: { cacheTtl: '0s' } });
    const account = FAILING_ACCOUNTS[vendor];
    const before = await read(rollcall, account);
    expect(before.rows.map(({ externalId }) => externalId)).toContain(row.id);
    for (const change of CHANGES) {
      const changes = [{ path: `${row.path}.${field}`, ...change }];
      stage.emulators[vendor].faults.add({ kind: 'patchBody', changes, times: 1 });
      const { rows, errors, sources } = await read(rollcall, account);
      expect({ ...change, rows: byId(rows), errors, sources }).toEqual({
        ...change,
        rows: byId(expectedRows(before.rows, row.id, difference)),
        errors: [],
        sources: [{ state: 'FRESH', code: null }],
      });
    }
  });

  it('loses that field only: at softwareone: the last invitation; the creation date remains', async () => {
    const rollcall = await stage.start({ limits: { cacheTtl: '0s' } });
    for (const { change } of CHANGES) {
      const changes = [{ path: `${pending.path}.audit.invited`, change }];
      stage.emulators.softwareone.faults.add({ kind: 'patchBody', changes, times: 1 });
      const { rows } = await read(rollcall, 'contoso');
      expect(rows.find(({ externalId }) => externalId === pending.id)?.invite).toMatchObject({
        createdAt: '2026-02-18T08:11:00.000Z',
        expiresAt: '2026-02-25T08:11:00.000Z',
      });
    }
  });
});

/** What stands in a field that is there, of its type, and yet cannot be used. */
const ODD: readonly (readonly [VendorName, field: string, value: unknown, Place, Difference])[] = [
  ['ecwid', 'id', '../profile', ines, FIELDS[0]?.[3] ?? null],
  ['ecwid', 'id', 'invite', ines, FIELDS[0]?.[3] ?? null],
  ['ecwid', 'name', '', ines, { name: null }],
  ['ecwid', 'email', '', ines, { email: null, invite: null }],
  ['ecwid', 'inviteAccepted', 'true', ines, { status: 'UNKNOWN', invite: { status: 'UNKNOWN' } }],
  ['ecwid', 'staffScopes', ['SALES_MANAGEMENT', 7], ines, onlyRole('SALES_MANAGEMENT', 'Sales')],
  // An empty list would mean every permission: one that cannot be read means nothing.
  ['ecwid', 'staffScopes', [7], ines, { ...noRoles, fullAccess: null }],
  ['ecwid', 'staffScopes', [null], ines, { ...noRoles, fullAccess: null }],
  ['softwareone', 'id', 'AUSR-1', pending, null],
  ['softwareone', 'id', '../accounts', pending, null],
  ['softwareone', 'account.id', 'ACC-5190-3364', pending, null],
  ['softwareone', 'user.icon', 'javascript:alert(1)', pending, { avatarUrl: null }],
  ['softwareone', 'user.icon', '/icon.png', pending, { avatarUrl: null }],
  ['softwareone', 'invitation.status', '', pending, noState],
  ['softwareone', 'invitation.status', 'Invited\u0000', pending, noState],
  ['softwareone', 'invitation.status', 'constructor', pending, wordOnly('constructor')],
  ['softwareone', 'lastLoginAt', 'yesterday', joined, { lastLoginAt: null }],
  ['softwareone', 'lastLoginAt', '2026-13-45T99:99:99Z', joined, { lastLoginAt: null }],
  ['wix', 'accountId', '../sites', kofi, null],
];

describe('partial results: a row field with an invalid value', () => {
  it.each(ODD)('loses that field only: at %s: %s = %j', async (vendor, field, value, row, difference) => {
    const rollcall = await stage.start({ limits: { cacheTtl: '0s' } });
    const account = FAILING_ACCOUNTS[vendor];
    const before = await read(rollcall, account);
    const changes = [{ path: `${row.path}.${field}`, change: 'set', value }] as const;
    stage.emulators[vendor].faults.add({ kind: 'patchBody', changes });
    const { rows, errors, sources } = await read(rollcall, account);
    expect({ rows: byId(rows), errors, sources }).toEqual({
      rows: byId(expectedRows(before.rows, row.id, difference)),
      errors: [],
      sources: [{ state: 'FRESH', code: null }],
    });
  });
});

function onlyRole(id: string, name: string): Difference {
  const roles = [{ id, name }];
  return { roles, invite: { roles } };
}

function wordOnly(vendorStatus: string): Difference {
  const word = { status: 'UNKNOWN', vendorStatus };
  return { ...word, invite: { ...word, ...noExpiry } };
}

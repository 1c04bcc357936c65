import { emailLocalId } from '../../../src/email';
import { toMembership, toRole, toWithdrawnInvite } from '../../../src/vendors/ecwid/mapper';
import { type EcwidStaff, readStaffList } from '../../../src/vendors/ecwid/wire';
import { searchStaff, searchSomeFields, staffList } from './samples';

const membership = (row: EcwidStaff | undefined) => {
  if (!row) throw new Error('no such row');
  return toMembership('tea', row);
};
const rowOf = (row: unknown): EcwidStaff | undefined => readStaffList({ staffList: [row] })?.[0];

describe('Ecwid mapper: a row of the staff list', () => {
  it('of the documentation becomes a person and an accepted invite', () => {
    const rows = readStaffList(searchStaff) ?? [];
    expect(rows).toHaveLength(2);
    const { staffMember, invite } = membership(rows[0]) ?? {};
    const roles = [
      { id: 'REPORT_ACCESS', name: 'Reports and analytics' },
      { id: 'SALES_MANAGEMENT', name: 'Sales' },
      { id: 'MARKETING_MANAGEMENT', name: 'Marketing' },
    ];
    expect({ ...staffMember, invite: null }).toEqual({
      id: 'tea:p27632593',
      accountId: 'tea',
      externalId: 'p27632593',
      name: 'John Doe',
      email: '[email protected]',
      avatarUrl: null,
      status: 'ACTIVE',
      vendorStatus: null,
      roles,
      fullAccess: false,
      joinedAt: null,
      lastLoginAt: null,
      invite: null,
    });
    expect({ ...invite, staffMember: null }).toEqual({
      id: `tea:${emailLocalId('[email protected]')}`,
      accountId: 'tea',
      externalId: null,
      email: '[email protected]',
      staffMember: null,
      staffMemberId: null,
      status: 'ACCEPTED',
      vendorStatus: null,
      roles,
      createdAt: null,
      expiresAt: null,
      expiresAtSource: null,
      acceptedAt: null,
      unreadable: null,
      grantsEverything: false,
      replacedBy: null,
    });
    expect(invite?.staffMember).toBe(staffMember);
    expect(staffMember?.invite).toBe(invite);
  });

  it('with a subset of the fields has only those', () => {
    const rows = readStaffList(searchSomeFields) ?? [];
    expect(rows.map((row) => membership(row)?.staffMember)).toMatchObject([
      { name: 'John Doe', externalId: null, roles: [], fullAccess: null, status: 'ACTIVE' },
      { name: 'API Team', externalId: null, roles: [], fullAccess: null, status: 'ACTIVE' },
    ]);
  });

  it('without permissions has all of them, and its invite would grant them again', () => {
    const [, omar] = readStaffList(staffList) ?? [];
    const { staffMember, invite } = membership(omar) ?? {};
    expect(staffMember).toMatchObject({ email: 'omar@harbor-tea.example', roles: [], fullAccess: true });
    expect(invite).toMatchObject({ roles: [], grantsEverything: true });
  });

  it('that is pending without an id has an id derived from the address, like its invite', () => {
    const row = rowOf({
      email: 'Lena@Harbor-Tea.example',
      staffScopes: ['CATALOG_MANAGEMENT'],
      inviteAccepted: false,
    });
    const { staffMember, invite } = membership(row) ?? {};
    expect(staffMember).toMatchObject({
      id: `tea:${emailLocalId('lena@harbor-tea.example')}`,
      externalId: null,
      email: 'Lena@Harbor-Tea.example',
      status: 'INVITED',
    });
    expect(invite).toMatchObject({
      id: staffMember?.id,
      email: 'Lena@Harbor-Tea.example',
      status: 'PENDING',
    });
  });

  const whole = {
    id: 'p1',
    name: 'Ada',
    email: 'ada@example.com',
    staffScopes: ['SALES_MANAGEMENT'],
    inviteAccepted: true,
  };
  const nothing = {
    id: { id: `tea:${emailLocalId('ada@example.com')}`, externalId: null },
    name: { name: null },
    email: { email: null, invite: null },
    staffScopes: { roles: [], fullAccess: null },
    inviteAccepted: { status: 'UNKNOWN' },
  };
  const wrong = { id: 7, name: ['Ada'], email: {}, staffScopes: 'SALES_MANAGEMENT', inviteAccepted: 'true' };
  const cases = (Object.keys(whole) as (keyof typeof whole)[]).flatMap((field) => {
    const { [field]: _left, ...others } = whole;
    return [
      [field, 'missing', others, nothing[field]],
      [field, 'null', { ...whole, [field]: null }, nothing[field]],
      [field, 'of the wrong type', { ...whole, [field]: wrong[field] }, nothing[field]],
    ] as const;
  });
  it.each(cases)('whose %s is %s loses that field only', (_field, _how, row, lost) => {
    const complete = membership(rowOf(whole))?.staffMember;
    const member = membership(rowOf(row))?.staffMember;
    const { invite: _one, ...expected } = { ...complete, ...lost };
    const { invite: _other, ...found } = member ?? {};
    expect(found).toEqual(expected);
  });

  it.each(['invite', 'i-tfyF5VdV-eDQMKEKtEKbay', 'a b', '../profile', 'p1?x', 'p'.repeat(65), 'ä'])(
    'with the id %s has an id derived from its address instead',
    (id) => {
      expect(membership(rowOf({ ...whole, id }))?.staffMember).toMatchObject(nothing.id);
    },
  );

  it('without id and address is dropped', () => {
    expect(membership(rowOf({ name: 'Ada', inviteAccepted: true }))).toBeNull();
    for (const row of [null, 7, 'row', [], {}]) expect(membership(rowOf(row))).toBeNull();
  });

  it('keeps an unknown permission by its id', () => {
    expect(toRole('TELEPATHY')).toEqual({ id: 'TELEPATHY', name: null });
    expect(toRole('constructor')).toEqual({ id: 'constructor', name: null });
    expect(toRole('__proto__')).toEqual({ id: '__proto__', name: null });
  });
});

it('Ecwid mapper: a revoked invite keeps its permissions and has the status REVOKED', () => {
  const remembered = {
    localId: 'i-x',
    email: 'a@b.example',
    status: 'REVOKED' as const,
    vendorStatus: null,
    roleIds: ['REPORT_ACCESS'],
    createdAt: null,
    expiresAt: null,
    acceptedBy: null,
    replacedBy: null,
  };
  expect(toWithdrawnInvite('tea', remembered)).toMatchObject({
    id: 'tea:i-x',
    status: 'REVOKED',
    roles: [{ id: 'REPORT_ACCESS', name: 'Reports and analytics' }],
    staffMember: null,
    grantsEverything: false,
  });
});

import type { InviteStatus } from '../../../src/model';
import type { RememberedInvite } from '../../../src/vendors/provider';
import { answered, toInvite, toStatus, toUnreadableInvite } from '../../../src/vendors/wix/mapper';
import { readInviteAnswer } from '../../../src/vendors/wix/wire';
import { resent } from './samples';

const ID = '0f5e3a1c-7c52-4c0e-9a66-3d1f2b7f0001';
const NOW = Date.parse('2026-03-10T00:00:00Z');
const unknown = toUnreadableInvite('cafe', ID);
const answer = (invite: object) => {
  const read = readInviteAnswer({ invite });
  if (!read) throw new Error('no answer');
  return read;
};

describe('Wix mapper: an invite in a response', () => {
  it('of the documentation is mapped field by field, without its link', () => {
    const invite = answered(unknown, answer(resent.invite));
    expect(invite).toEqual({
      id: `cafe:${ID}`,
      accountId: 'cafe',
      externalId: ID,
      email: 'nora.lind@example.test',
      staffMember: null,
      staffMemberId: null,
      status: 'PENDING',
      vendorStatus: 'Pending',
      roles: [{ id: '6600344420111308827', name: null }],
      createdAt: '2026-03-01T09:30:00.000Z',
      expiresAt: '2026-04-01T09:30:00.000Z',
      expiresAtSource: 'VENDOR',
      acceptedAt: null,
      unreadable: null,
      grantsEverything: false,
      replacedBy: null,
    });
    expect(JSON.stringify([invite, answer(resent.invite)])).not.toContain('accept.example.test');
  });

  it.each<[string, InviteStatus]>([
    ['Pending', 'PENDING'],
    ['Used', 'ACCEPTED'],
    ['Deleted', 'REVOKED'],
    ['Declined', 'DECLINED'],
    ['Expired', 'EXPIRED'],
    ['PENDING', 'UNKNOWN'],
    ['Quarantined', 'UNKNOWN'],
    ['constructor', 'UNKNOWN'],
    ['__proto__', 'UNKNOWN'],
  ])('that is %s is %s', (status, expected) => {
    expect(toStatus(status)).toBe(expected);
    expect(answered(unknown, answer({ ...resent.invite, status }))).toMatchObject({
      status: expected,
      vendorStatus: status,
    });
  });

  it('keeps known values where the response has none', () => {
    const before = answered(unknown, answer(resent.invite));
    const { invite } = resent;
    for (const field of ['email', 'policyIds', 'status', 'dateCreated', 'expirationDate'] as const)
      for (const value of [undefined, null, 7, {}])
        expect(answered(before, answer({ ...invite, [field]: value }))).toEqual(before);
    expect(answered(before, answer({ id: ID }))).toEqual(before);
  });

  it('keeps the known names of its roles', () => {
    const before = {
      ...answered(unknown, answer(resent.invite)),
      roles: [{ id: '6600344420111308827', name: 'Manager' }],
    };
    const after = answered(before, answer({ ...resent.invite, policyIds: ['1', '6600344420111308827'] }));
    expect(after.roles).toEqual([
      { id: '1', name: null },
      { id: '6600344420111308827', name: 'Manager' },
    ]);
  });

  it('links to the person who accepted it, with ids in lower case', () => {
    const accepted = answer({
      ...resent.invite,
      id: ID.toUpperCase(),
      status: 'Used',
      acceptedByAccountId: 'B7C4F2D0-6A91-4D6E-8F32-1C5E7A90D001',
    });
    expect(answered(unknown, accepted)).toMatchObject({
      id: `cafe:${ID}`,
      staffMemberId: 'cafe:b7c4f2d0-6a91-4d6e-8f32-1c5e7a90d001',
    });
  });

  it('without a valid id links to nothing', () => {
    expect(answered(unknown, answer({ id: '../x', acceptedByAccountId: 'nobody' }))).toMatchObject({
      id: `cafe:${ID}`,
      staffMemberId: null,
    });
  });
});

describe('Wix mapper: a remembered invite', () => {
  const remembered: RememberedInvite = {
    localId: ID,
    email: 'nora.lind@example.test',
    status: 'PENDING',
    vendorStatus: 'Pending',
    roleIds: ['6600344420111308827', '1'],
    createdAt: NOW - 1000,
    expiresAt: NOW + 1,
    acceptedBy: null,
    replacedBy: null,
  };

  it('has its last known state, with the current names of its roles', () => {
    const names = new Map([['6600344420111308827', 'Manager']]);
    expect(toInvite('cafe', remembered, names, NOW)).toMatchObject({
      id: `cafe:${ID}`,
      externalId: ID,
      status: 'PENDING',
      vendorStatus: 'Pending',
      roles: [
        { id: '6600344420111308827', name: 'Manager' },
        { id: '1', name: null },
      ],
      createdAt: '2026-03-09T23:59:59.000Z',
      expiresAt: '2026-03-10T00:00:00.001Z',
      expiresAtSource: 'VENDOR',
      unreadable: null,
    });
  });

  it.each<[InviteStatus, number | null, InviteStatus]>([
    ['PENDING', 1, 'PENDING'],
    ['PENDING', 0, 'EXPIRED'],
    ['PENDING', -1, 'EXPIRED'],
    ['PENDING', null, 'PENDING'],
    ['ACCEPTED', -1, 'ACCEPTED'],
    ['REVOKED', -1, 'REVOKED'],
    ['DECLINED', -1, 'DECLINED'],
    ['UNKNOWN', -1, 'UNKNOWN'],
  ])('that was %s and expires in %s ms is %s', (status, left, expected) => {
    const expiresAt = left === null ? null : NOW + left;
    expect(toInvite('cafe', { ...remembered, status, expiresAt }, new Map(), NOW).status).toBe(expected);
  });

  it('without roles cannot be sent anew', () => {
    expect(toInvite('cafe', { ...remembered, roleIds: [] }, new Map(), NOW).unreadable).toBe('ROLES');
  });

  it('that is not remembered has an id only', () => {
    expect(unknown).toMatchObject({
      id: `cafe:${ID}`,
      externalId: ID,
      status: 'UNKNOWN',
      email: null,
      unreadable: 'STATE',
    });
  });
});

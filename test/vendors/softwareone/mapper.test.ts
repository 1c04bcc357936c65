import { toInviteStatus, toMembership } from '../../../src/vendors/softwareone/mapper';
import { readInvitation, readMembership } from '../../../src/vendors/softwareone/wire';
import { active, pending, sendNewInvite } from './samples';

const contoso = { id: 'contoso', externalId: 'ACC-4821-7730' };
const membership = (body: unknown, lastSend?: number) => {
  const row = readMembership(body);
  return row && toMembership(contoso, row, lastSend);
};
const DAY = 24 * 3600 * 1000;

describe('SoftwareOne mapper: an AccountUser', () => {
  it('of the documentation is mapped field by field, without its link', () => {
    const at = '2025-06-22T14:36:56.059Z';
    const read = readMembership(sendNewInvite);
    expect(read).toEqual({
      id: 'text',
      accountId: 'text',
      userName: 'text',
      userEmail: null,
      userIcon: null,
      userStatus: null,
      invitationStatus: 'text',
      groups: [{ id: 'text', name: 'text' }],
      lastLoginAt: at,
      created: at,
      invited: null,
      joined: at,
      accepted: at,
    });
  });

  it('that is pending becomes a person and an invite that expires seven days after its creation', () => {
    const { staffMember, invite } =
      membership({ ...pending, user: { ...pending.user, email: 'Nora.Vale@contoso.example' } }) ?? {};
    const roles = [{ id: 'UGR-6104-2288', name: 'Administrators' }];
    expect({ ...staffMember, invite: null }).toEqual({
      id: 'contoso:AUSR-2750-9914-0362',
      accountId: 'contoso',
      externalId: 'AUSR-2750-9914-0362',
      name: 'Nora Vale',
      email: 'Nora.Vale@contoso.example',
      avatarUrl: null,
      status: 'INVITED',
      vendorStatus: 'Invited',
      roles,
      fullAccess: null,
      joinedAt: null,
      lastLoginAt: null,
      invite: null,
    });
    expect({ ...invite, staffMember: null }).toEqual({
      id: 'contoso:AUSR-2750-9914-0362',
      accountId: 'contoso',
      externalId: 'AUSR-2750-9914-0362',
      email: 'Nora.Vale@contoso.example',
      staffMember: null,
      staffMemberId: 'contoso:AUSR-2750-9914-0362',
      status: 'PENDING',
      vendorStatus: 'Invited',
      roles,
      createdAt: '2026-03-02T08:11:40.219Z',
      expiresAt: '2026-03-09T08:11:40.219Z',
      expiresAtSource: 'DERIVED',
      acceptedAt: null,
      sentAt: null,
      unreadable: null,
      grantsEverything: false,
      replacedBy: null,
    });
    expect(invite?.staffMember).toBe(staffMember);
    expect(staffMember?.invite).toBe(invite);
  });

  it('that is active has joined, and its invite is accepted and has no expiry', () => {
    const { staffMember, invite } = membership(active) ?? {};
    expect(staffMember).toMatchObject({
      status: 'ACTIVE',
      vendorStatus: 'Active',
      joinedAt: '2026-03-04T09:15:22.104Z',
      lastLoginAt: '2026-03-09T10:00:00.000Z',
    });
    expect(invite).toMatchObject({
      status: 'ACCEPTED',
      acceptedAt: '2026-03-04T09:15:22.104Z',
      expiresAt: null,
      expiresAtSource: null,
    });
  });

  it('never exposes its link, except to a request for the link itself (secret leak)', () => {
    const { staffMember, invite } = membership(pending) ?? {};
    const shown = JSON.stringify([
      { ...staffMember, invite: null },
      { ...invite, staffMember: null },
    ]);
    expect(shown).not.toContain('0F3A');
    expect(readInvitation(pending)?.link).toBe('https://portal.example/accept-invite?code=0F3A');
    expect(readInvitation({ ...pending, invitation: { status: 'Invited', url: null } })?.link).toBeNull();
    expect(readInvitation({ ...pending, invitation: { url: 'javascript:alert(1)' } })?.link).toBeNull();
  });

  it.each([
    ['Invited', 'PENDING', 'INVITED'],
    ['InvitationExpired', 'EXPIRED', 'INVITE_EXPIRED'],
    ['Invitation Expired', 'EXPIRED', 'INVITE_EXPIRED'],
    ['Active', 'ACCEPTED', 'ACTIVE'],
    ['Quarantined', 'UNKNOWN', 'UNKNOWN'],
    ['invited', 'UNKNOWN', 'UNKNOWN'],
    ['constructor', 'UNKNOWN', 'UNKNOWN'],
    [null, 'UNKNOWN', 'UNKNOWN'],
    [7, 'UNKNOWN', 'UNKNOWN'],
  ])('with the state %j is %s, and the person %s', (status, ofInvite, ofPerson) => {
    const { staffMember, invite } = membership({ ...pending, invitation: { status } }) ?? {};
    expect([invite?.status, staffMember?.status]).toEqual([ofInvite, ofPerson]);
    expect(toInviteStatus(typeof status === 'string' ? status : null)).toBe(ofInvite);
  });

  it.each([
    ['Active', 'Blocked', 'SUSPENDED'],
    ['Active', 'Active', 'ACTIVE'],
    ['Active', 'New word', 'ACTIVE'],
    ['Invited', 'Blocked', 'INVITED'],
  ])('with the state %s of a user that is %s is %s', (status, userStatus, expected) => {
    const body = { ...pending, invitation: { status }, user: { ...pending.user, status: userStatus } };
    expect(membership(body)?.staffMember.status).toBe(expected);
  });

  it.each([
    ['made', { created: { at: '2026-03-01T00:00:00Z' } }, undefined, '2026-03-08T00:00:00.000Z'],
    [
      'invited, which counts for more than made',
      { created: { at: '2026-03-01T00:00:00Z' }, invited: { at: '2026-03-05T00:00:00Z' } },
      undefined,
      '2026-03-12T00:00:00.000Z',
    ],
    [
      'sent again from here',
      { created: { at: '2026-03-01T00:00:00Z' }, invited: { at: '2026-03-05T00:00:00Z' } },
      Date.parse('2026-03-06T00:00:00Z'),
      '2026-03-13T00:00:00.000Z',
    ],
    [
      'sent from here before it was invited again elsewhere',
      { invited: { at: '2026-03-05T00:00:00Z' } },
      Date.parse('2026-03-02T00:00:00Z'),
      '2026-03-12T00:00:00.000Z',
    ],
    [
      'updated, which says nothing of an invitation',
      { created: { at: '2026-03-01T00:00:00Z' }, updated: { at: '2026-03-09T00:00:00Z' } },
      undefined,
      '2026-03-08T00:00:00.000Z',
    ],
    ['never, as far as it tells', { updated: { at: '2026-03-09T00:00:00Z' } }, undefined, null],
    ['at no instant', { created: { at: 'yesterday' } }, undefined, null],
  ])('expires seven days after it was %s', (_what, audit, lastSend, expiresAt) => {
    for (const status of ['Invited', 'InvitationExpired']) {
      const invite = membership({ ...pending, invitation: { status }, audit }, lastSend)?.invite;
      expect(invite?.expiresAt).toBe(expiresAt);
      expect(invite?.expiresAtSource).toBe(expiresAt === null ? null : 'DERIVED');
    }
    expect(DAY * 7).toBe(Date.parse('2026-03-08') - Date.parse('2026-03-01'));
  });

  it.each([
    ['without an id', { ...pending, id: undefined }],
    ['with another kind of id', { ...pending, id: 'USR-8046-3317' }],
    ['with a way out in its id', { ...pending, id: 'AUSR-2750-9914-0362/../x' }],
    ['of another account', { ...pending, account: { id: 'ACC-5190-3364' } }],
  ])('is dropped: %s', (_what, body) => {
    expect(membership(body)).toBeNull();
  });

  const fields = ['user', 'groups', 'invitation', 'audit', 'lastLoginAt', 'account'] as const;
  it.each(fields.flatMap((field) => [null, 7, 'x', [], {}].map((value) => [field, value] as const)))(
    'whose %s is %j is still a person',
    (field, value) => {
      const member = membership({ ...active, [field]: value })?.staffMember;
      expect(member).toMatchObject({ id: 'contoso:AUSR-2750-9914-0362', externalId: 'AUSR-2750-9914-0362' });
    },
  );

  it('has a picture only if that can be fetched without a credential', () => {
    const icon = (text: string) => membership({ ...pending, user: { icon: text } })?.staffMember.avatarUrl;
    expect(icon('https://cdn.example/x.png')).toBe('https://cdn.example/x.png');
    expect(icon('/v1/accounts/users/USR-8046-3317/icon')).toBeNull();
    expect(icon('data:image/png;base64,AAAA')).toBeNull();
  });
});

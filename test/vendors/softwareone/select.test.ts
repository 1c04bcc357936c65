import fc from 'fast-check';
import { memberSelect } from '../../../src/vendors/softwareone/query';
import { fieldsOf } from '../../support/provider';

const none = { account: [], staffMember: [], invite: [], role: [], person: [] };
const STAFF_FIELDS = [
  ...['id', 'account', 'externalId', 'name', 'email', 'avatarUrl', 'status', 'vendorStatus'],
  ...['roles', 'fullAccess', 'invite', 'joinedAt', 'lastLoginAt'],
];
const INVITE_FIELDS = [
  ...['id', 'account', 'externalId', 'email', 'staffMember', 'status', 'vendorStatus', 'roles', 'createdAt'],
  ...['expiresAt', 'expiresAtSource', 'acceptedAt', 'actions', 'attempts'],
];

describe('SoftwareOne select parameter', () => {
  it.each([
    [{}, '-*,id,account.id'],
    [{ staffMember: ['id', 'account', 'externalId', 'fullAccess'] }, '-*,id,account.id'],
    [{ staffMember: ['name'] }, '-*,id,account.id,user.name'],
    [{ staffMember: ['email'] }, '-*,id,account.id,user.email'],
    [{ staffMember: ['avatarUrl'] }, '-*,id,account.id,user.icon'],
    [{ staffMember: ['status'] }, '-*,id,account.id,user.status,invitation.status'],
    [{ staffMember: ['vendorStatus'] }, '-*,id,account.id,invitation.status'],
    [{ staffMember: ['roles'] }, '-*,id,account.id,groups'],
    [{ staffMember: ['lastLoginAt'] }, '-*,id,account.id,lastLoginAt'],
    [{ staffMember: ['joinedAt'] }, '-*,id,account.id,audit'],
    [{ invite: ['status'] }, '-*,id,account.id,invitation.status'],
    [{ invite: ['email'] }, '-*,id,account.id,user.email,invitation.status'],
    [{ invite: ['roles'] }, '-*,id,account.id,invitation.status,groups'],
    [{ invite: ['expiresAt'] }, '-*,id,account.id,invitation.status,audit'],
    [{ invite: ['createdAt'] }, '-*,id,account.id,invitation.status,audit'],
    [{ invite: ['acceptedAt'] }, '-*,id,account.id,invitation.status,audit'],
    [{ account: ['name', 'url'], role: ['name'] }, '-*,id,account.id'],
  ])('for %j is: %s', (selected, select) => {
    expect(memberSelect(fieldsOf({ ...none, ...selected }), [])).toBe(select);
  });

  it('includes the fields that a filter needs', () => {
    expect(memberSelect(fieldsOf(none), ['user.email', 'audit'])).toBe('-*,id,account.id,user.email,audit');
  });

  it('never includes the link, nor its whole parent', () => {
    fc.assert(
      fc.property(fc.subarray(STAFF_FIELDS), fc.subarray(INVITE_FIELDS), (staffMember, invite) => {
        const fields = memberSelect(fieldsOf({ ...none, staffMember, invite }), []).split(',');
        expect(fields[0]).toBe('-*');
        expect(fields.filter((field) => field === 'invitation' || field.includes('url'))).toEqual([]);
      }),
    );
  });
});

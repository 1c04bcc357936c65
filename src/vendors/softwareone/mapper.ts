import { parseInstant, toInstant } from '../../clock';
import { formatId } from '../../ids';
import type { AccountProfile, Invite, InviteStatus, Role, StaffMember, StaffStatus } from '../../model';
import type { SoftwareOneAccount, SoftwareOneGroup, SoftwareOneMembership } from './wire';

/** How long an invitation can be accepted: "Manage user invitations" in SoftwareOne's documentation. */
const LIFETIME_MS = 7 * 24 * 3600 * 1000;

/** How far apart our time and the vendor's may be for one send: a write's own time, and clocks that differ. */
const SAME_SEND_MS = 60_000;

const MEMBERSHIP_ID = /^AUSR-\d{4}-\d{4}-\d{4}$/;

/** Whether this can be the id of a membership, which is a person's and an invite's at once. */
export const isMembershipId = (id: string): boolean => MEMBERSHIP_ID.test(id);

/** A membership is a person and an invite at once; null if it has no id, or is of another account. */
export function toMembership(
  account: { readonly id: string; readonly externalId: string },
  row: SoftwareOneMembership,
  lastSend: number | undefined,
): { staffMember: StaffMember; invite: Invite } | null {
  if (
    row.id === null ||
    !isMembershipId(row.id) ||
    (row.accountId ?? account.externalId) !== account.externalId
  )
    return null;
  const id = formatId(account.id, row.id);
  const roles = row.groups.map(toRole);
  // Fields are written out, here and below: of an object that begins with a spread V8 makes a shape of its own for nearly
  // every row, which costs more than all the rest.
  const staffMember = {
    id,
    accountId: account.id,
    externalId: row.id,
    name: row.userName,
    email: row.userEmail,
    avatarUrl: row.userIcon,
    status: toStaffStatus(row),
    vendorStatus: row.invitationStatus,
    roles,
    fullAccess: null,
    joinedAt: row.joined,
    lastLoginAt: row.lastLoginAt,
    invite: null as Invite | null,
  } satisfies StaffMember;
  const status = toInviteStatus(row.invitationStatus);
  const expiresAt = expires(row) ? expiryOf(row, lastSend) : null;
  const invite: Invite = {
    id,
    accountId: account.id,
    externalId: row.id,
    email: row.userEmail,
    status,
    vendorStatus: row.invitationStatus,
    roles,
    createdAt: row.invited ?? row.created,
    expiresAt,
    expiresAtSource: expiresAt === null ? null : 'DERIVED',
    acceptedAt: row.accepted,
    staffMember,
    staffMemberId: id,
    unreadable: null,
    grantsEverything: false,
    sentAt: row.invited,
    replacedBy: null,
  };
  staffMember.invite = invite;
  return { staffMember, invite };
}

/** Whether its invitation is one that expires, or has. */
export function expires({ invitationStatus }: SoftwareOneMembership): boolean {
  const status = toInviteStatus(invitationStatus);
  return status === 'PENDING' || status === 'EXPIRED';
}

/** The state behind the word, in its two documented spellings. */
export const toInviteStatus = (word: string | null): InviteStatus =>
  INVITE_STATUS.get(word ?? '') ?? 'UNKNOWN';

const INVITE_STATUS: ReadonlyMap<string, InviteStatus> = new Map([
  ['Invited', 'PENDING'],
  ['InvitationExpired', 'EXPIRED'],
  ['Invitation Expired', 'EXPIRED'],
  ['Active', 'ACCEPTED'],
]);

const STAFF_STATUS = {
  PENDING: 'INVITED',
  EXPIRED: 'INVITE_EXPIRED',
  ACCEPTED: 'ACTIVE',
  DECLINED: 'UNKNOWN',
  REVOKED: 'UNKNOWN',
  UNKNOWN: 'UNKNOWN',
} satisfies Record<InviteStatus, StaffStatus>;

function toStaffStatus({ invitationStatus, userStatus }: SoftwareOneMembership): StaffStatus {
  const status = STAFF_STATUS[toInviteStatus(invitationStatus)];
  return status === 'ACTIVE' && userStatus === 'Blocked' ? 'SUSPENDED' : status;
}

/**
 * Seven days after the invitation was last sent. Never from `audit.updated`: other changes move it. A send of ours has two
 * times, ours and the vendor's, and only ours is known when it is answered: so ours is its time in every later read.
 */
export function expiryOf(
  { invited, created }: Pick<SoftwareOneMembership, 'invited' | 'created'>,
  lastSend: number | undefined,
): string | null {
  const said = parseInstant(invited ?? '');
  const sameSend = said !== null && lastSend !== undefined && Math.abs(said - lastSend) <= SAME_SEND_MS;
  const sent = sameSend ? lastSend : Math.max(said ?? -Infinity, lastSend ?? -Infinity);
  const start = sent === -Infinity ? parseInstant(created ?? '') : sent;
  return start === null ? null : toInstant(start + LIFETIME_MS);
}

/** A user group as a role. */
export const toRole = ({ id, name }: SoftwareOneGroup): Role => ({ id, name });

/** The account's own record. */
export const toProfile = ({ name, status, website }: SoftwareOneAccount): AccountProfile => ({
  name,
  url: website,
  status:
    status === 'Active' || status === 'Enabled' ? 'ACTIVE' : status === 'Disabled' ? 'DISABLED' : 'UNKNOWN',
});

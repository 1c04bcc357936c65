import { parseInstant, toInstant } from '../../clock';
import { formatId } from '../../ids';
import type { AccountProfile, Invite, InviteStatus, Role, StaffMember } from '../../model';
import type { RememberedInvite } from '../provider';
import type { WixInvite, WixRole, WixSite } from './wire';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether this is a Wix id in the spelling that our ids use. */
export const isGuid = (id: string): boolean => GUID.test(id);

/** The state behind Wix's word: "SiteInvite object" in its documentation. */
export const toStatus = (word: string | null): InviteStatus => STATUS.get(word ?? '') ?? 'UNKNOWN';

const STATUS: ReadonlyMap<string, InviteStatus> = new Map([
  ['Pending', 'PENDING'],
  ['Used', 'ACCEPTED'],
  ['Deleted', 'REVOKED'],
  ['Declined', 'DECLINED'],
  ['Expired', 'EXPIRED'],
]);

/** Role names by id; without them a role is its id alone. */
export type RoleNames = ReadonlyMap<string, string | null>;

/** An invite as remembered: Wix cannot be asked, so its own expiry date decides whether it still stands. */
export function toInvite(
  accountId: string,
  remembered: RememberedInvite,
  names: RoleNames,
  now: number,
): Invite {
  const { localId, status, roleIds, createdAt, expiresAt, acceptedBy, replacedBy } = remembered;
  const lapsed = status === 'PENDING' && expiresAt !== null && expiresAt <= now;
  // Written out: of an object that begins with a spread V8 makes a shape of its own for nearly every row.
  return {
    id: formatId(accountId, localId),
    accountId,
    externalId: localId,
    email: remembered.email,
    staffMember: null,
    status: lapsed ? 'EXPIRED' : status,
    vendorStatus: remembered.vendorStatus,
    roles: roleIds.map((id) => ({ id, name: names.get(id) ?? null })),
    createdAt: createdAt === null ? null : toInstant(createdAt),
    expiresAt: expiresAt === null ? null : toInstant(expiresAt),
    expiresAtSource: expiresAt === null ? null : 'VENDOR',
    acceptedAt: null,
    staffMemberId: acceptedBy === null ? null : formatId(accountId, acceptedBy),
    grantsEverything: false,
    // A new invite carries the old one's roles: without them it cannot be made.
    unreadable: roleIds.length === 0 ? 'ROLES' : null,
    replacedBy,
  };
}

/** An invite that somebody else sent: it has an id, and Wix tells no more. */
export const toUnreadableInvite = (accountId: string, localId: string): Invite => ({
  id: formatId(accountId, localId),
  accountId,
  externalId: localId,
  email: null,
  staffMember: null,
  staffMemberId: null,
  status: 'UNKNOWN',
  vendorStatus: null,
  roles: [],
  createdAt: null,
  expiresAt: null,
  expiresAtSource: null,
  acceptedAt: null,
  unreadable: 'STATE',
  grantsEverything: false,
  replacedBy: null,
});

/** The invite after Wix's answer: what the answer lacks stays as it was. */
export function answered(before: Invite, answer: WixInvite): Invite {
  const id = answer.id?.toLowerCase() ?? '';
  const acceptedBy = answer.acceptedByAccountId?.toLowerCase() ?? '';
  const localId = isGuid(id) ? id : (before.externalId ?? '');
  return {
    ...before,
    id: formatId(before.accountId, localId),
    externalId: localId,
    email: answer.email ?? before.email,
    status: answer.status === null ? before.status : toStatus(answer.status),
    vendorStatus: answer.status ?? before.vendorStatus,
    roles:
      answer.policyIds?.map(
        (roleId) => before.roles.find((role) => role.id === roleId) ?? { id: roleId, name: null },
      ) ?? before.roles,
    createdAt: answer.dateCreated ?? before.createdAt,
    expiresAt: answer.expirationDate ?? before.expiresAt,
    expiresAtSource: (answer.expirationDate ?? before.expiresAt) === null ? null : 'VENDOR',
    staffMemberId: isGuid(acceptedBy) ? formatId(before.accountId, acceptedBy) : before.staffMemberId,
    unreadable: (answer.policyIds?.length ?? before.roles.length) === 0 ? 'ROLES' : null,
  };
}

/** A contributor: Wix tells the id alone; an invite that this person accepted, if remembered, tells the address. */
export const toStaffMember = (
  accountId: string,
  contributorId: string,
  invite: Invite | null,
): StaffMember => ({
  id: formatId(accountId, contributorId),
  accountId,
  externalId: contributorId,
  name: null,
  email: invite?.email ?? null,
  avatarUrl: null,
  status: 'ACTIVE',
  vendorStatus: null,
  roles: [],
  fullAccess: null,
  joinedAt: null,
  lastLoginAt: null,
  invite,
});

/** When a remembered instant was, in milliseconds. */
export const toMs = (text: string | null): number | null => (text === null ? null : parseInstant(text));

/** The site as an account. */
export const toProfile = ({ displayName, viewUrl, blocked, trashed }: WixSite): AccountProfile => ({
  name: displayName,
  url: viewUrl,
  status: trashed ? 'DISABLED' : blocked === null ? 'UNKNOWN' : blocked ? 'SUSPENDED' : 'ACTIVE',
});

/** A role that may be given on a site; null for one that is of accounts alone. */
export const toRole = ({ id, title, restrictFromLevel }: WixRole): Role | null =>
  restrictFromLevel === 'Site' ? null : { id, name: title };

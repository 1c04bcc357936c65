import { emailLocalId } from '../../email';
import { formatId } from '../../ids';
import type { AccountProfile, Invite, Role, StaffMember } from '../../model';
import type { RememberedInvite } from '../provider';
import type { EcwidProfile, EcwidStaff } from './wire';

/** Where an id is Ecwid's own: opaque, but never the route's `invite`, and never one of ours. */
const STAFF_ID = /^(?!invite$|i-)[A-Za-z0-9_-]{1,64}$/;

/** Whether this can be the local id of a person here: Ecwid's own, or, for who has none yet, that of the invite. */
export const isStaffId = (local: string): boolean => STAFF_ID.test(local) || isInviteId(local);

/** Whether this can be the local id of an invite here: made of the address, see `emailLocalId`. */
export const isInviteId = (local: string): boolean => /^i-[A-Za-z0-9_-]{22}$/.test(local);

/** The local id of a row's person; null for a row that has neither id nor email, and so cannot be addressed. */
export function staffIdOf({ id, email }: EcwidStaff): string | null {
  if (id !== null && STAFF_ID.test(id)) return id;
  return email === null ? null : emailLocalId(email);
}

/** A person and an invite are one row at Ecwid; a row that has neither id nor email cannot be addressed. */
export function toMembership(
  accountId: string,
  row: EcwidStaff,
): { staffMember: StaffMember; invite: Invite | null } | null {
  const inviteId = row.email === null ? null : formatId(accountId, emailLocalId(row.email));
  const externalId = row.id !== null && STAFF_ID.test(row.id) ? row.id : null;
  const id = externalId === null ? inviteId : formatId(accountId, externalId);
  if (id === null) return null;

  const roles = row.staffScopes?.map(toRole) ?? [];
  const staffMember = {
    id,
    accountId,
    externalId,
    name: row.name,
    email: row.email,
    avatarUrl: null,
    status: row.inviteAccepted === null ? 'UNKNOWN' : row.inviteAccepted ? 'ACTIVE' : 'INVITED',
    vendorStatus: null,
    roles,
    fullAccess: row.staffScopes === null ? null : row.staffScopes.length === 0,
    joinedAt: null,
    lastLoginAt: null,
    invite: null as Invite | null,
  } satisfies StaffMember;
  if (inviteId !== null) {
    const status = row.inviteAccepted === null ? 'UNKNOWN' : row.inviteAccepted ? 'ACCEPTED' : 'PENDING';
    const grantsEverything = row.staffScopes?.length === 0;
    const told = { id: inviteId, accountId, email: row.email, status, roles, grantsEverything } as const;
    staffMember.invite = toInvite(told, staffMember);
  }
  return { staffMember, invite: staffMember.invite };
}

/** An invite that was withdrawn through this API: Ecwid's list has it no more. */
export const toWithdrawnInvite = (accountId: string, { localId, email, roleIds }: RememberedInvite): Invite =>
  toInvite({
    id: formatId(accountId, localId),
    accountId,
    email,
    status: 'REVOKED',
    roles: roleIds.map(toRole),
    grantsEverything: roleIds.length === 0,
  });

/** An invite that was just sent: Ecwid answers no more than that it was. */
export const toNewInvite = (accountId: string, email: string, scopes: readonly string[]): Invite =>
  toInvite({
    id: formatId(accountId, emailLocalId(email)),
    accountId,
    email,
    status: 'PENDING',
    roles: scopes.map(toRole),
    grantsEverything: scopes.length === 0,
  });

type Told = Pick<Invite, 'id' | 'accountId' | 'email' | 'status' | 'roles' | 'grantsEverything'>;

/**
 * Ecwid has no invite record: no id, no times, no status word. Fields are written out: of an object that begins with a
 * spread V8 makes a shape of its own for nearly every row, which costs more than all the rest.
 */
const toInvite = (told: Told, staffMember: StaffMember | null = null): Invite => ({
  id: told.id,
  accountId: told.accountId,
  externalId: null,
  email: told.email,
  staffMember,
  staffMemberId: null,
  status: told.status,
  vendorStatus: null,
  roles: told.roles,
  createdAt: null,
  expiresAt: null,
  expiresAtSource: null,
  acceptedAt: null,
  unreadable: null,
  grantsEverything: told.grantsEverything,
  replacedBy: null,
});

/** The store as an account. */
export const toProfile = ({ name, storeUrl, suspended }: EcwidProfile): AccountProfile => ({
  name,
  url: storeUrl,
  status: suspended === null ? 'UNKNOWN' : suspended ? 'SUSPENDED' : 'ACTIVE',
});

/** A permission, named as in Ecwid's control panel; the list differs by plan, so unknown ones stay. */
export const toRole = (scope: string): Role => ({ id: scope, name: SCOPE_NAMES.get(scope) ?? null });

const SCOPE_NAMES: ReadonlyMap<string, string> = new Map([
  ['SALES_MANAGEMENT', 'Sales'],
  ['CATALOG_MANAGEMENT', 'Catalog'],
  ['MARKETING_MANAGEMENT', 'Marketing'],
  ['REPORT_ACCESS', 'Reports and analytics'],
  ['WEBSITE_MANAGEMENT', 'Website'],
  ['SALES_CHANNELS_MANAGEMENT', 'Sales channels'],
]);

import { parseInstant } from '../clock';
import { normaliseEmail } from '../email';
import type { Invite, StaffMember } from '../model';
import type { InviteFilter, StaffFilter } from './provider';

/** Whether a staff member is wanted: the filter itself, for vendors that cannot apply it. */
export function matchesStaff({ status, emails, search }: StaffFilter): (member: StaffMember) => boolean {
  const isWanted = addressIn(emails);
  const part = search?.toLowerCase() ?? null;
  const contains = (text: string | null): boolean =>
    part === null || (text?.toLowerCase().includes(part) ?? false);
  return (member) =>
    (status === null || status.includes(member.status)) &&
    isWanted(member.email) &&
    (contains(member.name) || contains(member.email));
}

/** Whether an invite is wanted. */
export function matchesInvite({ status, emails, expiresBefore }: InviteFilter): (invite: Invite) => boolean {
  const isWanted = addressIn(emails);
  return (invite) =>
    status.includes(invite.status) &&
    isWanted(invite.email) &&
    (expiresBefore === null || (parseInstant(invite.expiresAt ?? '') ?? Infinity) < expiresBefore);
}

function addressIn(emails: readonly string[] | null): (email: string | null) => boolean {
  if (emails === null) return () => true;
  const wanted = new Set(emails.map((email) => normaliseEmail(email) ?? email));
  return (email) => email !== null && wanted.has(normaliseEmail(email) ?? email);
}

import type { InviteStatus, StaffStatus } from '../../model';
import type { Fields, InviteFilter, StaffFilter } from '../provider';
import { contains, eq, equalsText, isIn, ne, notIn, or, and, type Rql } from './rql';

/** A filter as far as RQL can say it. */
export interface Pushdown {
  readonly filter: Rql | null;
  /** Whether the vendor's rows need no second look, so that its `total` counts what was asked for. */
  readonly exact: boolean;
  /** Whether nothing can match, so that the vendor need not be asked. */
  readonly none: boolean;
  /** The fields by which rows are looked at again. */
  readonly fields: readonly string[];
}

const WORDS = { PENDING: 'Invited', EXPIRED: 'InvitationExpired', ACCEPTED: 'Active' } as const;

const STAFF_WORDS: Record<StaffStatus, string | null> = {
  INVITED: WORDS.PENDING,
  INVITE_EXPIRED: WORDS.EXPIRED,
  ACTIVE: WORDS.ACCEPTED,
  SUSPENDED: WORDS.ACCEPTED,
  UNKNOWN: null,
};

/** The staff filter in RQL. Whether somebody is blocked stands on the user: that is looked at after reading. */
export function pushStaff({ status, emails, search }: StaffFilter): Pushdown {
  const words = status?.map((each) => STAFF_WORDS[each]) ?? [];
  const splitsActive = status !== null && status.includes('ACTIVE') !== status.includes('SUSPENDED');
  return {
    filter: and(
      status === null || words.includes(null)
        ? null
        : isIn('invitation.status', [...new Set(words.filter((word) => word !== null))]),
      emails === null ? null : or(...emails.map(emailIs)),
      search === null ? null : or(contains('user.name', search), contains('user.email', search)),
    ),
    exact: !splitsActive && !words.includes(null) && emails === null && search === null,
    none: status?.length === 0,
    fields: [
      ...(status ? ['user.status', 'invitation.status'] : []),
      ...(emails !== null || search !== null ? ['user.email'] : []),
      ...(search !== null ? ['user.name'] : []),
    ],
  };
}

/** The invite filter in RQL. Expiry is derived here, so it is looked at after reading. */
export function pushInvites({ status, emails, expiresBefore }: InviteFilter): Pushdown {
  const has = (each: InviteStatus): boolean => status.includes(each);
  const words = Object.entries(WORDS);
  const missing = words.filter(([each]) => !has(each as InviteStatus)).map(([, word]) => word);
  const present = words.filter(([each]) => has(each as InviteStatus)).map(([, word]) => word);
  return {
    filter: and(
      has('UNKNOWN')
        ? missing.length === 1
          ? ne('invitation.status', missing.join(''))
          : notIn('invitation.status', missing)
        : isIn('invitation.status', present),
      emails === null ? null : or(...emails.map(emailIs)),
    ),
    exact: emails === null && expiresBefore === null,
    none: present.length === 0 && !has('UNKNOWN'),
    fields: [
      'invitation.status',
      ...(emails !== null ? ['user.email'] : []),
      ...(expiresBefore !== null ? ['audit'] : []),
    ],
  };
}

// An address with a non-ASCII domain may be stored in either spelling; the other one is found by reading on.
const emailIs = (email: string): Rql | null =>
  /^[\x21-\x7e]+$/.test(email) && !email.includes('@xn--') && !email.includes('.xn--')
    ? equalsText('user.email', email)
    : null;

/** Only this account's rows: a token may see more. */
export const ofAccount = (externalId: string, filter: Rql | null): Rql | null =>
  and(eq('account.id', externalId), filter);

/** The fields of an AccountUser that an operation needs; `invitation.url`, which lets its holder join, is never one. */
export function memberSelect({ staffMember, invite }: Fields, also: readonly string[]): string {
  const fields = {
    'account.id': true,
    'user.name': staffMember.has('name'),
    // What may be done with an invite is counted by its address.
    'user.email': staffMember.has('email') || invite.has('email') || invite.has('actions'),
    'user.icon': staffMember.has('avatarUrl'),
    'user.status': staffMember.has('status'),
    'invitation.status': staffMember.has('status') || staffMember.has('vendorStatus') || invite.size > 0,
    groups: staffMember.has('roles') || invite.has('roles'),
    lastLoginAt: staffMember.has('lastLoginAt'),
    audit:
      staffMember.has('joinedAt') ||
      ['createdAt', 'expiresAt', 'expiresAtSource', 'acceptedAt'].some((field) => invite.has(field)),
  };
  const wanted = Object.entries(fields).filter(([field, selected]) => selected || also.includes(field));
  return ['-*', 'id', ...wanted.map(([field]) => field)].join(',');
}

/** The fields of an Account that an operation needs. */
export function accountSelect({ account }: Fields): string {
  const fields = { name: account.has('name'), status: account.has('status'), website: account.has('url') };
  const wanted = Object.entries(fields).filter(([, selected]) => selected);
  return ['-*', 'id', ...wanted.map(([field]) => field)].join(',');
}

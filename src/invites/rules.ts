import type { Invite, InviteErrorCode, InviteStatus, InviteVerb } from '../model';

/** The verbs that write to an invite that is there. */
export type RuledVerb = Extract<InviteVerb, 'RESEND' | 'SEND_NEW' | 'REVOKE'>;

/** What the caller has said yes to. */
export interface Consent {
  readonly acknowledgeDeclined: boolean;
  readonly grantFullAccess: boolean;
}

/** What is allowed in which state; CONSENT: only to who acknowledges that the person declined. */
export const RULES: Record<InviteStatus, Record<RuledVerb, 'YES' | 'CONSENT' | InviteErrorCode>> = {
  PENDING: { RESEND: 'YES', SEND_NEW: 'INVITE_PENDING', REVOKE: 'YES' },
  EXPIRED: { RESEND: 'INVITE_EXPIRED', SEND_NEW: 'YES', REVOKE: 'YES' },
  DECLINED: { RESEND: 'INVITE_DECLINED', SEND_NEW: 'CONSENT', REVOKE: 'INVITE_DECLINED' },
  REVOKED: { RESEND: 'INVITE_REVOKED', SEND_NEW: 'YES', REVOKE: 'INVITE_REVOKED' },
  ACCEPTED: { RESEND: 'INVITE_ACCEPTED', SEND_NEW: 'INVITE_ACCEPTED', REVOKE: 'INVITE_ACCEPTED' },
  UNKNOWN: { RESEND: 'STATE_UNREADABLE', SEND_NEW: 'STATE_UNREADABLE', REVOKE: 'STATE_UNREADABLE' },
};

/** For an invite that its vendor cannot show and nobody remembers: the vendor's answer decides, except over unknown roles. */
export const UNREADABLE_RULES: Record<RuledVerb, 'YES' | InviteErrorCode> = {
  RESEND: 'YES',
  SEND_NEW: 'STATE_UNREADABLE',
  REVOKE: 'YES',
};

/** Why a verb does not fit an invite; null if it does. Pure: the same for the mutation and for `Invite.actions`. */
export function judge(verb: RuledVerb, invite: Invite, consent: Consent): InviteErrorCode | null {
  if (invite.unreadable === 'GONE') return 'NOT_FOUND';
  const rule = invite.unreadable === 'STATE' ? UNREADABLE_RULES[verb] : RULES[invite.status][verb];
  if (rule === 'CONSENT' && !consent.acknowledgeDeclined) return 'INVITE_DECLINED';
  if (rule !== 'YES' && rule !== 'CONSENT') return rule;
  if (verb !== 'SEND_NEW') return null;
  if (invite.unreadable === 'ROLES') return 'STATE_UNREADABLE';
  return invite.grantsEverything && !consent.grantFullAccess ? 'FULL_ACCESS' : null;
}

/** Why nobody can be invited who already has this invite; null if a new one may be made. */
export const judgeNew = (current: Invite): InviteErrorCode | null =>
  current.status === 'REVOKED' ? null : NEW_OVER[current.status];

const NEW_OVER: Record<Exclude<InviteStatus, 'REVOKED'>, InviteErrorCode> = {
  PENDING: 'INVITE_PENDING',
  EXPIRED: 'INVITE_EXPIRED',
  DECLINED: 'INVITE_DECLINED',
  ACCEPTED: 'INVITE_ACCEPTED',
  UNKNOWN: 'STATE_UNREADABLE',
};

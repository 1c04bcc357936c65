import { emailLocalId } from '../email';
import { localIdOf } from '../ids';
import type { Invite, InviteErrorCode, InviteVerb } from '../model';
import type { AttemptRow } from './tables';

/** How much may be sent. Times in milliseconds. */
export interface SendLimits {
  /** Between two writes of one verb to one invite; 0 turns it off. */
  readonly cooldown: number;
  readonly emailsPerInvitePerDay: number;
  readonly emailsPerAccountPerHour: number;
  /** How long an idempotency key is kept. */
  readonly idempotencyTtl: number;
}

/** Why a write has to wait, and until when. */
export interface Wait {
  readonly code: Extract<InviteErrorCode, 'COOLDOWN' | 'EMAIL_LIMIT' | 'IN_PROGRESS'>;
  readonly until: number;
}

/** The verbs that send an email. */
export const MAIL_VERBS: readonly InviteVerb[] = ['RESEND', 'SEND_NEW', 'INVITE'];

/** Outcomes after which an email may be on its way. */
export const MAY_HAVE_SENT = ['SENDING', 'REQUESTED', 'UNKNOWN'] as const;

/** How long a write may be SENDING; one that is so for longer has lost its process. */
export const SENDING_MS = 30_000;

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** What limits look at: the attempts for one address within a day that may have sent something, newest first. */
export type RecentAttempt = Pick<AttemptRow, 'invite' | 'email_id' | 'verb' | 'outcome' | 'at' | 'closed_at'>;

/** What attempts for an invite are counted by: its address, also over invites that replace each other. */
export const emailIdOf = ({ id, email }: Pick<Invite, 'id' | 'email'>): string =>
  email === null ? localIdOf(id) : emailLocalId(email);

/**
 * Whether another email for this address was on its way when its state was looked at, or since: then what was seen is no
 * longer so, and what the rules said of it does not count.
 */
export function overtaken(
  verb: InviteVerb,
  recent: readonly RecentAttempt[],
  lookedAt: number,
  now: number,
): Wait | null {
  const isUnderWay = ({ outcome, at, closed_at }: RecentAttempt): boolean =>
    outcome === 'SENDING' ? at + SENDING_MS > now : closed_at !== null && closed_at > lookedAt;
  const other = recent.some((attempt) => MAIL_VERBS.includes(attempt.verb) && isUnderWay(attempt));
  return MAIL_VERBS.includes(verb) && other ? { code: 'IN_PROGRESS', until: now + 1000 } : null;
}

/**
 * Whether a verb on an invite, by its local id, has to wait. Pure: the same for the write itself and for `Invite.actions`.
 * @param accountFull When the account's oldest email within the hour was, if the hour's emails are used up.
 */
export function waitFor(
  verb: InviteVerb,
  invite: string,
  recent: readonly RecentAttempt[],
  accountFull: number | null,
  limits: SendLimits,
  now: number,
): Wait | null {
  if (verb === 'REVEAL_LINK') return null;
  const last = recent.find((attempt) => attempt.verb === verb && attempt.invite === invite);
  if (last && limits.cooldown > 0 && last.at + limits.cooldown > now)
    return { code: 'COOLDOWN', until: last.at + limits.cooldown };
  if (last?.outcome === 'SENDING' && last.at + SENDING_MS > now)
    return { code: 'IN_PROGRESS', until: last.at + SENDING_MS };
  if (!MAIL_VERBS.includes(verb)) return null;

  const mails = recent.filter((attempt) => MAIL_VERBS.includes(attempt.verb) && attempt.at > now - DAY_MS);
  const oldest = mails[limits.emailsPerInvitePerDay - 1];
  if (limits.emailsPerInvitePerDay === 0) return { code: 'EMAIL_LIMIT', until: now + DAY_MS };
  if (oldest) return { code: 'EMAIL_LIMIT', until: oldest.at + DAY_MS };
  return accountFull === null ? null : { code: 'EMAIL_LIMIT', until: accountFull + HOUR_MS };
}

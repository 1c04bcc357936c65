import { emailLocalId } from '../email';
import { localIdOf } from '../ids';
import type { Invite, InviteVerb } from '../model';
import type { AttemptRow } from './tables';

/** How much may be sent. Times in milliseconds. */
export interface SendLimits {
  /** Between two emails to one address of one store, whatever the verbs; 0 turns it off. */
  readonly cooldown: number;
  readonly emailsPerInvitePerDay: number;
  readonly emailsPerAccountPerHour: number;
  /** How long an idempotency key is kept. */
  readonly idempotencyTtl: number;
}

/** The verbs that send an email. */
export const MAIL_VERBS: readonly InviteVerb[] = ['RESEND', 'SEND_NEW', 'INVITE'];

/** Outcomes after which an email may be on its way. */
export const MAY_HAVE_SENT = ['SENDING', 'REQUESTED', 'UNKNOWN'] as const;

/** How long a write may be SENDING at least, in milliseconds: the lease of attempts that older versions have made. */
export const SENDING_MS = 30_000;

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** What limits look at: attempts within a day that may have sent something, newest first. */
export type RecentAttempt = Pick<
  AttemptRow,
  | 'id'
  | 'invite'
  | 'email_id'
  | 'result_invite'
  | 'verb'
  | 'outcome'
  | 'at'
  | 'seq'
  | 'sending_until'
  | 'closed_at'
>;

/** When the lease of an attempt ends: one that is still SENDING then has lost its process. */
export const leaseEnd = ({ at, sending_until }: Pick<AttemptRow, 'at' | 'sending_until'>): number =>
  sending_until ?? at + SENDING_MS;

/** Whether an attempt may still be under way. */
export const isRunning = (
  attempt: Pick<AttemptRow, 'outcome' | 'at' | 'sending_until'>,
  now: number,
): boolean => attempt.outcome === 'SENDING' && leaseEnd(attempt) > now;

/** What attempts for an invite are counted by: its address, also over invites that replace each other. */
export const emailIdOf = ({ id, email }: Pick<Invite, 'id' | 'email'>): string =>
  email === null ? localIdOf(id) : emailLocalId(email);

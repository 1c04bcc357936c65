import { toInstant } from '../clock';
import type { Closing } from '../ledger/attempts';
import type { Known } from '../ledger/begin-attempt';
import { isRunning, leaseEnd, MAIL_VERBS, type RecentAttempt } from '../ledger/limits';
import type { AttemptRow } from '../ledger/tables';
import type { Account } from '../model';
import { refused, type SendResult, toResult } from './result';
import type { SendParts } from './send-parts';

/** Answers a call that was made before, without asking the vendor to do anything again. */
export type Repeat = (known: Known, inputHash: string, account: Account) => Promise<SendResult>;

/** Makes the answers to calls whose idempotency key is known. */
export function createRepeat({ ledger, provider, reading, metrics, report }: SendParts): Repeat {
  return async ({ attempt, now }, inputHash, account) => {
    const running = isRunning(attempt, now);
    const kind = attempt.input_hash !== inputHash ? 'conflict' : running ? 'in_progress' : 'replay';
    metrics.repeats.inc({ kind });
    if (kind === 'conflict')
      return refused({ code: 'IDEMPOTENCY_CONFLICT', field: ['input', 'idempotencyKey'] });
    if (attempt.outcome !== 'SENDING') return toResult(attempt);
    if (running) return refused({ code: 'IN_PROGRESS', availableAt: toInstant(leaseEnd(attempt)) });
    const found = (await wasSent(attempt, account)) ? SENT : UNKNOWN;
    try {
      return toResult(await ledger.attempts.settle(attempt, found));
    } catch (error) {
      report(error);
      return toResult({ ...attempt, ...found });
    }
  };

  /**
   * Whether the email of an attempt that has lost its process was sent. The vendor's clock is compared with the vendor's
   * clock alone: it has sent the invite since its state was read for this attempt. And no other attempt can have been the
   * one: each for the same person began before it, and ended as REQUESTED within its lease.
   */
  async function wasSent(attempt: AttemptRow, account: Account): Promise<boolean> {
    const { id, verb, invite, at, seq, invited_before: before } = attempt;
    if ((verb !== 'RESEND' && verb !== 'SEND_NEW') || before === null || seq === null) return false;
    try {
      const invited = await provider(account).lastInvited(reading, invite);
      // What was sent much later was not sent by this.
      if (invited === null || invited <= before || invited < at || invited > leaseEnd(attempt)) return false;
      const recent = await ledger.attempts.aroundPerson(attempt);
      return !recent.some(
        (other) => other.id !== id && MAIL_VERBS.includes(other.verb) && !isOverBefore(other, seq),
      );
    } catch {
      return false;
    }
  }
}

/**
 * Whether an attempt that may have sent had done so before the one with this number began. An answer that came after the
 * lease says nothing of when the vendor acted.
 */
const isOverBefore = (other: RecentAttempt, seq: number): boolean =>
  other.outcome === 'REQUESTED' &&
  other.seq !== null &&
  other.seq < seq &&
  other.closed_at !== null &&
  other.closed_at < leaseEnd(other);

const FOUND = {
  vendor_code: null,
  vendor_request_id: null,
  available_at: null,
  result_invite: null,
  answer: null,
} as const;
const SENT: Closing = { ...FOUND, outcome: 'REQUESTED', code: null };
const UNKNOWN: Closing = { ...FOUND, outcome: 'UNKNOWN', code: 'OUTCOME_UNKNOWN' };

import { toInstant } from '../clock';
import type { AttemptRow } from '../ledger/tables';
import type { Closing } from '../ledger/attempts';
import type { Invite, InviteAttempt, InviteErrorCode, InviteUserError, SendOutcome } from '../model';
import { type Cause, MemoryFailure, NotReached, type Outcome, VendorFailure } from '../vendors/outcome';
import { MESSAGES, SUGGESTIONS } from './messages';

/** What a write's caller is told. */
export interface SendResult {
  readonly outcome: SendOutcome;
  readonly invite: Invite | null;
  readonly replacedInviteId: string | null;
  readonly attempt: InviteAttempt | null;
  readonly userErrors: InviteUserError[];
}

/** Why nothing was sent. */
export type Refusal = Pick<InviteUserError, 'code'> & Partial<InviteUserError>;

/** An error with its message, and nothing where nothing is known. */
export const userError = (refusal: Refusal): InviteUserError => ({
  message: MESSAGES[refusal.code],
  field: null,
  suggestedAction: SUGGESTIONS[refusal.code] ?? null,
  availableAt: null,
  vendorCode: null,
  ...refusal,
});

/** Nothing has left: refused before the write was written down. */
export const refused = (refusal: Refusal, invite: Invite | null = null): SendResult => ({
  outcome: 'NOT_SENT',
  invite,
  replacedInviteId: null,
  attempt: null,
  userErrors: [userError(refusal)],
});

/** An attempt as the schema shows it. One that is still SENDING may or may not have reached the vendor. */
export const toAttempt = (row: AttemptRow): InviteAttempt => ({
  id: row.id,
  verb: row.verb,
  outcome: row.outcome === 'SENDING' ? 'UNKNOWN' : row.outcome,
  actor: row.actor === '' ? null : row.actor,
  at: toInstant(row.at),
  vendorRequestId: row.vendor_request_id,
});

/** The answer that a closed attempt stands for: told at first, and again to whoever repeats the call. */
export function toResult(row: AttemptRow): SendResult {
  const answer =
    row.answer === null ? null : (JSON.parse(row.answer) as Pick<SendResult, 'invite' | 'replacedInviteId'>);
  const attempt = toAttempt(row);
  return {
    outcome: attempt.outcome,
    invite: answer?.invite ?? null,
    replacedInviteId: answer?.replacedInviteId ?? null,
    attempt,
    userErrors:
      row.code === null
        ? []
        : [
            userError({
              code: row.code,
              vendorCode: row.vendor_code,
              availableAt: row.available_at === null ? null : toInstant(row.available_at),
            }),
          ],
  };
}

/** How the vendor's outcome is noted: the one place where a call's end becomes a write's outcome. */
export function toClosing(outcome: Outcome<Invite>): Omit<Closing, 'answer' | 'result_invite'> {
  const closing = { code: null, vendor_code: null, vendor_request_id: null, available_at: null };
  switch (outcome.kind) {
    case 'ok':
      return { ...closing, outcome: 'REQUESTED', vendor_request_id: outcome.requestId };
    case 'rejected':
      return {
        outcome: 'REJECTED',
        code: outcome.credential ? 'VENDOR_AUTH' : 'VENDOR_REJECTED',
        vendor_code: outcome.code,
        vendor_request_id: outcome.requestId,
        available_at: null,
      };
    case 'throttled':
      return {
        ...closing,
        outcome: 'REJECTED',
        code: 'VENDOR_THROTTLED',
        vendor_request_id: outcome.requestId,
        available_at: outcome.until,
      };
    case 'notSent':
      return { ...closing, outcome: 'NOT_SENT', code: codeOf(outcome.cause), available_at: outcome.until };
    case 'unknown':
      return {
        ...closing,
        outcome: 'UNKNOWN',
        code: 'OUTCOME_UNKNOWN',
        vendor_request_id: outcome.requestId,
      };
  }
}

const codeOf = (cause: Cause | 'FORBIDDEN' | 'NOT_SUPPORTED'): InviteErrorCode =>
  VENDOR_CODES[cause] ?? 'VENDOR_UNAVAILABLE';

const VENDOR_CODES: Partial<Record<string, InviteErrorCode>> = {
  THROTTLED: 'VENDOR_THROTTLED',
  AUTH: 'VENDOR_AUTH',
  NOT_SUPPORTED: 'NOT_SUPPORTED',
};

/** The state could not be read, so nothing is written: why, in the terms of a write. */
export function unreadable(error: unknown, report: (error: unknown) => void): Refusal {
  if (error instanceof NotReached) return NOT_REACHED;
  if (!(error instanceof VendorFailure)) report(error);
  if (error instanceof MemoryFailure) return { code: 'NOT_RECORDED' };
  const { code, retryAt } = error instanceof VendorFailure ? error : new VendorFailure('UNAVAILABLE');
  return { code: codeOf(code), availableAt: retryAt === null ? null : toInstant(retryAt) };
}

/** Nobody waits for the answer any more, so nothing is begun. */
export const CALLER_LEFT: Refusal = {
  code: 'VENDOR_UNAVAILABLE',
  message: 'The caller left, or the time for the operation was over, before anything was sent.',
};

/** The operation has used up its vendor calls, so nothing is begun. */
export const NOT_REACHED: Refusal = {
  code: 'VENDOR_UNAVAILABLE',
  message: 'The operation had used up its vendor calls (limits.vendorCalls) before anything was sent.',
};

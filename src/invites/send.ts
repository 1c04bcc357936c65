import type { VisibleAccounts } from '../accounts';
import { type Clock, toInstant } from '../clock';
import { localIdOf, parseId } from '../ids';
import type { Begun, Closing } from '../ledger/attempts';
import type { Ledger } from '../ledger/ledger';
import { SENDING_MS } from '../ledger/limits';
import type { AttemptRow } from '../ledger/tables';
import type { Metrics } from '../metrics';
import type { Account, Invite, InviteErrorCode, InviteVerb } from '../model';
import type { Outcome } from '../vendors/outcome';
import type { Provider, Reading } from '../vendors/provider';
import { type NoPlan, type Plan, planInvite, planWrite, readOne, type ReadState } from './plan';
import { findMistake, hashInput, ledgerKey, type SendRequest, targetField } from './request';
import {
  CALLER_LEFT,
  NOT_REACHED,
  refused,
  type SendResult,
  toClosing,
  toResult,
  unreadable,
} from './result';

/** Carries one write out, at most once. Never rejects for anything that a vendor or the ledger does. */
export type Send = (request: SendRequest, readState?: ReadState) => Promise<SendResult>;

/** A write that has less time than this is not begun: all that would come of it is that nobody knows. */
const LEAST_MS = 100;

/** How many attempts on one invite are looked through for a later one. */
const MAX_LATER = 100;

/** What the writes of one operation work with. */
export interface SendParts {
  readonly accounts: VisibleAccounts;
  readonly provider: (account: Account) => Provider;
  readonly ledger: Ledger;
  readonly reading: Reading;
  /** Subject of the caller's token; empty without one. */
  readonly actor: string;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly report: (error: unknown) => void;
  /** Takes one of the operation's vendor calls; false where none is left. */
  readonly takeCall: () => boolean;
  /** Forgets what was read of an account that has just been written to. */
  readonly forget: (account: Account) => void;
}

/**
 * The one path of every write: known key → state → rules → limits and receipt in one step → one vendor call → outcome.
 * The receipt is durable before the vendor is asked, so that no crash, retry or second process asks twice.
 */
export function createSend(parts: SendParts): Send {
  const { accounts, provider, ledger, reading, actor, clock, metrics, report, forget } = parts;

  const isOver = (): boolean => reading.signal.aborted || reading.timeLeft() < LEAST_MS;

  return carryOut;

  async function carryOut(request: SendRequest, readState: ReadState = readOne): Promise<SendResult> {
    const mistake = findMistake(request);
    if (mistake) return refused({ code: 'INVALID_INPUT', ...mistake });
    const account = accounts.get(
      request.verb === 'INVITE' ? request.accountId : (parseId(request.inviteId)?.account ?? ''),
    );
    if (!account) return refused({ code: 'NOT_FOUND', field: targetField(request) });
    if (isOver()) return refused(CALLER_LEFT);
    const receipt = {
      account: account.id,
      actor,
      verb: request.verb,
      idempotency_key: ledgerKey(request),
      input_hash: hashInput(request),
    };

    const known = await recorded(() => knownAttempt(receipt));
    if (known === 'NOT_RECORDED') return refused({ code: known });
    if (known) return repeat(known, receipt.input_hash, account);

    const lookedAt = clock();
    const plan = await planned(request, account, readState);
    if ('refusal' in plan) {
      // What stands in the way may be what this very key has done in the meantime.
      const own = await recorded(() => knownAttempt(receipt));
      return own && own !== 'NOT_RECORDED'
        ? repeat(own, receipt.input_hash, account)
        : refused(plan.refusal, plan.before);
    }
    // What has not begun need not begin for a caller who has left, or who will have an answer before the vendor.
    if (isOver()) return refused(CALLER_LEFT, plan.before);
    // Taken before the receipt: a write that has one is not stopped for the operation's other calls.
    if (!parts.takeCall()) return refused(NOT_REACHED, plan.before);

    const begun = await recorded(async (): Promise<Begun> => {
      if (request.verb === 'REVOKE' && plan.before && plan.before.unreadable !== 'STATE')
        await remember(account, plan.before, request.verb);
      return ledger.attempts.begin({ ...receipt, invite: plan.local, email_id: plan.emailId }, lookedAt);
    });
    if (begun === 'NOT_RECORDED') return refused({ code: begun }, plan.before);
    if (begun.kind === 'known') return repeat(begun.attempt, receipt.input_hash, account);
    if (begun.kind === 'wait') {
      const { code, until } = begun.wait;
      return refused({ code, availableAt: toInstant(until) }, plan.before);
    }

    // A ledger may have been waited for: nothing goes out behind the back of a caller who has been answered.
    const outcome: Outcome<Invite> = isOver()
      ? { kind: 'notSent', cause: 'ABORTED', until: null }
      : await write(plan, request, begun.attempt.at);
    forget(account);
    return finish(begun.attempt, plan, outcome, request, account);
  }

  function write(plan: Plan, { language }: SendRequest, recordedAt: number): Promise<Outcome<Invite>> {
    return plan.write({ language, timeoutMs: reading.timeLeft(), recordedAt });
  }

  /** Does something with the ledger; a ledger that fails means that nothing may be sent. */
  async function recorded<T>(note: () => Promise<T>): Promise<T | 'NOT_RECORDED'> {
    try {
      return await note();
    } catch (error) {
      report(error);
      return 'NOT_RECORDED';
    }
  }

  async function knownAttempt(key: { account: string; actor: string; idempotency_key: string | null }) {
    const { idempotency_key } = key;
    return idempotency_key === null ? null : ledger.attempts.byKey({ ...key, idempotency_key });
  }

  function isRunning({ outcome, at }: AttemptRow): boolean {
    return outcome === 'SENDING' && at + SENDING_MS > clock();
  }

  /** The answer to a call that was made before, without asking the vendor for anything again. */
  async function repeat(attempt: AttemptRow, inputHash: string, account: Account): Promise<SendResult> {
    const kind =
      attempt.input_hash !== inputHash ? 'conflict' : isRunning(attempt) ? 'in_progress' : 'replay';
    metrics.repeats.inc({ kind });
    if (kind === 'conflict')
      return refused({ code: 'IDEMPOTENCY_CONFLICT', field: ['input', 'idempotencyKey'] });
    if (attempt.outcome !== 'SENDING') return toResult(attempt);
    if (kind === 'in_progress')
      return refused({ code: 'IN_PROGRESS', availableAt: toInstant(attempt.at + SENDING_MS) });
    const found = await reconciled(attempt, account);
    const noted = await recorded(() => ledger.attempts.close(attempt, found));
    return toResult(noted === 'NOT_RECORDED' ? { ...attempt, ...found } : noted);
  }

  /** What became of a write whose process died: known where the vendor tells when it last sent, otherwise unknown. */
  async function reconciled(attempt: AttemptRow, account: Account): Promise<Closing> {
    const nothing = {
      vendor_code: null,
      vendor_request_id: null,
      available_at: null,
      result_invite: null,
      answer: null,
    };
    return (await wasSent(attempt, account))
      ? { ...nothing, outcome: 'REQUESTED', code: null }
      : { ...nothing, outcome: 'UNKNOWN', code: 'OUTCOME_UNKNOWN' };
  }

  /** Whether the vendor has sent the invite since then, and before any later call of ours. */
  async function wasSent({ id, verb, invite, at }: AttemptRow, account: Account): Promise<boolean> {
    if (verb !== 'RESEND' && verb !== 'SEND_NEW') return false;
    try {
      const invited = await provider(account).lastInvited(reading, invite);
      // What was sent much later was not sent by this.
      if (invited === null || invited < at || invited > at + SENDING_MS) return false;
      const others = await ledger.attempts.ofInvites(account.id, [invite], MAX_LATER);
      return !others.some((other) => other.id !== id && other.at >= at && other.at <= invited);
    } catch {
      return false;
    }
  }

  async function planned(
    request: SendRequest,
    account: Account,
    readState: ReadState,
  ): Promise<Plan | NoPlan> {
    try {
      return request.verb === 'INVITE'
        ? await planInvite(request, provider(account), reading)
        : await planWrite(request, provider(account), reading, readState);
    } catch (error) {
      return { refusal: unreadable(error, report), before: null };
    }
  }

  /** Notes what came of the vendor call, and tells it: even if it can no longer be noted. */
  async function finish(
    attempt: AttemptRow,
    plan: Plan,
    outcome: Outcome<Invite>,
    request: SendRequest,
    account: Account,
  ): Promise<SendResult> {
    const { code, seen } = await changedState(outcome, request, account);
    const after = outcome.kind === 'ok' ? outcome.value : (seen ?? plan.before);
    const replaced = outcome.kind === 'ok' && plan.before?.id !== outcome.value.id ? plan.before : null;
    const told = toClosing(outcome);
    const closing = {
      ...told,
      code: code ?? told.code,
      result_invite: after && localIdOf(after.id) !== attempt.invite ? localIdOf(after.id) : null,
      answer: JSON.stringify({
        invite: after && { ...after, staffMember: null },
        replacedInviteId: replaced?.id ?? null,
      }),
    };
    // Remembered before it is closed: who looks after that sees it.
    if (outcome.kind === 'ok') await recorded(() => remember(account, outcome.value, request.verb));
    const noted = await recorded(() => ledger.attempts.close(attempt, closing));
    return { ...toResult(noted === 'NOT_RECORDED' ? { ...attempt, ...closing } : noted), invite: after };
  }

  /** The vendor refused what the rules had allowed: one more look tells whether the state has changed in between. */
  async function changedState(
    outcome: Outcome<Invite>,
    request: SendRequest,
    account: Account,
  ): Promise<{ code: InviteErrorCode | null; seen: Invite | null }> {
    const same = { code: null, seen: null };
    if (outcome.kind !== 'rejected' || outcome.credential || outcome.status === 403) return same;
    const second = await planned(request, account, readOne);
    if (!('refusal' in second) || second.refusal.code.startsWith('VENDOR_')) return same;
    return { code: second.refusal.code, seen: second.before };
  }

  async function remember(account: Account, invite: Invite, verb: InviteVerb): Promise<void> {
    const { remembers } = provider(account);
    if (remembers === 'NOTHING' || (remembers === 'WITHDRAWN_INVITES' && verb !== 'REVOKE')) return;
    await ledger.remembered.remember(invite);
    if (verb === 'SEND_NEW' || verb === 'INVITE') await ledger.remembered.supersede(invite);
  }
}

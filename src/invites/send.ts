import { parseInstant, toInstant } from '../clock';
import { emailLocalId } from '../email';
import { localIdOf, parseId } from '../ids';
import type { Learned, Look } from '../ledger/attempts';
import type { Begun } from '../ledger/begin-attempt';
import type { AttemptRow } from '../ledger/tables';
import type { Account, Invite, InviteErrorCode, InviteVerb } from '../model';
import { startWindow, type StartWindow } from '../vendors/start-window';
import type { Outcome } from '../vendors/outcome';
import { type NoPlan, type Plan, planInvite, planWrite, readOne, type ReadState } from './plan';
import { createRepeat } from './repeat';
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
import { leaseOf, waitFor } from './send-limits';
import type { SendParts } from './send-parts';

/** Carries one write out, at most once. Never rejects for anything that a vendor or the ledger does. */
export type Send = (request: SendRequest, states?: StateReader) => Promise<SendResult>;

/** How a write learns an invite's state: first it looks where the ledger is, and then it reads. */
export interface StateReader {
  look(account: string): Promise<Look>;
  readonly read: ReadState;
}

/** A write that has less time than this is not begun: all that would come of it is that nobody knows. */
const LEAST_MS = 100;

/**
 * The one path of every write: known key → place in the ledger's sequence → state → rules → limits and receipt in one step →
 * one vendor call → outcome. The receipt is durable before the vendor is asked, so that no crash, retry or second process
 * asks twice.
 */
export function createSend(parts: SendParts): Send {
  const { accounts, provider, ledger, limits, reading, actor, report, forget } = parts;
  const repeat = createRepeat(parts);
  const lease = leaseOf(limits);
  const oneByOne: StateReader = { look: (account) => ledger.attempts.look(account), read: readOne };

  const isOver = (): boolean => reading.signal.aborted || reading.timeLeft() < LEAST_MS;

  return carryOut;

  async function carryOut(request: SendRequest, states = oneByOne): Promise<SendResult> {
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

    // Before the state is read: what begins after this may make it another.
    const look = request.verb === 'REVOKE' ? null : await recorded(() => states.look(account.id));
    if (look === 'NOT_RECORDED') return refused({ code: look });
    const plan = await planned(request, account, states.read);
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

    const { before, local, emailId } = plan;
    // From before the receipt is written: the ledger's lease begins later.
    const window = startWindow(lease - limits.writeTimeout);
    const begun = await recorded((): Promise<Begun> => {
      const invited_before = parseInstant(before?.sentAt ?? '');
      const attempt = { ...receipt, invite: local, email_id: emailId, invited_before, lease };
      const withdrawn = request.verb === 'REVOKE' && isRemembered(account, request.verb) ? before : null;
      return ledger.attempts.begin(
        attempt,
        (traffic) => waitFor(request.verb, local, traffic, limits, look),
        withdrawn && withdrawn.unreadable !== 'STATE' ? ledger.memory.before(withdrawn) : undefined,
      );
    });
    if (begun === 'NOT_RECORDED') return refused({ code: begun }, before);
    if (begun.kind === 'known') return repeat(begun, receipt.input_hash, account);
    if (begun.kind === 'wait') {
      const { code, until } = begun.wait;
      return refused({ code, availableAt: toInstant(until) }, before);
    }

    // A ledger may have been waited for: nothing goes out behind the back of a caller who has been answered.
    const outcome: Outcome<Invite> = isOver()
      ? { kind: 'notSent', cause: 'ABORTED', until: null }
      : await write(plan, request, begun.attempt.at, window);
    forget(account);
    return finish(begun.attempt, plan, outcome, request, account);
  }

  function write(
    plan: Plan,
    { language }: SendRequest,
    recordedAt: number,
    window: StartWindow,
  ): Promise<Outcome<Invite>> {
    return plan.write({ language, timeoutMs: reading.timeLeft(), recordedAt, window });
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
    const learned = outcome.kind === 'ok' ? learnedFrom(outcome.value, attempt, request, account) : undefined;
    const noted = await recorded(() => ledger.attempts.close(attempt, closing, learned));
    // What cannot be remembered must not keep the outcome from being noted.
    const closed =
      noted === 'NOT_RECORDED' && learned
        ? await recorded(() => ledger.attempts.close(attempt, closing))
        : noted;
    return { ...toResult(closed === 'NOT_RECORDED' ? { ...attempt, ...closing } : closed), invite: after };
  }

  /** What the vendor's answer says of the invite beside the outcome. */
  function learnedFrom(
    invite: Invite,
    attempt: AttemptRow,
    { verb }: SendRequest,
    account: Account,
  ): Learned | undefined {
    const emailId = invite.email === null ? attempt.email_id : emailLocalId(invite.email);
    const supersedes = verb === 'SEND_NEW' || verb === 'INVITE';
    const note = isRemembered(account, verb) ? ledger.memory.after(invite, supersedes) : null;
    return note || emailId !== attempt.email_id ? { emailId, note } : undefined;
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

  function isRemembered(account: Account, verb: InviteVerb): boolean {
    const { remembers } = provider(account);
    return remembers === 'EVERY_INVITE' || (remembers === 'WITHDRAWN_INVITES' && verb === 'REVOKE');
  }
}

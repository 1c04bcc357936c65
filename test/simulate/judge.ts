import type { SendResult } from '../../src/invites/result';
import type { RememberedRow } from '../../src/ledger/tables';
import type { RequestPlan } from './plan';
import type { Effect } from './vendor';

/** The property that a history has broken; see README.md. */
export type Property = 'KEY' | 'COOLDOWN' | 'STATE' | 'ANSWER' | 'MEMORY' | 'ERROR';

/** What is wrong with a history. */
export interface Violation {
  readonly property: Property;
  readonly text: string;
}

/** What is true of one request, whatever the product knows. Times are true, in milliseconds. */
export interface Facts {
  readonly number: number;
  readonly plan: RequestPlan;
  readonly account: string;
  readonly key: string | null;
  /** The step at which it arrived. */
  readonly arrivedAt: number;
  /** The id of the attempt that it has begun. */
  attempt: string | null;
  beganAt: number;
  /** When the outcome was noted, by whatever replica. */
  closedAt: number;
  /** The step at which the state was read that it goes by. */
  readAt: number;
  /** The invites whose address the ledger knew when it began. */
  linked: ReadonlySet<string>;
  executed: { readonly effect: Effect; readonly step: number; readonly isLate: boolean } | null;
  /** Whether a caller has got the answer NOT_SENT or REJECTED: it must never be executed. */
  toldNot: boolean;
  /** The outcome in the first answer other than UNKNOWN, and the step of that answer. */
  final: { readonly outcome: string; readonly step: number } | null;
}

/** Judges a history by what the vendor has executed. */
export interface Judge {
  onExecuted(facts: Facts, effect: Effect, isLate: boolean, step: number): void;
  onResult(facts: Facts, result: SendResult, step: number): void;
  /** Compares what is remembered now with what was remembered before. */
  onMemory(rows: readonly RememberedRow[]): void;
  /** A write must be answered, whatever happens. */
  onError(error: unknown): void;
  /** Outcomes that were noted may be gone: only what they say of the vendor is judged from now on. */
  onPowerCut(): void;
  readonly violation: Violation | null;
}

/** Makes the judge of one history. */
export function createJudge(
  requests: readonly Facts[],
  limits: { readonly cooldown: number; readonly idempotencyTtl: number; readonly lease: number },
): Judge {
  let violation: Violation | null = null;
  let hasLost = false;
  let memory = new Map<string, RememberedRow>();
  const fail = (property: Property, text: string): void => {
    violation ??= { property, text };
  };

  const onExecuted: Judge['onExecuted'] = (facts, effect, isLate, step) => {
    const { number } = facts;
    if (facts.executed) fail('KEY', `request ${number} was executed twice`);
    if (facts.toldNot)
      fail('ANSWER', `request ${number} was executed after it was answered NOT_SENT or REJECTED`);
    for (const other of requests)
      if (other !== facts && other.executed) {
        const later = other.beganAt > facts.beganAt ? other : facts;
        const earlier = later === facts ? other : facts;
        const both = `requests ${earlier.number} and ${later.number}`;
        if (haveOneKey(earlier, later)) fail('KEY', `${both} were executed under one idempotency key`);
        const isMail = effect.kind === 'EMAIL' && other.executed.effect.kind === 'EMAIL';
        if (!isMail || !isOnePerson(later, { ...facts, executed: { effect, step, isLate } }, other)) continue;
        const apart = later.beganAt - earlier.beganAt;
        if (apart < limits.cooldown) fail('COOLDOWN', `${both} sent emails to one person ${apart} ms apart`);
        if (!isLate && !other.executed.isLate && facts.readAt < other.executed.step)
          fail(
            'STATE',
            `request ${number} sent an email on a state from before the email of request ${other.number}`,
          );
      }
    facts.executed = { effect, step, isLate };
  };

  /** Whether the key of the earlier one was still kept when the later one began. */
  const haveOneKey = (earlier: Facts, later: Facts): boolean =>
    later.key !== null &&
    later.key === earlier.key &&
    later.account === earlier.account &&
    (later.beganAt - earlier.beganAt <= limits.idempotencyTtl ||
      (later.beganAt < earlier.closedAt && later.beganAt < earlier.beganAt + limits.lease));

  const onResult: Judge['onResult'] = (facts, { outcome, attempt }, step) => {
    // Of an attempt that another request has begun, its facts count.
    const begun = attempt ? requests.find((other) => other.attempt === attempt.id) : facts;
    if (!begun) {
      if (!hasLost)
        fail('ANSWER', `request ${facts.number} was answered with an attempt that does not exist`);
      return;
    }
    const answer = `request ${facts.number} was answered ${outcome} for request ${begun.number}`;
    if (outcome === 'REQUESTED' && !begun.executed)
      fail('ANSWER', `${answer}, which the vendor has not executed`);
    if (outcome === 'NOT_SENT' || outcome === 'REJECTED') {
      if (begun.executed) fail('ANSWER', `${answer}, which the vendor has executed`);
      begun.toldNot = true;
    }
    if (!attempt || hasLost) return;
    const { final } = begun;
    // What could not be noted, or not be read again, is known no more; and calls side by side may be answered in any order.
    const mayBeUnknown =
      begun.plan.close !== 'DONE' || facts.plan.begin !== 'DONE' || facts.arrivedAt <= (final?.step ?? 0);
    if (final && final.outcome !== outcome && !(outcome === 'UNKNOWN' && mayBeUnknown))
      fail('ANSWER', `${answer}, after ${final.outcome}`);
    if (outcome !== 'UNKNOWN') begun.final ??= { outcome, step };
  };

  const onMemory: Judge['onMemory'] = (rows) => {
    const next = new Map(rows.map((row) => [`${row.account}:${row.invite}`, row]));
    for (const [id, before] of hasLost ? [] : memory) {
      const after = next.get(id);
      if (!after) fail('MEMORY', `${id} is no longer remembered`);
      else if (before.replaced_by !== null && after.replaced_by === null)
        fail('MEMORY', `${id} was replaced, and is no longer`);
      else if (before.status === 'REVOKED' && after.status !== 'REVOKED')
        fail('MEMORY', `${id} was REVOKED, and is ${after.status}`);
      else if (before.email !== null && after.email === null)
        fail('MEMORY', `the address of ${id} is forgotten`);
    }
    memory = next;
  };

  return {
    onExecuted,
    onResult,
    onMemory,
    onError: (error) => {
      fail('ERROR', error instanceof Error ? (error.stack ?? error.message) : String(error));
    },
    onPowerCut: () => {
      hasLost = true;
    },
    get violation() {
      return violation;
    },
  };
}

/**
 * Whether two emails are one person's, as far as the ledger could know when the later one began: an invite that was sent
 * elsewhere is known by its id alone until the ledger knows its address.
 */
function isOnePerson(later: Facts, one: Facts, other: Facts): boolean {
  const [first, second] = [one.executed?.effect, other.executed?.effect];
  if (!first || !second || first.email !== second.email) return false;
  if (first.named !== null && first.named === second.named) return true;
  const isKnown = ({ named }: Effect): boolean => named === null || later.linked.has(named);
  return isKnown(first) && isKnown(second);
}

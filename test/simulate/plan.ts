import type { InviteVerb, Vendor } from '../../src/model';

/**
 * What becomes of a request's one vendor write. FAILED: a 5xx. DIES: its process does, before the request leaves or after it
 * was executed. LATE: executed after its caller has given up. VERY_LATE: executed after the lease, and the process stands
 * still until then.
 */
export type Fate =
  | 'ANSWERED'
  | 'REFUSED'
  | 'REQUEST_LOST'
  | 'ANSWER_LOST'
  | 'RESET_BEFORE'
  | 'RESET_AFTER'
  | 'FAILED_BEFORE'
  | 'FAILED_AFTER'
  | 'UNREACHABLE'
  | 'DIES_BEFORE'
  | 'DIES_AFTER'
  | 'LATE'
  | 'VERY_LATE';

/** One call of a mutation. */
export interface RequestPlan {
  readonly verb: Exclude<InviteVerb, 'REVEAL_LINK'>;
  readonly person: number;
  /** Which of the two account keys of the store. */
  readonly account: number;
  readonly replica: number;
  readonly key: string | null;
  /** Repeats the call of this number: the same input and key. */
  readonly again: number | null;
  readonly newest: boolean;
  readonly fate: Fate;
  /** What becomes of the transaction that writes the receipt. */
  readonly begin: 'DONE' | 'ANSWER_LOST' | 'FAILS';
  /** What becomes of the transactions that note the outcome. */
  readonly close: 'DONE' | 'ANSWER_LOST' | 'FAILS_ONCE' | 'FAILS';
  readonly leaves: boolean;
}

/** Something that happens at a moment that the schedule chooses, or never. */
export type EventPlan =
  | { readonly kind: 'KILL'; readonly replica: number }
  | { readonly kind: 'STEP_CLOCK'; readonly replica: number; readonly ms: number }
  | { readonly kind: 'LEARN_ADDRESS' }
  | { readonly kind: 'PURGE_KEYS'; readonly replica: number }
  | { readonly kind: 'POWER_CUT' };

/** All of a history but the order of its steps. */
export interface Plan {
  readonly seed: number;
  readonly vendor: Vendor;
  readonly state: 'ABSENT' | 'PENDING' | 'EXPIRED' | 'REVOKED';
  /** Whether the ledger remembers the invite. */
  readonly remembered: boolean;
  /** How long ago the vendor sent it last, by true time, in milliseconds. */
  readonly age: number;
  readonly limits: {
    readonly cooldown: number;
    readonly idempotencyTtl: number;
    readonly writeTimeout: number;
    readonly operationDeadline: number;
  };
  /** How far the wall clock of each replica is ahead of true time, in milliseconds. */
  readonly skews: readonly number[];
  readonly vendorSkew: number;
  readonly requests: readonly RequestPlan[];
  readonly events: readonly EventPlan[];
  /** How the next step is drawn; see scheduler.ts. */
  readonly order: 'UNIFORM' | 'STICKY' | 'PRIORITY';
  /** How likely time passes instead of a step. */
  readonly pace: number;
}

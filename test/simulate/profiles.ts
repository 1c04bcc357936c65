import type { Vendor } from '../../src/model';
import type { EventPlan, Fate, Plan, RequestPlan } from './plan';

/** Where most of a history's chances lie. Shares are from 0 to 1, lengths in milliseconds. */
export interface Profile {
  readonly vendors: readonly Vendor[];
  readonly verbs: readonly RequestPlan['verb'][];
  /** How likely all requests have the same verb. */
  readonly oneVerb: number;
  /** The states of the first invite that these verbs have something to do with. */
  readonly states: (verbs: readonly RequestPlan['verb'][]) => readonly Plan['state'][];
  readonly remembered: number;
  /** How long ago the vendor sent the invite. */
  readonly ages: readonly number[];
  /** By how much a wall clock steps. */
  readonly steps: readonly number[];
  /** How far the vendor's clock is ahead. */
  readonly vendorSkews: readonly number[];
  readonly cooldowns: readonly number[];
  readonly ttls: readonly number[];
  readonly deadlines: readonly number[];
  readonly twoPeople: number;
  readonly secondAccount: number;
  /** How likely a request has an idempotency key, and which. */
  readonly keys: number;
  readonly keyNames: readonly string[];
  readonly again: number;
  /** How likely something becomes of a vendor write other than its answer, and what. */
  readonly fates: number;
  readonly fateList?: readonly Fate[];
  /** How likely the outcome cannot be noted as it should be. */
  readonly closes: number;
  /** How many requests there are. */
  readonly counts: readonly number[];
  /** What is certain of the first requests. */
  readonly requests: readonly Partial<RequestPlan>[];
  /** What is certain of the plan. */
  readonly plan?: Partial<Plan>;
  readonly events: { readonly [kind in EventPlan['kind']]?: number };
}

const DAY_MS = 86_400_000;

/** How far wall clocks are from true time, and by how much they step. */
export const CLOCK_STEPS = [-3_600_000, -61_000, -3000, 3000, 61_000, 3_600_000];

const fitting: Profile['states'] = (verbs) => {
  const [only] = verbs;
  if (verbs.length > 1) return ['ABSENT', 'PENDING', 'PENDING', 'EXPIRED', 'REVOKED'];
  if (only === 'SEND_NEW') return ['EXPIRED', 'REVOKED'];
  return only === 'INVITE' ? ['ABSENT', 'REVOKED'] : ['PENDING'];
};

/** Anything. */
const mixed: Profile = {
  vendors: ['WIX', 'SOFTWAREONE', 'ECWID'],
  verbs: ['RESEND', 'SEND_NEW', 'INVITE', 'REVOKE'],
  oneVerb: 0.4,
  states: fitting,
  remembered: 0.5,
  ages: [1000, DAY_MS],
  steps: CLOCK_STEPS,
  vendorSkews: [0, 0, 0, 0, -20_000, -2000, 2000, 20_000],
  cooldowns: [60_000, 10_000, 1000, 0],
  ttls: [DAY_MS, DAY_MS, 90_000, 5000],
  deadlines: [8000, 120_000],
  twoPeople: 0.15,
  secondAccount: 0.2,
  keys: 0.5,
  keyNames: ['key-1', 'key-1', 'key-2'],
  again: 0.3,
  fates: 0.4,
  closes: 0.1,
  counts: [2, 2, 2, 3, 3, 4],
  requests: [],
  events: { KILL: 0.3, STEP_CLOCK: 0.3 },
};

/** An attempt whose process has died, and the vendor's evidence of whether it was carried out. */
const reconciling: Profile = {
  ...mixed,
  vendors: ['SOFTWAREONE'],
  verbs: ['RESEND'],
  states: () => ['PENDING'],
  ages: [1000],
  vendorSkews: [0, 0, -20_000, -2000, 2000, 20_000],
  cooldowns: [0, 0, 1000],
  ttls: [DAY_MS],
  deadlines: [120_000],
  twoPeople: 0,
  keys: 0.8,
  again: 0.4,
  fates: 0.75,
  fateList: [
    'ANSWER_LOST',
    'DIES_BEFORE',
    'DIES_BEFORE',
    'DIES_BEFORE',
    'DIES_AFTER',
    'LATE',
    'LATE',
    'VERY_LATE',
  ],
  closes: 0.15,
  events: { KILL: 0.2, STEP_CLOCK: 0, LEARN_ADDRESS: 0, PURGE_KEYS: 0, POWER_CUT: 0 },
};

/** The same, where the vendor's evidence is of another attempt that it has executed late. */
const evidence: Profile = {
  ...reconciling,
  vendorSkews: [0, 0, 2000],
  cooldowns: [0],
  secondAccount: 0,
  fates: 1,
  fateList: ['LATE', 'VERY_LATE'],
  closes: 0,
  counts: [2],
  requests: [
    { replica: 0, key: null, begin: 'DONE', leaves: false },
    { replica: 1, key: 'key-1', again: null, fate: 'DIES_BEFORE', begin: 'DONE', leaves: false },
  ],
  plan: { order: 'PRIORITY', pace: 0.02 },
  events: { KILL: 0, STEP_CLOCK: 0, LEARN_ADDRESS: 0, PURGE_KEYS: 0, POWER_CUT: 0 },
};

/** An invite that was sent elsewhere, by its id and by its address. */
const identity: Profile = {
  ...mixed,
  vendors: ['WIX'],
  verbs: ['RESEND', 'RESEND', 'INVITE'],
  states: () => ['PENDING', 'REVOKED'],
  remembered: 0.2,
  cooldowns: [60_000],
  ttls: [DAY_MS],
  twoPeople: 0,
  secondAccount: 0.4,
  keys: 0.2,
  again: 0.2,
  fateList: ['ANSWER_LOST', 'RESET_AFTER', 'LATE'],
  events: { KILL: 0.2, LEARN_ADDRESS: 0.8, STEP_CLOCK: 0, PURGE_KEYS: 0, POWER_CUT: 0 },
};

/** Processes that stop for longer than a lease. */
const suspended: Profile = {
  ...mixed,
  vendors: ['WIX', 'SOFTWAREONE', 'ECWID'],
  verbs: ['RESEND'],
  states: () => ['PENDING'],
  remembered: 1,
  cooldowns: [0, 0, 0, 60_000],
  ttls: [DAY_MS],
  deadlines: [120_000],
  twoPeople: 0,
  secondAccount: 0.1,
  keys: 0,
  fates: 0.05,
  counts: [2, 2, 2, 3],
  steps: [-3_600_000, -61_000],
  events: { STEP_CLOCK: 0.8, KILL: 0.1, LEARN_ADDRESS: 0, PURGE_KEYS: 0, POWER_CUT: 0 },
};

/** What the ledger remembers of an invite. */
const memory: Profile = {
  ...mixed,
  vendors: ['WIX', 'WIX', 'ECWID'],
  states: () => ['PENDING', 'PENDING', 'EXPIRED', 'REVOKED'],
  remembered: 0.8,
  cooldowns: [0, 0, 1000],
  ttls: [DAY_MS],
  twoPeople: 0,
  keys: 0.2,
  again: 0.3,
  fates: 0.15,
  events: { KILL: 0.1, LEARN_ADDRESS: 0.2, STEP_CLOCK: 0, POWER_CUT: 0 },
};

/** Keys that are used again, that end and that are purged, and databases that lose their power. */
const keys: Profile = {
  ...mixed,
  verbs: ['RESEND', 'REVOKE'],
  oneVerb: 0,
  remembered: 0.9,
  cooldowns: [0, 0, 1000, 60_000],
  ttls: [DAY_MS, DAY_MS, 90_000, 5000, 1, 1, 1],
  deadlines: [120_000],
  keys: 1,
  keyNames: ['key-1'],
  again: 0.25,
  events: { PURGE_KEYS: 0.5, POWER_CUT: 0.4, KILL: 0.1, LEARN_ADDRESS: 0 },
};

/** One of them is drawn for each history. */
export const PROFILES: readonly Profile[] = [mixed, reconciling, evidence, identity, suspended, memory, keys];

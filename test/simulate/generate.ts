import { createRandom, type Random } from '../support/random';
import type { EventPlan, Fate, Plan, RequestPlan } from './plan';
import { CLOCK_STEPS, PROFILES, type Profile } from './profiles';

const FAULTS: readonly Fate[] = [
  ...(['REFUSED', 'REQUEST_LOST', 'ANSWER_LOST', 'RESET_BEFORE', 'RESET_AFTER'] as const),
  ...(['FAILED_BEFORE', 'FAILED_AFTER', 'UNREACHABLE', 'LATE'] as const),
  ...(['DIES_BEFORE', 'DIES_AFTER', 'VERY_LATE'] as const),
];

/** Makes the plan of a history. The same seed makes the same plan. */
export function planHistory(seed: number): Plan {
  const random = createRandom(seed);
  const profile = random.pick(PROFILES);
  const replicas = random.chance(0.25) ? 3 : 2;
  const people = random.chance(profile.twoPeople) ? 2 : 1;
  const verbs = random.chance(profile.oneVerb) ? [random.pick(profile.verbs)] : profile.verbs;
  const faults = random.chance(0.2) ? 0 : 1;
  const count = random.pick(profile.counts);
  const requests: RequestPlan[] = [];
  while (requests.length < count)
    requests.push(
      planRequest(random, profile, { verbs, people, replicas, faults, earlier: requests.length }),
    );
  return {
    seed,
    vendor: random.pick(profile.vendors),
    state: random.pick(profile.states(verbs)),
    remembered: random.chance(profile.remembered),
    age: random.pick(profile.ages),
    limits: {
      cooldown: random.pick(profile.cooldowns),
      idempotencyTtl: random.pick(profile.ttls),
      writeTimeout: random.pick([6000, 15_000]),
      operationDeadline: random.pick(profile.deadlines),
    },
    skews: Array.from({ length: replicas }, () => (random.chance(0.5) ? 0 : random.pick(CLOCK_STEPS))),
    vendorSkew: random.pick(profile.vendorSkews),
    requests,
    events: planEvents(random, profile, replicas, faults),
    order: random.pick(['UNIFORM', 'STICKY', 'PRIORITY', 'PRIORITY', 'PRIORITY'] as const),
    pace: random.pick([0.02, 0.08, 0.2]),
    ...profile.plan,
  };
}

function planRequest(
  random: Random,
  profile: Profile,
  ranges: {
    readonly verbs: readonly RequestPlan['verb'][];
    readonly people: number;
    readonly replicas: number;
    /** How much of the profile's share of faults there is. */
    readonly faults: number;
    readonly earlier: number;
  },
): RequestPlan {
  const { verbs, people, replicas, faults, earlier } = ranges;
  const drawn: RequestPlan = {
    verb: random.pick(verbs),
    person: random.below(people),
    account: random.chance(profile.secondAccount) ? 1 : 0,
    replica: random.below(replicas),
    key: random.chance(profile.keys) ? random.pick(profile.keyNames) : null,
    again: earlier > 0 && random.chance(profile.again) ? random.below(earlier) : null,
    newest: random.chance(0.3),
    fate: random.chance(profile.fates * faults) ? random.pick(profile.fateList ?? FAULTS) : 'ANSWERED',
    begin: random.chance(0.1 * faults) ? random.pick(['ANSWER_LOST', 'FAILS'] as const) : 'DONE',
    close: random.chance(profile.closes * faults)
      ? random.pick(['ANSWER_LOST', 'FAILS_ONCE', 'FAILS'] as const)
      : 'DONE',
    leaves: random.chance(0.05 * faults),
  };
  return { ...drawn, ...profile.requests[earlier] };
}

function planEvents(
  random: Random,
  { events, steps }: Profile,
  replicas: number,
  faults: number,
): EventPlan[] {
  const replica = (): number => random.below(replicas);
  const has = (kind: EventPlan['kind']): boolean => random.chance((events[kind] ?? 0.1) * faults);
  const planned: EventPlan[] = [];
  if (has('KILL')) planned.push({ kind: 'KILL', replica: replica() });
  if (has('STEP_CLOCK')) planned.push({ kind: 'STEP_CLOCK', replica: replica(), ms: random.pick(steps) });
  if (has('LEARN_ADDRESS')) planned.push({ kind: 'LEARN_ADDRESS' });
  if (has('PURGE_KEYS')) planned.push({ kind: 'PURGE_KEYS', replica: replica() });
  if (has('POWER_CUT')) planned.push({ kind: 'POWER_CUT' });
  return planned;
}

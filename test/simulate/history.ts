import { leaseOf } from '../../src/invites/send-limits';
import { createRandom } from '../support/random';
import type { SharedDatabase } from './database';
import type { Violation } from './judge';
import { replacePlatform } from './platform';
import type { Plan } from './plan';
import { type Choices, createScheduler, newChoices, replayChoices } from './scheduler';
import { openWorld } from './world';

/** What came of one history. */
export interface History {
  readonly plan: Plan;
  readonly choices: readonly number[];
  readonly violation: Violation | null;
  /** What happened, one line a step. */
  readonly trace: readonly string[];
}

/** True time at the beginning of every history. */
export const START = Date.parse('2026-03-10T00:00:00.000Z');

/** Runs one history: as its seed has it, or by the choices of an earlier run. */
export function runHistory(
  shared: SharedDatabase,
  plan: Plan,
  recorded?: readonly number[],
): Promise<History> {
  return run(shared, plan, recorded ? replayChoices(recorded) : newChoices());
}

async function run(shared: SharedDatabase, plan: Plan, choices: Choices): Promise<History> {
  const lease = leaseOf(plan.limits);
  const scheduler = createScheduler({
    ...{ start: START, choices, pauses: pausesOf(plan, lease) },
    ...{ random: createRandom(plan.seed ^ 0x5bd1e995), order: plan.order, pace: plan.pace },
  });
  const jitter = createRandom(plan.seed ^ 0x2545f491);
  let isRunning = false;
  const restore = replacePlatform({
    wall: () => scheduler.now() + (scheduler.owner().process?.skew ?? 0),
    monotonic: () => scheduler.now() - START + 1000,
    sinceBoot: () => scheduler.now() - START + 1_000_000,
    random: jitter.next,
    isWaiting: () => shared.kind === 'PostgreSQL' && (!isRunning || scheduler.inFlight > 0),
    after: (ms, run) => {
      const step = scheduler.add({ name: `timer of ${ms} ms`, due: scheduler.now() + ms, run });
      return () => {
        scheduler.remove(step);
      };
    },
  });
  try {
    const world = await openWorld(shared, plan, scheduler);
    isRunning = true;
    await scheduler.run(() => world.judge.violation !== null);
    isRunning = false;
    await world.askAgain();
    isRunning = true;
    await scheduler.run(() => world.judge.violation !== null);
    world.close();
    return { plan, choices: choices.made, violation: world.judge.violation, trace: scheduler.trace };
  } finally {
    restore();
  }
}

/** How long time may stand between two steps: the lengths that decide something, and one more. */
function pausesOf({ limits }: Plan, lease: number): number[] {
  const { cooldown, idempotencyTtl, writeTimeout } = limits;
  const lengths = [writeTimeout, lease - writeTimeout, lease, cooldown, idempotencyTtl];
  return [
    ...new Set([1, 200, 2000, ...lengths.filter((ms) => ms > 1 && ms < 86_400_000).map((ms) => ms + 1)]),
  ].sort((one, other) => one - other);
}

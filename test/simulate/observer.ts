import type { AttemptRow, RememberedRow } from '../../src/ledger/tables';
import {
  type DatabaseHooks,
  isDurable,
  readRemembered,
  readTables,
  restoreTables,
  type SharedDatabase,
} from './database';
import type { Facts, Judge } from './judge';
import type { Plan } from './plan';
import type { Owner, Scheduler } from './scheduler';
import type { Effect } from './vendor';

/** Sees what the product does at its edges, applies the faults of the plan there, and reports to the judge. */
export interface Observer {
  hooks(): DatabaseHooks;
  onVendorRead(owner: Owner): void;
  onExecuted(owner: Owner, effect: Effect, isLate: boolean): void;
  /** All that is not on the disk is gone. */
  cutPower(): void;
  /** From now on the scheduler decides when things happen. */
  begin(): Promise<void>;
  resume(): void;
  end(): void;
}

/** Makes the observer of one history. */
export function createObserver({
  shared,
  plan,
  scheduler,
  facts,
  judge,
}: {
  readonly shared: SharedDatabase;
  readonly plan: Plan;
  readonly scheduler: Scheduler;
  readonly facts: readonly Facts[];
  readonly judge: Judge;
}): Observer {
  const remembers = plan.vendor !== 'SOFTWAREONE';
  const hasPowerCut = plan.events.some(({ kind }) => kind === 'POWER_CUT');
  let isRunning = false;
  let onDisk: Record<string, readonly object[]> = {};
  let memory: readonly RememberedRow[] = [];
  const closings = new Map<number, number>();

  const factsNow = (): Facts | undefined => facts[scheduler.owner().request ?? -1];
  const readMemory = async (): Promise<void> => {
    if (!remembers) return;
    memory = await readRemembered(shared);
    judge.onMemory(memory);
  };
  const keepIfDurable = async (): Promise<void> => {
    if (hasPowerCut && (await isDurable(shared))) onDisk = await readTables(shared);
  };

  /** The outcomes of these attempts are noted. */
  const noteClosed = (value: unknown): void => {
    const rows = (Array.isArray(value) ? value : [value ?? {}]) as Partial<AttemptRow>[];
    for (const row of rows) {
      const closed = facts.find(({ attempt }) => attempt !== null && attempt === row.id);
      if (closed) closed.closedAt = Math.min(closed.closedAt, scheduler.now());
    }
  };

  const running: DatabaseHooks = {
    scheduler,
    onRead: (statement) => {
      const own = factsNow();
      if (own && own.attempt === null && statement.includes('"remembered_invites"'))
        own.readAt = scheduler.step();
    },
    beforeWrite: () => {
      const own = factsNow();
      if (!own) return;
      if (own.attempt === null) {
        if (own.plan.begin === 'FAILS') throw new Error('the database is away');
        return;
      }
      const closings_ = closings.get(own.number) ?? 0;
      closings.set(own.number, closings_ + 1);
      if (own.plan.close === 'FAILS' || (own.plan.close === 'FAILS_ONCE' && closings_ === 0))
        throw new Error('the database is away');
    },
    afterWrite: async (value) => {
      const own = factsNow();
      await keepIfDurable();
      const begun = value as { kind?: string; attempt?: AttemptRow } | null | undefined;
      // What else is committed changes nothing that is remembered.
      if (begun?.kind === undefined || begun.attempt?.verb === 'REVOKE') await readMemory();
      if (own && begun?.kind === 'begun' && begun.attempt) {
        own.attempt = begun.attempt.id;
        own.beganAt = scheduler.now();
        own.linked = new Set(memory.filter(({ email }) => email !== null).map(({ invite }) => invite));
        if (own.plan.begin === 'ANSWER_LOST') throw new Error('the answer to COMMIT is lost');
        return;
      }
      noteClosed(value);
      if (own?.plan.close === 'ANSWER_LOST' && closings.get(own.number) === 1)
        throw new Error('the answer to COMMIT is lost');
    },
  };

  return {
    hooks: () => (isRunning ? running : IDLE),
    onVendorRead: ({ request }) => {
      const own = facts[request ?? -1];
      if (own && own.attempt === null) own.readAt = scheduler.step();
    },
    onExecuted: ({ request }, effect, isLate) => {
      const own = facts[request ?? -1];
      if (!own) throw new Error('an execution of no request');
      judge.onExecuted(own, effect, isLate, scheduler.step());
    },
    cutPower: () => {
      judge.onPowerCut();
      scheduler.inFlight++;
      void restoreTables(shared, onDisk).finally(() => scheduler.inFlight--);
    },
    begin: async () => {
      await readMemory();
      if (hasPowerCut) onDisk = await readTables(shared);
      isRunning = true;
    },
    resume: () => {
      isRunning = true;
    },
    end: () => {
      isRunning = false;
    },
  };
}

const IDLE: DatabaseHooks = {
  scheduler: null,
  onRead: () => undefined,
  beforeWrite: () => undefined,
  afterWrite: () => Promise.resolve(),
};

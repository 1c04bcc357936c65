import type { Random } from '../support/random';
import { settled } from './platform';

/** A process of the simulation: has clocks of its own, and may die. */
export interface Process {
  readonly name: string;
  /** How far its wall clock is ahead of true time, in milliseconds. */
  skew: number;
  isAlive: boolean;
}

/** Which process a step runs on, and for which request: all that it leads to belongs to the same. */
export interface Owner {
  readonly process: Process | null;
  /** Its number, null for what belongs to none. */
  readonly request: number | null;
}

/** Something that can happen next. */
export interface Step {
  readonly name: string;
  readonly owner: Owner;
  /** True time before which it cannot happen. */
  readonly due: number;
  /** True time after which it no longer happens. */
  readonly expires: number;
  /** Whether a history can end without it. */
  readonly isOptional: boolean;
  run(): void;
}

/** Decides everything that is left open: the numbers of a history's choices, made anew or replayed. */
export interface Choices {
  /** A number below `options`; `draw` makes it where none is recorded. 0 is the simplest choice. */
  choose(options: number, draw: () => number): number;
  readonly made: readonly number[];
}

/** Makes choices anew, from what a seed gives. */
export function newChoices(): Choices {
  const made: number[] = [];
  return {
    made,
    choose: (_options, draw) => {
      const choice = draw();
      made.push(choice);
      return choice;
    },
  };
}

/** Makes recorded choices again; the simplest one where none is recorded. */
export function replayChoices(recorded: readonly number[]): Choices {
  const made: number[] = [];
  return {
    made,
    choose: (options) => {
      const choice = recorded[made.length] ?? 0;
      made.push(choice);
      return choice < options ? choice : 0;
    },
  };
}

/** Lets one step happen at a time, and everything that follows from it without another step. */
export interface Scheduler {
  /** True time, in milliseconds since 1970. */
  now(): number;
  /** The owner of the step that happens now. */
  owner(): Owner;
  /** The number of the step that happens now. */
  step(): number;
  add(step: Partial<Step> & Pick<Step, 'name' | 'run'>): Step;
  remove(step: Step): void;
  /** Gives what a promise waits for at a later step of the same owner. */
  later<T>(name: string, result: () => T): Promise<T>;
  /** A process stands still: nothing of this owner happens until `release`. */
  hold(owner: Owner): void;
  release(owner: Owner): void;
  /** Lets time pass, in milliseconds. */
  pass(ms: number): void;
  /** Lets steps happen until only optional ones are left, or `isOver` says so. */
  run(isOver: () => boolean): Promise<void>;
  /** Adds to the story of the history, for people and for comparing two runs. */
  note(text: string): void;
  readonly trace: readonly string[];
  /** Operations on a real database that have been asked and not answered. */
  inFlight: number;
}

const NOBODY: Owner = { process: null, request: null };
const MAX_STEPS = 400;

/** Makes the scheduler of one history. */
export function createScheduler(parts: {
  readonly start: number;
  readonly choices: Choices;
  readonly random: Random;
  /**
   * How the next step is drawn. UNIFORM: any. STICKY: often one of the request that was last at it. PRIORITY: the request that
   * comes first in an order of chance, in which now and then one that was at it becomes the last; so one can stand still for
   * very long.
   */
  readonly order: 'UNIFORM' | 'STICKY' | 'PRIORITY';
  /** How likely time passes instead of a step. */
  readonly pace: number;
  /** By how much time may pass at once, in milliseconds, the shortest first. */
  readonly pauses: readonly number[];
}): Scheduler {
  const { choices, random, order, pace, pauses } = parts;
  const priorities = new Map<string, number>();
  const held = new Set<string>();
  let stalled = 0;
  const pending: Step[] = [];
  const trace: string[] = [];
  let now = parts.start;
  let owner = NOBODY;
  let steps = 0;

  const remove = (step: Step): void => {
    const place = pending.indexOf(step);
    if (place >= 0) pending.splice(place, 1);
  };

  const add: Scheduler['add'] = (step) => {
    const made = { owner, due: 0, expires: Infinity, isOptional: false, ...step };
    pending.push(made);
    return made;
  };

  const drawStep = (required: readonly Step[], optional: readonly Step[]): number => {
    if (required.length === 0 || (optional.length > 0 && random.chance(0.08)))
      return optional.length === 0 ? 0 : required.length + pauses.length + random.below(optional.length);
    if (random.chance(pace)) return required.length + random.below(pauses.length);
    if (order === 'PRIORITY') {
      if (random.chance(0.12)) {
        priorities.set(laneOf(owner), -random.next());
        stalled = 2;
      }
      // While it stands still, something else happens, or time passes: often as much as decides something.
      if (stalled-- > 0) {
        if (optional.length > 0 && random.chance(0.4))
          return required.length + pauses.length + random.below(optional.length);
        if (random.chance(0.4)) return required.length + random.below(pauses.length);
      }
      return drawByPriority(required);
    }
    const same = required.findIndex((step) => step.owner.request === owner.request);
    return same >= 0 && order === 'STICKY' && random.chance(0.8) ? same : random.below(required.length);
  };

  const drawByPriority = (required: readonly Step[]): number => {
    let best = 0;
    let highest = -Infinity;
    for (const [place, step] of required.entries()) {
      const lane = laneOf(step.owner);
      const priority = priorities.get(lane) ?? random.next();
      priorities.set(lane, priority);
      // Steps of one request, such as a timer and an answer, are as likely to come first.
      if (priority > highest || (priority === highest && random.chance(0.5)))
        [best, highest] = [place, priority];
    }
    return best;
  };

  const note = (text: string): void => {
    trace.push(`${((now - parts.start) / 1000).toFixed(3).padStart(9)} s  ${text}`);
  };

  const pass = (ms: number): void => {
    now += ms;
    for (const step of [...pending])
      if (step.expires < now) {
        remove(step);
        note(`${step.name}: lost`);
      }
  };

  const run = async (isOver: () => boolean): Promise<void> => {
    for (; steps < MAX_STEPS && !isOver(); steps++) {
      const alive = pending.filter(
        ({ owner: own }) => own.process?.isAlive !== false && (held.size === 0 || !held.has(laneOf(own))),
      );
      const required = alive.filter((step) => !step.isOptional);
      if (required.length === 0) return;
      const ready = required.filter(({ due }) => due <= now);
      if (ready.length === 0) {
        pass(Math.min(...required.map(({ due }) => due)) - now);
        continue;
      }
      const optional = alive.filter((step) => step.isOptional);
      const options = ready.length + pauses.length + optional.length;
      const choice = choices.choose(options, () => drawStep(ready, optional));
      const pause = pauses[choice - ready.length];
      if (pause !== undefined) {
        pass(pause);
        continue;
      }
      const step = ready[choice] ?? optional[choice - ready.length - pauses.length];
      if (!step) throw new Error('no such choice');
      remove(step);
      owner = step.owner;
      note(describe(step));
      step.run();
      do await settled();
      while (scheduler.inFlight > 0);
    }
  };

  const scheduler: Scheduler = {
    now: () => now,
    owner: () => owner,
    step: () => steps,
    add,
    remove,
    later: (name, result) =>
      new Promise((resolve, reject) => {
        add({
          name,
          run: () => {
            try {
              resolve(result());
            } catch (error) {
              reject(error instanceof Error ? error : new Error('not an error', { cause: error }));
            }
          },
        });
      }),
    hold: (other) => void held.add(laneOf(other)),
    release: (other) => void held.delete(laneOf(other)),
    pass,
    run,
    note,
    trace,
    inFlight: 0,
  };
  return scheduler;
}

/** What goes on in one order: a request on its process, or at the vendor. */
const laneOf = ({ process, request }: Owner): string => `${process?.name ?? 'vendor'} ${request ?? ''}`;

const describe = ({ name, owner: { process, request } }: Step): string =>
  [process?.name, request === null ? null : `request ${request}`, name]
    .filter((part) => part !== null && part !== undefined)
    .join(', ');

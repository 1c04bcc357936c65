import { openSqlite } from '../../src/ledger/sqlite';
import type { SharedDatabase } from './database';
import { type History, runHistory, START } from './history';
import { replacePlatform, stopwatch } from './platform';
import { planHistory } from './generate';
import { shrink } from './shrink';

export { openSharedPostgres } from './postgres';
export { runHistory, planHistory, shrink, stopwatch };

/** Opens the one SQLite database in memory that all histories of this process use. */
export async function openSharedSqlite(): Promise<SharedDatabase> {
  const restore = replacePlatform({
    wall: () => START,
    monotonic: () => 1000,
    sinceBoot: () => 1_000_000,
    random: () => 0.5,
    isWaiting: () => false,
    after: () => () => undefined,
  });
  try {
    const quiet = { onIdleError: () => undefined, onMigration: () => undefined };
    return { kind: 'SQLite', database: await openSqlite({ kind: 'memory' }, quiet, null) };
  } finally {
    restore();
  }
}

/** How far a search went. */
export interface Search {
  /** The first history that broke a property; null if none did. */
  readonly failing: History | null;
  readonly histories: number;
  readonly choices: number;
  /** How often vendors have executed what, and callers were answered what. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Runs the histories of these seeds, one after another, until one breaks a property. */
export async function search(
  shared: SharedDatabase,
  from: number,
  histories: number,
  onProgress: (done: number) => void = () => undefined,
): Promise<Search> {
  let choices = 0;
  const counts = new Map<string, number>();
  for (let done = 1; done <= histories; done++) {
    const history = await runHistory(shared, planHistory(from + done - 1));
    choices += history.choices.length;
    for (const line of history.trace) {
      const what = countedIn(line, history.plan.vendor);
      if (what !== null) counts.set(what, (counts.get(what) ?? 0) + 1);
    }
    if (history.violation) return { failing: history, histories: done, choices, counts };
    onProgress(done);
  }
  return { failing: null, histories, choices, counts };
}

function countedIn(line: string, vendor: string): string | null {
  const [, answered] = / is answered (.*)/.exec(line) ?? [];
  if (answered !== undefined) return answered.trim();
  const [, executed] = / vendor executes \w+ .*\/([a-z-]+)/.exec(line) ?? [];
  return executed === undefined ? null : `${vendor} ${executed}`;
}

/** The seeds whose history is another one when it is run again, or when its choices are replayed: there must be none. */
export async function findUnstable(
  shared: SharedDatabase,
  from: number,
  histories: number,
): Promise<number[]> {
  const unstable: number[] = [];
  for (let seed = from; seed < from + histories; seed++) {
    const first = await runHistory(shared, planHistory(seed));
    const again = await runHistory(shared, planHistory(seed));
    const replayed = await runHistory(shared, first.plan, first.choices);
    const [text, ...others] = [first, again, replayed].map(({ trace }) => trace.join('\n'));
    if (others.some((other) => other !== text)) unstable.push(seed);
  }
  return unstable;
}

/** A history in words. */
export function describeHistory({ plan, violation, trace }: History): string {
  const { requests, events, limits, seed, vendor, state, remembered, skews, vendorSkew } = plan;
  return [
    violation ? `${violation.property}: ${violation.text}` : 'no property is broken',
    `seed ${seed}, ${vendor}, invite ${state}${remembered ? ', remembered' : ''}, limits ${JSON.stringify(limits)}`,
    `wall clocks ahead by ${skews.join(', ')} ms; vendor's by ${vendorSkew} ms`,
    ...requests.map((request, number) => `request ${number}: ${JSON.stringify(request)}`),
    ...events.map((event) => `event: ${JSON.stringify(event)}`),
    ...trace,
  ].join('\n');
}

import type { Emulators } from '../../src/emulators/start';
import type { Ledger } from '../../src/ledger/ledger';
import type { AttemptRow } from '../../src/ledger/tables';
import { isDefinite } from './client';
import { isRevokedAtVendor, type ObservedWrite, observeWrites } from '../support/observed-writes';
import { WRITE_TIMEOUT_MS } from './fault-cases';
import type { Attempted } from './once-run';

/** A write under a fault, and what is wrong with how it ended. */
export interface Judged extends Attempted {
  readonly sight: ObservedWrite;
  readonly end: string;
  /** Ended UNKNOWN because this machine took longer than the timeout, not because of the fault. */
  readonly late: boolean;
  readonly problems: readonly string[];
}

/** Looks at every write from three sides: what its client was told, what the ledger has, what the vendor did. */
export async function judgeFaults(
  all: readonly Attempted[],
  emulators: Emulators,
  { attempts }: Ledger,
): Promise<Judged[]> {
  const sights = observeWrites(
    emulators,
    all.map(({ write }) => write),
  );
  const judged: Judged[] = [];
  for (const attempted of all) {
    const { write, fault, manner, answers } = attempted;
    const sight = sights.of(write);
    const key = { account: write.account.key, actor: '', idempotency_key: write.key };
    const row = (await attempts.byKey(key))?.attempt ?? null;
    const withdrawn =
      write.verb === 'REVOKE' && sight.writes > 0 && (await isRevokedAtVendor(write, emulators));
    const executed = sight.mails > 0 || withdrawn;
    const name = `${write.vendor} ${write.verb} ${write.key} under "${fault.name}", ${manner}`;
    judged.push({
      ...attempted,
      sight,
      end: answers.at(-1)?.outcome ?? 'no answer',
      late: row?.outcome === 'UNKNOWN' && isLate(row) && !fault.ends.includes('UNKNOWN'),
      problems: problemsOf(attempted, { sight, row, executed }).map((problem) => `${name}: ${problem}`),
    });
  }
  const followed = (['ecwid', 'softwareone', 'wix'] as const).flatMap((vendor) =>
    emulators[vendor].requests.filter(({ path }) => path.includes('redirected')),
  );
  const [first, ...rest] = judged;
  const others = [
    ...sights.unplanned,
    ...followed.map(({ method }) => `a redirect was followed by ${method}`),
  ];
  return first ? [{ ...first, problems: [...first.problems, ...others] }, ...rest] : [];
}

/** A machine that is busy may be slower than the timeout, whatever the vendor does. */
const isLate = ({ at, closed_at: closed }: AttemptRow): boolean =>
  (closed ?? Infinity) - at >= WRITE_TIMEOUT_MS - 50;

interface Facts {
  readonly sight: ObservedWrite;
  readonly row: AttemptRow | null;
  readonly executed: boolean;
}

/** How an invite stands once a write has been done: under the same key, that is no reason to refuse it. */
const OWN_DOING: readonly (string | null)[] = ['INVITE_PENDING', 'INVITE_REVOKED', 'NOT_FOUND'];

function problemsOf(
  { write, fault, answers, failure }: Attempted,
  { sight, row, executed }: Facts,
): string[] {
  const end = answers.filter(isDefinite).at(-1);
  if (failure !== null || !end) return [`was never answered: ${failure ?? 'still in progress'}`];
  const { outcome, code } = end;
  const reached = sight.writes > 0;
  const told = answers.filter(({ attemptId }) => attemptId !== null);
  const slow = row !== null && isLate(row);
  const mayEnd = fault.ends.includes(outcome) || (slow && outcome === 'UNKNOWN');
  const detail = `${outcome} ${code ?? ''}`;
  const rules: readonly (readonly [broken: boolean, problem: string])[] = [
    [sight.mails > 1, `${sight.mails} mails`],
    [sight.writes > 1, `${sight.writes} vendor writes`],
    [reached && !row, 'was sent without a receipt'],
    [row?.outcome === 'SENDING', 'its receipt was left open'],
    [row !== null && row.outcome !== outcome, `was told ${detail}, but the ledger has ${row?.outcome ?? ''}`],
    [
      new Set(told.map((answer) => `${answer.outcome} ${answer.code ?? ''} ${answer.attemptId ?? ''}`)).size >
        1,
      `was told different things: ${JSON.stringify(told)}`,
    ],
    [outcome === 'REQUESTED' && !executed, 'REQUESTED, but the vendor did nothing'],
    [outcome === 'REJECTED' && executed, 'REJECTED, but the vendor acted'],
    [outcome === 'NOT_SENT' && reached, `${detail}, but the vendor was asked`],
    [outcome !== 'NOT_SENT' && !reached && !slow, `${detail}, but the vendor was never asked`],
    [reached && !mayEnd, `${detail}, but only ${fault.ends.join(' or ')} is right`],
    [
      reached && outcome === 'REJECTED' && fault.code !== undefined && code !== fault.code,
      `its code is ${code ?? 'none'}, not ${fault.code ?? ''}`,
    ],
    [code === 'VENDOR_THROTTLED' && end.availableAt === null, 'throttled, but it is not said until when'],
    [
      write.permitted && !fault.meanwhile && answers.some((answer) => OWN_DOING.includes(answer.code)),
      `was refused for what its own key had done: ${answers.map((answer) => answer.code ?? answer.outcome).join(', ')}`,
    ],
    [!write.permitted && (reached || outcome !== 'NOT_SENT'), `was not refused: ${detail}`],
    [outcome === 'UNKNOWN' && code !== 'OUTCOME_UNKNOWN', `UNKNOWN with ${code ?? 'no code'}`],
    [outcome === 'REQUESTED' && code !== null, `REQUESTED with ${code ?? ''}`],
  ];
  return rules.filter(([broken]) => broken).map(([, problem]) => problem);
}

const OUTCOMES = ['REQUESTED', 'REJECTED', 'NOT_SENT', 'UNKNOWN', 'no answer'];

/** Outcomes by fault, and the sums that the promise is about. */
export function describeFaults(judged: readonly Judged[]): string[] {
  const byFault = new Map<string, Judged[]>();
  for (const each of judged) byFault.set(each.fault.name, [...(byFault.get(each.fault.name) ?? []), each]);
  const line = (name: string, cells: readonly (string | number)[]) =>
    `${name.padEnd(42)}${cells.map((cell) => String(cell).padStart(11)).join('')}`;
  const cells = (some: readonly Judged[]) => [
    some.length,
    some.filter(({ sight }) => sight.writes > 0).length,
    ...OUTCOMES.map((outcome) => some.filter(({ end }) => end === outcome).length),
  ];
  const sum = (pick: (each: Judged) => number) => judged.reduce((total, each) => total + pick(each), 0);
  const reached = sum(({ sight }) => (sight.writes > 0 ? 1 : 0));
  return [
    line('fault', ['writes', 'reached', ...OUTCOMES]),
    ...[...byFault].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, some]) => line(name, cells(some))),
    line('all', cells(judged)),
    `reached their vendor: ${((100 * reached) / judged.length).toFixed(1)} %`,
    `calls by clients: ${sum(({ answers }) => answers.length)} answered`,
    `mails: ${sum(({ sight }) => sight.mails)}, second mails: ${sum(({ sight }) => Math.max(sight.mails - 1, 0))}`,
    `vendor writes: ${sum(({ sight }) => sight.writes)}, second vendor writes: ${sum(({ sight }) => Math.max(sight.writes - 1, 0))}`,
    `UNKNOWN because this machine was slower than the timeout: ${sum(({ late }) => (late ? 1 : 0))}`,
    `misclassified or otherwise wrong: ${judged.filter(({ problems }) => problems.length > 0).length}`,
  ];
}

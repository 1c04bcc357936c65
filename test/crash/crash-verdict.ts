import type { Emulators } from '../../src/emulators/start';
import type { Storage } from '../../src/ledger/database';
import { openDatabase } from '../../src/ledger/open-database';
import type { AttemptRow } from '../../src/ledger/tables';
import { type Client, eachOf, isDefinite } from './client';
import {
  isRevokedAtVendor,
  type ObservedWrite,
  type ObservedWrites,
  observeWrites,
} from '../support/observed-writes';
import type { Field, Story } from './field';
import type { Place } from './moments';
import type { Verdict } from './verdict';
import type { PlannedWrite } from '../support/planned-writes';

/** What is left when the last process has answered. */
export interface Crashed {
  readonly field: Field;
  readonly client: Client;
  readonly emulators: Emulators;
  readonly storage: Storage;
  /** How far writes had come when their process was killed. */
  readonly places: ReadonlyMap<Place, number>;
}

/** Looks at every write from three sides: what its client was told, what the ledger has, what the vendor did. */
export async function judgeCrashes({ field, client, emulators, storage, places }: Crashed): Promise<Verdict> {
  const repeated = await repeatAll(field, client);
  await field.program.kill();
  const rows = await readLedger(storage);
  const sights = observeWrites(
    emulators,
    field.stories.map(({ write }) => write),
  );
  const executed = await findExecuted(field.stories, sights, emulators);
  const problems = field.stories.flatMap((story) => {
    const { key, vendor, verb } = story.write;
    const facts = {
      sight: sights.of(story.write),
      rows: rows.filter((row) => row.idempotency_key === key),
      executed: executed.has(story),
    };
    return problemsOf(story, facts).map((problem) => `${vendor} ${verb} ${key}: ${problem}`);
  });
  return {
    figures: describe(field, places, sights, executed),
    violations: [...problems, ...repeated, ...sights.unplanned],
  };
}

interface Facts {
  readonly sight: ObservedWrite;
  readonly rows: readonly AttemptRow[];
  readonly executed: boolean;
}

/** The answer that counts: the last one that says what became of the write. */
const endOf = ({ answers }: Story) => answers.findLast(isDefinite);

function problemsOf(story: Story, { sight, rows, executed }: Facts): string[] {
  const { write, answers, failure } = story;
  const end = endOf(story);
  const told = answers.filter(isDefinite);
  const [row] = rows;
  const rules: readonly (readonly [broken: boolean, problem: string])[] = [
    [end === undefined, `was never answered: ${failure ?? 'still in progress'}`],
    [sight.mails > 1, `${sight.mails} mails`],
    [sight.writes > 1, `${sight.writes} vendor writes`],
    [sight.writes > 0 && rows.length === 0, 'was sent without a receipt'],
    [rows.length > 1, `${rows.length} receipts`],
    [row?.outcome === 'SENDING', 'its receipt was left open'],
    [
      end !== undefined && row !== undefined && row.outcome !== end.outcome,
      `was told ${end?.outcome ?? ''}, but the ledger has ${row?.outcome ?? ''}`,
    ],
    [new Set(told.map(({ outcome }) => outcome)).size > 1, `was told ${JSON.stringify(told)}`],
    [end?.outcome === 'REQUESTED' && !executed, 'REQUESTED, but the vendor did nothing'],
    [end?.outcome === 'NOT_SENT' && sight.writes > 0, 'NOT_SENT, but the vendor was asked'],
    [end?.outcome === 'REJECTED' && executed, 'REJECTED, but the vendor acted'],
    [
      end?.outcome === 'UNKNOWN' && executed && isTold(write),
      'UNKNOWN, though the vendor tells that it acted',
    ],
    [
      write.permitted && (end?.outcome === 'REJECTED' || end?.outcome === 'NOT_SENT'),
      `was allowed, but ended ${end?.outcome ?? ''} ${end?.code ?? ''}`,
    ],
    [!write.permitted && end?.code !== 'INVITE_ACCEPTED', `was not refused: ${end?.outcome ?? ''}`],
  ];
  return rules.filter(([broken]) => broken).map(([, problem]) => problem);
}

/** SoftwareOne alone tells when it last sent an invite that is there. */
const isTold = ({ vendor, verb }: PlannedWrite): boolean =>
  vendor === 'softwareone' && (verb === 'RESEND' || verb === 'SEND_NEW');

/** Every client asks once more: the answer is the same, and what was sent is shown. */
async function repeatAll({ program, stories }: Field, client: Client): Promise<string[]> {
  const problems: string[] = [];
  const url = await program.url;
  await eachOf(stories, 8, async (story) => {
    const { write } = story;
    const end = endOf(story);
    if (!end?.attemptId) return;
    const name = `${write.vendor} ${write.verb} ${write.key}`;
    const again = await client.ask(url, write).catch(String);
    if (typeof again === 'string') problems.push(`${name}: got no answer on asking again: ${again}`);
    else if (again.outcome !== end.outcome || again.attemptId !== end.attemptId || again.code !== end.code)
      problems.push(
        `${name}: was told ${end.outcome}, and on asking again ${again.outcome} ${again.code ?? ''}`,
      );
    // A membership that was removed is gone at SoftwareOne: there is nothing to show.
    if (
      end.outcome !== 'REQUESTED' ||
      !end.invite ||
      (write.vendor === 'softwareone' && write.verb === 'REVOKE')
    )
      return;
    const shown = await client.statusOf(url, end.invite.id);
    if (shown !== end.invite.status)
      problems.push(`${name}: its invite was ${end.invite.status}, and is shown as ${shown ?? 'nothing'}`);
  });
  return problems;
}

async function readLedger(storage: Storage): Promise<AttemptRow[]> {
  const database = await openDatabase(storage);
  const rows = await database.queries.selectFrom('attempts').selectAll().execute();
  await database.close();
  return rows;
}

async function findExecuted(
  stories: readonly Story[],
  sights: ObservedWrites,
  emulators: Emulators,
): Promise<ReadonlySet<Story>> {
  const executed = new Set<Story>();
  for (const story of stories) {
    const { write } = story;
    const { mails, writes } = sights.of(write);
    const withdrawn = write.verb === 'REVOKE' && writes > 0 && (await isRevokedAtVendor(write, emulators));
    if (mails > 0 || withdrawn) executed.add(story);
  }
  return executed;
}

function describe(
  { stories, errors }: Field,
  places: ReadonlyMap<Place, number>,
  sights: ObservedWrites,
  executed: ReadonlySet<Story>,
): string[] {
  const counts = new Map<string, number>();
  for (const story of stories) {
    const done = executed.has(story) ? 'vendor acted' : 'vendor did not act';
    const name = `${endOf(story)?.outcome ?? 'no answer'}, ${done}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const total = (pick: (sight: ObservedWrite) => number) =>
    stories.reduce((sum, { write }) => sum + pick(sights.of(write)), 0);
  return [
    'where the kill met the write that it was aimed at:',
    ...[...places].map(([place, times]) => `  ${String(times).padStart(5)}  ${place}`),
    `writes: ${stories.length}, repeated by their clients after a kill: ${stories.filter(({ unanswered }) => unanswered > 0).length}`,
    ...[...counts].sort().map(([name, times]) => `  ${String(times).padStart(5)}  ${name}`),
    `vendor writes: ${total(({ writes }) => writes)}, cut off before their body: ${sights.truncated}`,
    `mails: ${total(({ mails }) => mails)}, second mails: ${total(({ mails }) => Math.max(mails - 1, 0))}, second vendor writes: ${total(({ writes }) => Math.max(writes - 1, 0))}`,
    `lines logged as errors: ${errors.length}`,
    ...errors.slice(0, 3).map((line) => `  ${line}`),
  ];
}

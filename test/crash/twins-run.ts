import { startEmulators } from '../../src/emulators/start';
import { createClient, type WriteAnswer } from './client';
import { prepareStorage } from './crash-run';
import { observeWrites } from '../support/observed-writes';
import { startProgram, writeConfig } from './program';
import { createRandom } from '../support/random';
import type { Verdict } from './verdict';
import { type PlannedWrite, planWrites, worldSizeFor } from '../support/planned-writes';

/** How two processes are set against each other. */
export interface TwinOptions {
  /** Identical calls at once, for each write. */
  readonly calls: number;
  readonly writes: number;
  /** As `storage:` in rollcall.yaml; an empty database, which both will open. */
  readonly storage: string;
  readonly seed: number;
  readonly main: string;
  readonly folder: string;
}

/**
 * Two processes over one database are asked for the same write many times at once: with a key, as gateways repeat it,
 * and without one, as people double-click.
 */
export async function runTwins({
  calls,
  storage,
  seed,
  main,
  folder,
  ...options
}: TwinOptions): Promise<Verdict> {
  const scale = worldSizeFor(options.writes, 2);
  const emulators = await startEmulators({ world: scale, latencyMs: 20 });
  const { file, token } = await writeConfig(folder, { emulators, storage });
  const client = createClient(token);
  // At the same time, over a database that neither of them has seen.
  const twins = [startProgram(main, file), startProgram(main, file)];
  const violations: string[] = [];
  const told = new Map<string, number>();
  try {
    const urls = await Promise.all(twins.map(({ url }) => url));
    const mix = { verbs: ['RESEND', 'INVITE', 'SEND_NEW'], refused: 0 } as const;
    const writes = planWrites(emulators, scale, options.writes, mix, createRandom(seed));
    await prepareStorage(writes, emulators, storage);
    for (const write of writes) {
      const keyed = write.index % 2 === 0;
      const asked = keyed ? write : { ...write, input: { ...write.input, idempotencyKey: null } };
      const answers = await Promise.all(
        Array.from({ length: calls }, (_, call) => client.ask(urls[call % urls.length] ?? '', asked)),
      );
      const later = await Promise.all(keyed ? urls.map((url) => client.ask(url, asked)) : []);
      const { writes: sent, mails } = observeWrites(emulators, writes).of(write);
      const problems = [
        ...(sent === 1 && mails === 1 ? [] : [`${sent} vendor writes, ${mails} mails`]),
        ...problemsOf(answers, later),
      ];
      const name = `${write.vendor} ${write.verb} ${keyed ? 'with a key' : 'without a key'}`;
      violations.push(...problems.map((problem) => `${name}: ${problem}`));
      for (const { outcome, code } of answers) {
        const end = `${outcome} ${code ?? ''}, ${keyed ? 'with a key' : 'without a key'}`;
        told.set(end, (told.get(end) ?? 0) + 1);
      }
    }
    return { figures: describe(writes, calls, told), violations };
  } finally {
    await client.close();
    await Promise.all(twins.map((twin) => twin.kill()));
    await emulators.close();
  }
}

/** One call does it. With a key the others are told the same, or that it is under way; without one, that it was done. */
function problemsOf(answers: readonly WriteAnswer[], later: readonly WriteAnswer[]): string[] {
  const keyed = later.length > 0;
  const all = [...answers, ...later];
  const done = all.filter(({ outcome }) => outcome === 'REQUESTED');
  const attempts = new Set(done.map(({ attemptId }) => attemptId));
  const waits: readonly (string | null)[] = keyed
    ? ['IN_PROGRESS']
    : ['IN_PROGRESS', 'COOLDOWN', 'INVITE_PENDING'];
  const strange = all.filter(
    ({ outcome, code }) => outcome !== 'REQUESTED' && !(outcome === 'NOT_SENT' && waits.includes(code)),
  );
  return [
    ...(attempts.size === 1 ? [] : [`${attempts.size} attempts were told of`]),
    ...(later.some(({ outcome }) => outcome !== 'REQUESTED') ? ['was forgotten when all was over'] : []),
    ...(!keyed && done.length > 1 ? [`${done.length} calls were done`] : []),
    ...new Set(strange.map(({ outcome, code }) => `told ${outcome} ${code ?? ''}`)),
  ];
}

const describe = (
  writes: readonly PlannedWrite[],
  calls: number,
  told: ReadonlyMap<string, number>,
): string[] => [
  `${writes.length} writes, ${calls} identical calls for each, over two processes:`,
  ...[...told].sort().map(([end, times]) => `  ${String(times).padStart(5)}  ${end}`),
];

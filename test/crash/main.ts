import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommandLine, UsageError, wholeNumber } from '../../src/cli/command-line';
import { runCrashes } from './crash-run';
import { DATABASES, openDatabases } from './databases';
import { runFaults } from './once-run';
import { buildProgram } from './program';
import { runTwins } from './twins-run';
import type { Verdict } from './verdict';

/** Runs what the command line asks for; gives the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const command = {
    usage: `Usage: npm run test:crash -- [options]    (or test:once)

The long checks: kills on each database, or writes under faults. Exits with 1 if anything was found.

  --kills N        of test:crash; default: 200
  --database KIND  of test:crash: sqlite or postgres; default: both
  --writes N       of test:once; default: 10000
  --seed N         repeats the run that named this seed
  -h, --help       prints this
  -v, --version    prints the version`,
    positional: 'check',
    options: {
      kills: { type: 'string', default: '200' },
      database: { type: 'string' },
      writes: { type: 'string', default: '10000' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
    },
  } as const;
  const { values, what } = readCommandLine(
    command,
    (parsed) => {
      const [check] = parsed.positionals;
      if (check !== 'crash' && check !== 'once') throw new UsageError('The check must be crash or once.');
      for (const option of ['kills', 'writes', 'seed'] as const)
        wholeNumber(option, parsed.values[option], 0, 1_000_000_000);
      return { values: parsed.values, what: check };
    },
    args,
  );
  const seed = Number(values.seed);
  say(`seed ${seed}`);
  const heart = createHeart();
  try {
    const verdicts =
      what === 'crash'
        ? await crash(Number(values.kills), values.database, seed, heart.beat)
        : [await once(Number(values.writes), seed, heart.beat)];
    const violations = verdicts.reduce((sum, each) => sum + each.violations.length, 0);
    say(`\n${violations === 0 ? 'Nothing was found that must not be.' : `${violations} violations.`}`);
    return violations === 0 ? 0 : 1;
  } finally {
    heart.stop();
  }
}

type Progress = (line: string) => void;

/** Two processes over one database, then the kills, for each kind of database. */
async function crash(
  kills: number,
  only: string | undefined,
  seed: number,
  progress: Progress,
): Promise<Verdict[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-crash-'));
  const databases = openDatabases(folder);
  const verdicts: Verdict[] = [];
  const add = (name: string, verdict: Verdict): void => {
    report(name, verdict);
    verdicts.push(verdict);
  };
  try {
    progress('compiling the program');
    const main = await buildProgram(folder);
    for (const kind of DATABASES.filter((each) => only === undefined || each === only)) {
      const start = performance.now();
      progress(`${kind}: two processes`);
      const shared = { seed, main, folder };
      const twins = { calls: 50, writes: 12, storage: await databases.create(kind), ...shared };
      add(`Two processes on ${kind}`, await runTwins(twins));
      const verdict = await runCrashes({
        ...{ kills, storage: await databases.create(kind), ...shared },
        patience: 'waits',
        progress: (line) => {
          progress(`${kind}: ${line}`);
        },
      });
      const seconds = ((performance.now() - start) / 1000).toFixed(0);
      add(`${kills} kills on ${kind}, in ${seconds} s`, verdict);
    }
  } finally {
    await databases.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return verdicts;
}

async function once(writes: number, seed: number, progress: Progress): Promise<Verdict> {
  const start = performance.now();
  const verdict = await runFaults({ writes, seed, progress });
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  report(`${writes} writes under faults, in ${seconds} s`, verdict);
  return verdict;
}

function report(name: string, { figures, violations }: Verdict): void {
  say(`\n${name}\n${figures.join('\n')}\nviolations: ${violations.length}`);
  for (const violation of violations.slice(0, 50)) say(`  ${violation}`);
}

const HEARTBEAT_MS = 3000;

/** Says how far things are, every few seconds. */
function createHeart(): { beat: Progress; stop(): void } {
  let last = 'starting';
  const timer = setInterval(() => {
    say(last);
  }, HEARTBEAT_MS);
  return {
    beat: (line) => {
      last = line;
    },
    stop: () => {
      clearInterval(timer);
    },
  };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

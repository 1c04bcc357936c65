/**
 * `npm run bench`: measures, and writes what came of it.
 *
 *   npm run bench                         all workloads, all peers → RESULTS.md
 *   npm run bench -- --quick              the same in two minutes, on the terminal alone
 *   npm run bench -- --only W2 --peers limit,rollcall --rounds 9
 *   npm run bench -- profile --only W1    where Rollcall's CPU goes, on the terminal
 *   npm run bench -- growth [--only accounts]    → GROWTH.md
 *   npm run bench -- workers              several processes → REPLICAS.md
 */
import { readCommandLine, UsageError } from '../dist/cli/command-line.js';
import { compare } from './compare.mjs';
import { growth } from './growth.mjs';
import { profile } from './profile.mjs';
import { replicas } from './replicas.mjs';
import { progress } from './report/progress.mjs';
import { writeResults } from './report/results.mjs';
import { ratioTable } from './report/table.mjs';

const KINDS = ['growth', 'workers', 'profile'];
const command = {
  usage: `Usage: npm run bench -- [${KINDS.join(' | ')}] [options]

Measures Rollcall beside other ways to build the same, and writes bench/RESULTS.md (GROWTH.md, REPLICAS.md).

  --quick        the same in about two minutes, on the terminal alone
  --only NAMES   workloads, separated by commas
  --peers NAMES  programs, separated by commas
  --rounds N     how often each is measured
  --write        writes the file also for a part
  -h, --help     prints this
  -v, --version  prints the version`,
  positional: 'kind',
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    peers: { type: 'string' },
    rounds: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
};
const { values, positionals } = readCommandLine(command, (parsed) => {
  const [kind] = parsed.positionals;
  if (kind !== undefined && !KINDS.includes(kind))
    throw new UsageError(`What is measured must be one of ${KINDS.join(', ')}.`);
  return parsed;
});
const wanted = (list) => (name) => list === undefined || list.split(',').includes(name);
const whole = !values.quick && values.only === undefined && values.peers === undefined;

if (positionals[0] === 'growth') {
  await growth({ quick: values.quick, isWanted: wanted(values.only), write: whole || values.write });
} else if (positionals[0] === 'workers') {
  const rounds = values.rounds && Number(values.rounds);
  await replicas({ quick: values.quick, rounds, write: whole || values.write });
} else if (positionals[0] === 'profile') {
  await profile({ quick: values.quick, isWanted: wanted(values.only) });
} else {
  const started = performance.now();
  const results = await compare({
    quick: values.quick,
    rounds: values.rounds && Number(values.rounds),
    isWorkload: wanted(values.only),
    isPeer: wanted(values.peers),
  });
  for (const latencyMs of [...new Set(results.cells.map((cell) => cell.latencyMs))])
    process.stdout.write(`\nVendor latency ${latencyMs} ms\n\n${ratioTable(results, latencyMs)}\n`);
  if (whole || values.write) writeResults(results);
  progress(`done in ${((performance.now() - started) / 60_000).toFixed(1)} minutes`);
}
process.exit(0);

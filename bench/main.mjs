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
import { parseArgs } from 'node:util';
import { compare } from './compare.mjs';
import { growth } from './growth.mjs';
import { profile } from './profile.mjs';
import { replicas } from './replicas.mjs';
import { progress } from './report/progress.mjs';
import { writeResults } from './report/results.mjs';
import { ratioTable } from './report/table.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    peers: { type: 'string' },
    rounds: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
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

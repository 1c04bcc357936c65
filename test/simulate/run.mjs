/**
 * Simulates the product's writes under every interleaving, clock and fault that a seed decides (README.md):
 *
 *   npm run simulate -- --histories 1000000 --jobs 2        from a seed of chance, or --from SEED
 *   npm run simulate -- --seed N                            one history, step by step
 *   npm run simulate -- --without "no sequence"             with one repair of the product taken away
 *   npm run simulate -- --mutants                           each repair in turn: each must be found missing; --recorded
 *                                                           begins each search at the seed that found it before
 *
 *   npm run simulate -- --twice --histories 50              each history again: it must be the same
 *   npm run simulate -- --postgres URL                      on an empty PostgreSQL database instead of SQLite in memory
 *
 * Exits with 1 if a history breaks a property; with --mutants, if none does.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadSimulation } from './load.mjs';
import { REPAIRS } from './repairs.mjs';

const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '10000' },
    from: { type: 'string' },
    seed: { type: 'string' },
    without: { type: 'string' },
    mutants: { type: 'boolean', default: false },
    twice: { type: 'boolean', default: false },
    postgres: { type: 'string' },
    recorded: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    jobs: { type: 'string', default: '1' },
  },
});
const from = Number(values.seed ?? values.from ?? (values.mutants ? 1 : Math.floor(Math.random() * 2 ** 31)));
const histories = values.seed === undefined ? Number(values.histories) : 1;
const jobs = Math.min(Number(values.jobs), histories);
const print = (text) => process.stdout.write(`${text}\n`);

const run = values.mutants ? findMutants : values.twice ? runTwice : jobs > 1 ? simulateInJobs : simulate;
process.exitCode = await run();

async function simulate() {
  const simulation = loadSimulation(values.without ?? null);
  const shared = await (values.postgres
    ? simulation.openSharedPostgres(values.postgres)
    : simulation.openSharedSqlite());
  const elapsed = simulation.stopwatch();
  const {
    failing,
    histories: done,
    choices,
    counts,
  } = await simulation.search(shared, from, histories, (count) => {
    if (count % 10_000 === 0) print(`${count} histories, ${Math.round(count / (elapsed() / 1000))} a second`);
  });
  const seconds = elapsed() / 1000;
  const { user, system } = process.cpuUsage();
  print(
    `${done} histories from seed ${from}, ${choices} choices, ${seconds.toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} s of CPU`,
  );
  if (histories > 1) for (const [what, count] of [...counts].sort()) print(`  ${what}: ${count}`);
  if (failing) {
    const without = values.without ? ` --without "${values.without}"` : '';
    print(`\nFAILED: npm run simulate -- --seed ${failing.plan.seed}${without}`);
    print(simulation.describeHistory(failing));
    print(`\nTHE SAME, SMALLER\n${simulation.describeHistory(await simulation.shrink(shared, failing))}`);
  } else if (values.seed !== undefined)
    print(simulation.describeHistory(await simulation.runHistory(shared, simulation.planHistory(from))));
  await shared.database.close();
  return failing ? 1 : 0;
}

async function runTwice() {
  const simulation = loadSimulation();
  const unstable = await simulation.findUnstable(await simulation.openSharedSqlite(), from, histories);
  print(`${histories} histories from seed ${from}, ${unstable.length} of them another one the second time`);
  for (const seed of unstable) print(`--seed ${seed}`);
  return unstable.length === 0 ? 0 : 1;
}

/** Each job is a process with its own part of the seeds. */
async function simulateInJobs() {
  const share = Math.ceil(histories / jobs);
  const codes = await Promise.all(
    Array.from({ length: jobs }, async (_, job) => {
      const range = ['--from', from + job * share, '--histories', Math.min(share, histories - job * share)];
      const without = values.without ? ['--without', values.without] : [];
      const child = spawn(
        process.execPath,
        [fileURLToPath(import.meta.url), ...range.map(String), ...without],
        {
          stdio: 'inherit',
        },
      );
      const [code] = await once(child, 'exit');
      return code ?? 1;
    }),
  );
  return Math.max(...codes);
}

async function findMutants() {
  print('| repair taken away | property | histories until found | seed | steps when shrunk |');
  print('| --- | --- | --- | --- | --- |');
  let missing = 0;
  for (const { repair, seed } of REPAIRS.filter((each) => each.repair.includes(values.only))) {
    const simulation = loadSimulation(repair);
    const shared = await simulation.openSharedSqlite();
    // Not found within the histories that were searched so far: see README.md.
    if (values.recorded && seed === null) continue;
    const first = values.recorded ? seed : from;
    const { failing, histories: done } = await simulation.search(shared, first, histories);
    const smaller = failing && (values.recorded ? failing : await simulation.shrink(shared, failing));
    const found = failing
      ? `${failing.violation.property} | ${done} | ${failing.plan.seed} | ${smaller.trace.length}`
      : `none | more than ${done} | | `;
    print(`| ${repair} | ${found} |`);
    if (!failing) missing++;
    await shared.database.close();
  }
  return missing === 0 ? 0 : 1;
}

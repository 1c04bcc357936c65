/**
 * Searches the models of this folder exhaustively with SPIN.
 *
 *   npm run spec                    every configuration; takes many minutes
 *   npm run spec -- --short         those that `.ci/run` checks
 *   npm run spec -- --only "late"   those whose names contain this; a counterexample is written beside the model
 *   npm run spec -- --write         every configuration, and writes the table to RESULTS.md
 *   npm run spec -- --accept        records the functions that the models stand for, after the models were compared with them
 *
 * Prints one line for each configuration. The last line is `N passed, N failed`; exits with 1 if anything failed.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensurePrograms } from '../scripts/ensure-programs.mjs';
import { findProgram } from '../scripts/programs.mjs';
import { PROTOCOL, WITHOUT_REPAIR } from './configurations.mjs';
import { acceptFunctions, findChangedFunctions } from './functions.cjs';

const folder = fileURLToPath(new URL('.', import.meta.url));
const { values: options } = parseArgs({
  options: {
    short: { type: 'boolean' },
    accept: { type: 'boolean' },
    write: { type: 'boolean' },
    only: { type: 'string' },
  },
});
/** A search that needs more than this is too large for the table. */
const MOST_MEGABYTES = 2800;
/** Every state is kept in full, so that a search that ends has seen them all. */
const COMPILE = ['-DSAFETY', '-DNOFAIR'];

const HEAD = `# What the search of the models found

Written by \`npm run spec -- --write\`. The protocol as it is HOLDS; without one of its repairs there is a COUNTEREXAMPLE.

| configuration | verdict | states | switches |
| --- | --- | ---: | --- |
`;
const rows = [];

if (options.accept) acceptFunctions();
else await searchAll();

async function searchAll() {
  if ((await ensurePrograms(['spin', 'compiler'])).length > 0) {
    process.stdout.write('\n0 passed, 1 failed\n');
    process.exitCode = 1;
    return;
  }
  const changed = findChangedFunctions();
  for (const problem of changed) process.stdout.write(`${problem}\n`);
  const searches = [
    ...PROTOCOL.map((each) => ({ ...each, expected: 'HOLDS' })),
    ...WITHOUT_REPAIR.map((each) => ({ ...each, expected: 'COUNTEREXAMPLE' })),
  ].filter(({ name, short }) => (options.only ? name.includes(options.only) : short || !options.short));
  const failed = searches.filter((each) => !search(each)).length + (changed.length > 0 ? 1 : 0);
  if (options.write) writeFileSync(join(folder, 'RESULTS.md'), `${HEAD}${rows.join('\n')}\n`);
  process.stdout.write(`\n${searches.length + 1 - failed} passed, ${failed} failed\n`);
  process.exitCode = failed > 0 ? 1 : 0;
}

/** Searches one configuration and prints its line. Returns whether the result is the expected one. */
function search({ name, model = 'ledger', flags, expected }) {
  const scratch = mkdtempSync(join(tmpdir(), 'rollcall-spec-'));
  const start = performance.now();
  try {
    copyFileSync(join(folder, `${model}.pml`), join(scratch, `${model}.pml`));
    const switches = flags.split(' ').filter(Boolean);
    const run = (command, ...args) => {
      const { status, stdout, stderr, error } = spawnSync(command, args, {
        cwd: scratch,
        encoding: 'utf8',
        maxBuffer: 2 ** 26,
      });
      return { ok: status === 0, text: `${error?.message ?? ''}${stdout}${stderr}` };
    };
    // A counterexample is found early: compiling takes longer than searching.
    const optimise = expected === 'HOLDS' ? '-O1' : '-O0';
    const made = run(findProgram('spin'), ...switches, '-a', `${model}.pml`);
    const built = made.ok
      ? run(findProgram('compiler'), ...COMPILE, optimise, `-DMEMLIM=${MOST_MEGABYTES}`, '-o', 'pan', 'pan.c')
      : made;
    const searched = built.ok ? run(join(scratch, 'pan'), '-E', '-w22', '-m100000') : built;
    const verdict = verdictOf(searched.text);
    const states = /([\d.e+]+) states, stored/.exec(searched.text)?.[1] ?? '-';
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    const mark = verdict === expected ? '' : `  <- expected ${expected}`;
    process.stdout.write(
      `${verdict} | ${states} states | ${seconds} s | ${name} | ${model} ${flags}${mark}\n`,
    );
    rows.push(`| ${name} | ${verdict} | ${states} | \`${model} ${flags}\` |`);
    if (verdict === expected) return true;
    if (verdict === 'NOT SEARCHED') process.stdout.write(`${searched.text.slice(-2000)}\n`);
    else if (existsSync(join(scratch, `${model}.pml.trail`))) {
      const { text } = run(findProgram('spin'), ...switches, '-t', '-p', '-g', '-l', `${model}.pml`);
      const file = join(tmpdir(), `rollcall-${model}.trace`);
      writeFileSync(file, text);
      process.stdout.write(`The steps that lead there: ${file}\n`);
    }
    return false;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function verdictOf(text) {
  if (/assertion violated/.test(text)) return 'COUNTEREXAMPLE';
  const isComplete =
    /errors: 0/.test(text) && !/too small|memory limit|out of memory|interrupted/i.test(text);
  return isComplete ? 'HOLDS' : 'NOT SEARCHED';
}

/**
 * Everything that must hold: programs, build, examples, schema, types, lint, format, tests. Runs them all, whatever fails
 * on the way, and closes with `N passed, N failed`: the tests, and each other step that failed. Exits with 1 if anything
 * did. What does not depend on each other runs side by side: two processor cores are the aim.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { howToInstall, missingPrograms } from './programs.mjs';
import { createSteps } from './steps.mjs';
import { allTestFiles, jest, testFilesThatNeed } from './test-files.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'rollcall-check-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

const bin = (command) => join(root, 'node_modules', '.bin', command);
const { step, failedSteps } = createSteps(root);
let notRun = [];
let [passed, failed] = [0, 0];
/** Runs of jest that failed: their tests are counted. */
const failedRuns = [];

// Without a build the rest would only repeat what is wrong with it.
const [, built] = await Promise.all([
  step.live('programs', process.execPath, 'scripts/ensure-programs.mjs'),
  step('build', process.execPath, 'scripts/build.mjs'),
]);
if (built) {
  // The examples' own packages are many: they come while the tests run that need none of them.
  const examples = Promise.all([
    step('examples', process.execPath, 'scripts/examples.mjs'),
    step('typed client', 'npm', 'run', '--silent', 'codegen:client'),
  ]);
  await Promise.all([runStaticChecks(examples), runTests(examples)]);
}

const otherSteps = failedSteps.filter((name) => !failedRuns.includes(name));
if (failedSteps.length > 0) process.stdout.write(`\nFailed: ${failedSteps.join(', ')}.\n`);
if (notRun.length > 0) process.stdout.write(`${howToInstall(missingPrograms())}\n`);
process.stdout.write(`\n${passed} passed, ${failed + notRun.length + otherSteps.length} failed\n`);
process.exitCode = failedSteps.length > 0 ? 1 : 0;

/** Types and lint look into the examples too. */
async function runStaticChecks(examples) {
  await step('schema', process.execPath, 'scripts/check-schema.mjs');
  await step('format', bin('prettier'), '--check', '.');
  await examples;
  await step('types', bin('tsc'));
  await step('lint', bin('eslint'), '.');
}

/** Test files that need a missing program are named, not run, and count as one failed test each. */
async function runTests(examples) {
  notRun = testFilesThatNeed(missingPrograms());
  for (const file of notRun) process.stdout.write(`not run, a program is missing: ${relative(root, file)}\n`);
  const files = allTestFiles().filter((file) => !notRun.includes(file));
  const needExamples = files.filter((file) => file.startsWith(join(root, 'test', 'examples')));
  await runTestFiles(
    'tests',
    files.filter((file) => !needExamples.includes(file)),
  );
  await examples;
  await runTestFiles('tests of the examples', needExamples);
}

async function runTestFiles(name, files) {
  if (files.length === 0) return;
  const report = join(scratch, `${name}.json`);
  const ci = process.env.CI ? ['--ci'] : [];
  const args = ['--json', `--outputFile=${report}`, ...ci, '--runTestsByPath', ...files];
  const isPassed = await step.live(name, process.execPath, ...jest, ...args);
  const numbers = numbersOf(report);
  passed += numbers.passed;
  failed += isPassed ? 0 : Math.max(1, numbers.failed);
  if (!isPassed) failedRuns.push(name);
}

/** What the tests came to; a test file that could not run counts as one failed test. */
function numbersOf(report) {
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
  } catch {
    return { passed: 0, failed: 0 };
  }
}

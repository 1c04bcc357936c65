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
import { jest, testFilesThatNeed } from './test-files.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'rollcall-check-'));
const report = join(scratch, 'jest.json');
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

const bin = (command) => join(root, 'node_modules', '.bin', command);
const { step, failedSteps } = createSteps(root);
let notRun = [];

// Without a build the rest would only repeat what is wrong with it.
const [, built] = await Promise.all([
  step.live('programs', process.execPath, 'scripts/ensure-programs.mjs'),
  step('build', process.execPath, 'scripts/build.mjs'),
]);
if (built) {
  await Promise.all([
    step('examples', process.execPath, 'scripts/examples.mjs'),
    step('typed client', 'npm', 'run', '--silent', 'codegen:client'),
  ]);
  await Promise.all([runStaticChecks(), runTests()]);
}

const { passed, failed } = testNumbers();
const otherSteps = failedSteps.filter((name) => name !== 'tests' || failed === 0);
if (failedSteps.length > 0) process.stdout.write(`\nFailed: ${failedSteps.join(', ')}.\n`);
if (notRun.length > 0) process.stdout.write(`${howToInstall(missingPrograms())}\n`);
process.stdout.write(`\n${passed} passed, ${failed + notRun.length + otherSteps.length} failed\n`);
process.exitCode = failedSteps.length > 0 ? 1 : 0;

async function runStaticChecks() {
  await step('schema', process.execPath, 'scripts/check-schema.mjs');
  await step('types', bin('tsc'));
  await step('lint', bin('eslint'), '.');
  await step('format', bin('prettier'), '--check', '.');
}

/** Test files that need a missing program are named, not run, and count as one failed test each. */
async function runTests() {
  notRun = testFilesThatNeed(missingPrograms());
  for (const file of notRun) process.stdout.write(`not run, a program is missing: ${relative(root, file)}\n`);
  const without = notRun.map((file) => `--testPathIgnorePatterns=${escapeRegExp(file)}$`);
  const ci = process.env.CI ? ['--ci'] : [];
  await step.live('tests', process.execPath, ...jest, '--json', `--outputFile=${report}`, ...ci, ...without);
}

/** What the tests came to; a test file that could not run counts as one failed test. */
function testNumbers() {
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
  } catch {
    return { passed: 0, failed: 0 };
  }
}

function escapeRegExp(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

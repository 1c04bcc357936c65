/**
 * Everything that must hold: build, examples, schema, types, lint, format, tests. Runs them all, whatever fails on the
 * way, and closes with `N passed, N failed`: the tests, and each other step that failed. Exits with 1 if anything did.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'rollcall-check-'));
const report = join(scratch, 'jest.json');
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

const bin = (command) => join(root, 'node_modules', '.bin', command);
const failedSteps = [];

// Without a build the rest would only repeat what is wrong with it.
if (await step('build', process.execPath, 'scripts/build.mjs')) {
  await step('examples', process.execPath, 'scripts/examples.mjs');
  await step('schema', process.execPath, 'scripts/check-schema.mjs');
  await step('typed client', 'npm', 'run', '--silent', 'codegen:client');
  await step('types', bin('tsc'));
  await step('lint', bin('eslint'), '.');
  await step('format', bin('prettier'), '--check', '.');
  await step('tests', bin('jest'), '--json', `--outputFile=${report}`, ...(process.env.CI ? ['--ci'] : []));
}

const { passed, failed } = testNumbers();
const otherSteps = failedSteps.filter((name) => name !== 'tests' || failed === 0);
if (failedSteps.length > 0) process.stdout.write(`\nFailed: ${failedSteps.join(', ')}.\n`);
process.stdout.write(`\n${passed} passed, ${failed + otherSteps.length} failed\n`);
process.exitCode = failedSteps.length > 0 ? 1 : 0;

/** Runs one step with its own output; tells whether it passed. */
async function step(name, command, ...args) {
  process.stdout.write(`\n── ${name}\n`);
  const start = performance.now();
  const code = await new Promise((resolve) => {
    spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
      .on('error', (error) => resolve(error.message))
      .on('close', resolve);
  });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  process.stdout.write(`── ${name}: ${code === 0 ? 'passed' : `failed (${code})`} in ${seconds} s\n`);
  if (code !== 0) failedSteps.push(name);
  return code === 0;
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

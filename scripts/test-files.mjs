/** Which test files there are, and which of them use what. jest itself answers, since it knows every import. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PROGRAMS } from './programs.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * What Node runs for jest. Test files make much garbage: more room for the young objects saves a fifth of the processor
 * time. Workers inherit the flag.
 */
export const jest = ['--max-semi-space-size=64', join(root, 'node_modules', 'jest', 'bin', 'jest.js')];

/** Every test file, as absolute paths. */
export const allTestFiles = () => listTests();

/** The test files that import one of these modules, directly or through others. */
export const testFilesThatUse = (modules) =>
  modules.length === 0 ? [] : listTests('--findRelatedTests', ...modules);

/** The test files that cannot run without one of these programs. */
export const testFilesThatNeed = (programs) =>
  testFilesThatUse([...new Set(programs.flatMap((name) => PROGRAMS[name].usedBy))]);

/** Where tests go through very many cases each, wait for real back-offs, or need an example's own packages. */
const NOT_FAST = [
  'test/faults/',
  'test/properties/',
  'test/same/',
  'test/crash/',
  'test/simulate/',
  'test/graphql/same-answer.test.ts',
  'test/server/interleaved-tenants.test.ts',
  'test/server/key-set.test.ts',
  'test/server/mail-budget.test.ts',
  'test/examples/graphql-clients/',
].map((path) => join(root, path));

/**
 * The fast test files: those that start no other process (no server, no browser, no database server, no compiler), need
 * no example's packages, and are not exhaustive.
 */
export function fastTestFiles() {
  const slow = new Set(testFilesThatUse(modulesThatStartProcesses()));
  const isLeftOut = (file) => NOT_FAST.some((path) => file.startsWith(path));
  return allTestFiles().filter((file) => !slow.has(file) && !isLeftOut(file));
}

function modulesThatStartProcesses() {
  return readdirSync(join(root, 'test'), { recursive: true })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join('test', file))
    .filter((file) =>
      /from '(node:child_process|playwright-core)'/.test(readFileSync(join(root, file), 'utf8')),
    );
}

function listTests(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...jest, '--listTests', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`jest --listTests failed:\n${stderr}`);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .sort();
}

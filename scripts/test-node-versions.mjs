/**
 * Runs the fast tests on each supported version of Node that is not the one running now. The binaries come from npm's
 * package `node`, into node_modules/.cache. Closes with `N passed, N failed`, and exits with 1 if anything failed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const VERSIONS = ['20.20.2', '22.23.3', '24.21.0'];
const root = fileURLToPath(new URL('..', import.meta.url));
const cache = join(root, 'node_modules', '.cache', 'node-versions');
const majorOf = (version) => version.split('.')[0];

let [passed, failed] = [0, 0];
for (const version of VERSIONS.filter((each) => majorOf(each) !== majorOf(process.versions.node))) {
  process.stdout.write(`\n── fast tests on Node ${version}\n`);
  const node = installNode(version);
  const report = join(cache, `${version}.json`);
  rmSync(report, { force: true });
  const { status } = node
    ? spawnSync(node, ['scripts/test-fast.mjs', '--json', `--outputFile=${report}`], {
        cwd: root,
        stdio: 'inherit',
      })
    : { status: 1 };
  const result = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {};
  const { numPassedTests = 0, numFailedTests = 0, numRuntimeErrorTestSuites = 0 } = result;
  passed += numPassedTests;
  failed += numFailedTests + numRuntimeErrorTestSuites;
  if (status !== 0 && numFailedTests + numRuntimeErrorTestSuites === 0) failed += 1;
}
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;

/** The path of this version's binary, installed if it is missing; null where that fails. */
function installNode(version) {
  const prefix = join(cache, version);
  const binary = join(prefix, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
  if (existsSync(binary)) return binary;
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', prefix];
  spawnSync('npm', [...args, `node@${version}`], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  return existsSync(binary) ? binary : null;
}

/**
 * Makes sure that what is measured is what the locks say: the product's own packages must be there, the peers' are
 * installed where they are missing. A package found elsewhere on the machine would run, and measure something else.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (name) => fileURLToPath(new URL(name, import.meta.url));
const versionIn = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : null);

const { dependencies } = JSON.parse(readFileSync(at('../package.json'), 'utf8'));
const missing = Object.entries(dependencies).filter(
  ([name, version]) => versionIn(at(`../node_modules/${name}/package.json`)) !== version,
);
if (missing.length > 0) {
  const names = missing.map(([name, version]) => `${name} ${version}`).join(', ');
  process.stderr.write(`bench: not installed in the project's root: ${names}. Run: npm ci\n`);
  process.exit(1);
}

const installed = at('node_modules/.package-lock.json');
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(at('package-lock.json')).mtimeMs) {
  process.stderr.write('bench: installing the peers …\n');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: at('.'), stdio: 'inherit' });
  process.exitCode = status ?? 1;
}

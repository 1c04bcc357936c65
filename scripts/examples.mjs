/**
 * Makes the examples ready to run: installs each `examples/<name>` whose packages are not what its lock says, and runs
 * its `prepare:check` (types, generated code, build) if it has one. Goes through all of them, and exits with 1 if one
 * failed.
 *
 *   npm run examples                              all of them
 *   npm run examples -- supergraph                one
 *   npm run examples -- --install supergraph      its packages alone, to start it
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const examples = fileURLToPath(new URL('../examples', import.meta.url));

/** Installs an example's packages, unless they are there already. Throws if that fails. */
export function installExample(name) {
  const folder = join(examples, name);
  if (!existsSync(join(folder, 'package-lock.json')))
    throw new Error(`examples/${name} has no package-lock.json. There are: ${exampleNames().join(', ')}`);
  const lock = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex');
  // npm empties node_modules first, so a stamp in there never outlives what it stands for.
  const stamp = join(folder, 'node_modules', '.rollcall-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  run(name, 'installing its packages', 'npm', 'ci', '--no-audit', '--no-fund', '--loglevel=error');
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, lock);
}

/** Installs an example and runs its `prepare:check`. Throws if either fails. */
export function prepareExample(name) {
  installExample(name);
  const { scripts = {} } = JSON.parse(readFileSync(join(examples, name, 'package.json'), 'utf8'));
  if (scripts['prepare:check']) run(name, 'prepare:check', 'npm', 'run', '--silent', 'prepare:check');
}

/** Progress goes to stderr; what the command itself says is shown if it fails. */
function run(name, what, command, ...args) {
  const say = (line) => process.stderr.write(`examples/${name}: ${line}\n`);
  say(`${what} …`);
  const start = performance.now();
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: join(examples, name),
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`examples/${name}: ${what} failed\n${stdout ?? ''}${stderr ?? error}`);
  say(`${what}: done in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

/** Every folder of `examples/` with packages of its own. */
function exampleNames() {
  if (!existsSync(examples)) return [];
  return readdirSync(examples).filter((name) => existsSync(join(examples, name, 'package.json')));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  // Not at the top: whoever imports the functions above needs no build.
  const { readCommandLine } = await import('../dist/cli/command-line.js');
  const { values: only, positionals: wanted } = readCommandLine({
    usage: `Usage: npm run examples -- [--install] [example ...]

Installs the packages of the examples where needed, and checks their types.

  --install      installs the packages alone
  example        which; default: all (${exampleNames().join(', ')})
  -h, --help     prints this
  -v, --version  prints the version`,
    options: { install: { type: 'boolean' } },
    positional: 'example',
  });
  for (const name of wanted.length > 0 ? wanted : exampleNames()) {
    try {
      if (only.install) installExample(name);
      else prepareExample(name);
    } catch (error) {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    }
  }
}

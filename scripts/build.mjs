/**
 * Compiles `src/` into `dist/`, unless `dist/` is what the sources give already: a stamp in `dist/` holds a hash of all
 * that goes in. Run before every start and after every install, so nobody runs yesterday's code and nobody waits twice.
 *
 *   node scripts/build.mjs              compile if needed
 *   node scripts/build.mjs --install    the same, as the last step of an install, which a missing compiler must not fail
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (...parts) => join(root, ...parts);
const stamp = at('dist', '.stamp');

const [flag] = process.argv.slice(2);
if (flag === '--help' || flag === '-h') {
  process.stdout.write('Usage: npm run build\n\nCompiles src/ into dist/, unless dist/ is up to date.\n');
  process.exit(0);
}
if (flag !== undefined && flag !== '--install') fail('Unknown option. See --help.');
const isInstall = flag === '--install';
const canCompile =
  existsSync(binary('typescript', 'tsc')) && existsSync(binary('@graphql-codegen/cli', 'graphql-codegen'));
const isBuilt = existsSync(at('dist', 'main.js'));

if (!existsSync(at('src'))) {
  // A deployed copy: there is nothing to compile from.
  if (!isBuilt) fail('There is neither src/ nor dist/ here.');
} else if (isBuilt && existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint()) {
  // Up to date.
} else if (canCompile) {
  build();
} else if (!isBuilt || !isInstall) {
  const state = isBuilt ? 'dist/ is older than the sources' : 'dist/ is missing';
  const advice = `${state}, and the compiler is not installed. Run "npm ci", which compiles; "npm ci --omit=dev" may follow it.`;
  if (isInstall) say(advice);
  else fail(advice);
}

function build() {
  const start = performance.now();
  rmSync(stamp, { force: true });
  run('types from the schema', binary('@graphql-codegen/cli', 'graphql-codegen'), '--config', 'codegen.yml');
  run(
    'compiling src/ into dist/',
    binary('typescript', 'tsc'),
    '-p',
    'tsconfig.build.json',
    '--noEmitOnError',
  );
  dropOrphans();
  // The pages of the explorer, which need no compiler.
  const pages = join('server', 'landing-page', 'page');
  cpSync(at('src', pages), at('dist', pages), { recursive: true });
  writeFileSync(stamp, fingerprint());
  say(`done in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

/** A hash of everything that `dist/` is made from, and of the generated types, which a hand may have touched. */
function fingerprint() {
  const files = [
    'package-lock.json',
    'codegen.yml',
    'tsconfig.json',
    'tsconfig.build.json',
    ...walk('schema'),
    ...walk('src'),
  ];
  const hash = createHash('sha256');
  for (const file of files.sort()) {
    const content = existsSync(at(file)) ? readFileSync(at(file)) : '';
    hash.update(`${file}\n${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

/** Removes from `dist/` what no source stands for any more. */
function dropOrphans() {
  for (const file of walk('dist').filter((name) => /\.js(\.map)?$/.test(name))) {
    const source = file.replace(/^dist/, 'src').replace(/\.js(\.map)?$/, '.ts');
    if (!existsSync(at(source))) rmSync(at(file));
  }
}

/** Every file below a folder, relative to the root; slashes on every system. */
function walk(folder) {
  if (!existsSync(at(folder))) return [];
  return readdirSync(at(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}

/** The script behind a command of an installed package. */
function binary(name, command) {
  const folder = at('node_modules', ...name.split('/'));
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) return manifest;
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[command]);
}

function run(what, script, ...args) {
  say(`${what} …`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) fail(`${stdout}${stderr}\nFailed: ${what}.`);
}

/** Progress goes to stderr: stdout belongs to the program that is about to start. */
function say(line) {
  process.stderr.write(`build: ${line}\n`);
}

function fail(message) {
  process.stderr.write(`build: ${message}\n`);
  process.exit(1);
}

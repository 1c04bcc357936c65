/**
 * Completes package-lock.json after an upgrade. Packages with native parts list one optional package per platform; a
 * registry mirror that holds only some of them makes `npm install` leave the others out of the lock, and `npm ci` then
 * refuses it everywhere. Adds what is missing, with the versions that the packages themselves name.
 *
 *   npm run lock:complete                           package-lock.json of this folder
 *   npm run lock:complete -- examples/supergraph    of another
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCommandLine } from '../dist/cli/command-line.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const { positionals } = readCommandLine({
  usage: `Usage: npm run lock:complete -- [folder]

Adds the optional packages of other platforms that an upgrade has left out of package-lock.json.

  folder         whose lock; default: this project's
  -h, --help     prints this
  -v, --version  prints the version`,
  options: {},
  positional: 'folder',
});
const file = join(root, positionals[0] ?? '.', 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const { packages } = lock;

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const PROCESSORS = ['arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64'];

let added = 0;
for (const [path, entry] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const place = `node_modules/${name}`;
    if (packages[place] || packages[`${path}/${place}`]) continue;
    const words = name.split(/[/-]/);
    const os = SYSTEMS.filter((system) => words.includes(system));
    const cpu = PROCESSORS.filter((processor) => words.includes(processor));
    if (os.length === 0 || cpu.length === 0) {
      process.stderr.write(`${name}, wanted by ${path}, is missing and names no platform: left as it is\n`);
      continue;
    }
    const libc = words.some((word) => word.startsWith('musl'))
      ? 'musl'
      : words.some((word) => word.startsWith('gnu'))
        ? 'glibc'
        : null;
    packages[place] = {
      version,
      cpu,
      ...(entry.dev ? { dev: true } : {}),
      ...(os[0] === 'linux' && libc ? { libc: [libc] } : {}),
      optional: true,
      os,
    };
    added++;
  }
}

if (added > 0) {
  lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}
process.stdout.write(`${added} packages added to package-lock.json\n`);

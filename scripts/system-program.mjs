/** Programs that are no package of npm's: named in a variable, on the PATH, or Debian's, installed where this user may. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Where a program is. Throws with the command to run where there is none. */
export function findProgram({ title, variable, names, packages }) {
  const command = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  const found =
    process.env[variable] ?? onPath(names) ?? (install(title, command) ? onPath(names) : undefined);
  if (found && existsSync(found)) return found;
  throw new Error(`${title} is missing. Install it (as root: ${command}), or name it in ${variable}.`);
}

/** As a program, such a script prints the path. */
export function printWhenRun(url, find) {
  if (url === pathToFileURL(process.argv[1] ?? '').href) process.stdout.write(`${find()}\n`);
}

function onPath(names) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((file) => existsSync(file));
}

function install(title, command) {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  process.stderr.write(`${title}: installing it from the system’s packages …\n`);
  return spawnSync('sh', ['-c', command], { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}

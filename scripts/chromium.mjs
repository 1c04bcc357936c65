/**
 * Where Chromium is: `CHROMIUM`, or one on the PATH, or Debian's, installed where this user may. Throws with the command to
 * run where there is none. As a program, prints the path.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const COMMAND = 'apt-get update && apt-get install -y --no-install-recommends chromium fonts-dejavu-core';

export function findChromium() {
  const found = process.env.CHROMIUM ?? onPath() ?? (install() ? onPath() : undefined);
  if (found && existsSync(found)) return found;
  throw new Error(`Chromium is missing. Install it (as root: ${COMMAND}), or name it in CHROMIUM.`);
}

function onPath() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) =>
    existsSync(file),
  );
}

function install() {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  process.stderr.write('chromium: installing it from the system’s packages …\n');
  return spawnSync('sh', ['-c', COMMAND], { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  process.stdout.write(`${findChromium()}\n`);

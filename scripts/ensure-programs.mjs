/**
 * Finds the programs that the tests need, and installs those that are missing where it may: as root, with apt-get. One
 * line for each. Exits with 1, after naming all that are missing and the command, where it may not.
 *
 *   npm run programs                  those that tests need
 *   npm run programs -- chromium      one
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { findProgram, howToInstall, missingPrograms, PROGRAMS, TEST_PROGRAMS } from './programs.mjs';

const LOCK_WAIT_SECONDS = 1800;

/** Installs what is missing of some programs, or of those that tests need. Returns the names of those that are still missing. */
export async function ensurePrograms(names = TEST_PROGRAMS) {
  const missing = missingPrograms(names);
  for (const name of names) if (!missing.includes(name)) say(`${PROGRAMS[name].title}: ${findProgram(name)}`);
  if (missing.length === 0) return [];
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return explain(missing);

  // Lists that cannot be updated may still be good enough.
  await apt('update');
  // One by one: a package that this system does not have is no reason to be without the others.
  for (const name of missing) {
    const { apt: packages, aptElse } = PROGRAMS[name];
    await install(name, packages);
    if (aptElse && !findProgram(name)) await install(name, aptElse);
  }
  const still = missingPrograms(missing);
  for (const name of missing) if (!still.includes(name)) say(`${PROGRAMS[name].title}: ${findProgram(name)}`);
  return still.length === 0 ? [] : explain(still);
}

async function install(name, packages) {
  say(`${PROGRAMS[name].title}: installing ${packages.join(' ')} with apt-get …`);
  await apt('install', '-y', '--no-install-recommends', ...packages);
}

function explain(missing) {
  say(howToInstall(missing));
  return missing;
}

/**
 * Runs apt-get once no other package manager holds a lock. `DPkg::Lock::Timeout` waits for the locks of dpkg, not for
 * those of the package lists and the archives: there apt-get fails at once, and runs again here.
 */
async function apt(...args) {
  const end = performance.now() + LOCK_WAIT_SECONDS * 1000;
  for (let waits = 0; ; waits += 1) {
    const { status, stderr } = await run(
      '/usr/bin/apt-get',
      '-qq',
      '-o',
      `DPkg::Lock::Timeout=${LOCK_WAIT_SECONDS}`,
      ...args,
    );
    const isLocked = status !== 0 && /Could not get lock|Unable to lock/.test(stderr);
    if (!isLocked || performance.now() > end) {
      if (status !== 0) say(`apt-get ${args[0]} failed:\n${stderr.trim()}`);
      return;
    }
    if (waits === 0) say('another package manager holds a lock; waiting …');
    await delay(1000);
  }
}

function run(command, ...args) {
  return new Promise((resolve) => {
    const env = { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], env });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (chunk) => (stderr += chunk));
    child.on('error', (error) => resolve({ status: 1, stderr: error.message }));
    child.on('close', (status) => resolve({ status, stderr }));
  });
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !(name in PROGRAMS));
  if (unknown.length > 0)
    say(`Unknown: ${unknown.join(', ')}. There are: ${Object.keys(PROGRAMS).join(', ')}.`);
  const missing = unknown.length > 0 || (await ensurePrograms(wanted.length > 0 ? wanted : undefined));
  process.exitCode = missing === true || missing.length > 0 ? 1 : 0;
}

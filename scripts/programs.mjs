/**
 * What the tests need and npm does not install. One row each: how to find it, which system packages hold it (`aptElse`: on
 * systems that lack those), and the modules of `test/support` that start it. A test file needs a program if it imports such
 * a module, directly or not.
 */
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

export const PROGRAMS = {
  redis: {
    title: 'Redis',
    variable: 'REDIS_SERVER',
    find: () => onPath('redis-server', 'valkey-server'),
    apt: ['redis-server'],
    brew: ['redis'],
    usedBy: ['test/support/redis.ts'],
  },
  chromium: {
    title: 'Chromium',
    variable: 'CHROMIUM',
    find: () =>
      // The one without windows needs a half of the processor time.
      onPath(
        'chromium-headless-shell',
        'chromium',
        'chromium-browser',
        'google-chrome-stable',
        'google-chrome',
      ) ??
      ['Google Chrome', 'Chromium']
        .map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`)
        .find(existsSync),
    apt: ['chromium-headless-shell'],
    aptElse: ['chromium'],
    brew: ['google-chrome'],
    usedBy: ['test/support/browser.ts'],
  },
  fonts: {
    title: 'fonts',
    find: () => fontFolders().find((folder) => existsSync(folder) && hasFonts(folder)),
    apt: ['fonts-dejavu-core'],
    brew: ['font-dejavu'],
    usedBy: ['test/support/browser.ts'],
  },
  // These two are for `npm run spec` alone: no test needs them.
  spin: {
    title: 'SPIN',
    variable: 'SPIN',
    find: () => onPath('spin'),
    apt: ['spin'],
    brew: ['spin'],
    usedBy: [],
  },
  compiler: {
    title: 'C compiler',
    find: () =>
      existsSync('/usr/include/stdio.h') || process.platform === 'darwin' ? onPath('gcc', 'cc') : undefined,
    apt: ['gcc', 'libc6-dev'],
    brew: ['gcc'],
    usedBy: [],
  },
};

/** The names of those that tests need. */
export const TEST_PROGRAMS = Object.keys(PROGRAMS).filter((name) => PROGRAMS[name].usedBy.length > 0);

/** Where a program is: the path that its variable names, or the first one found; undefined where it is missing. */
export function findProgram(name) {
  const { variable, find } = PROGRAMS[name];
  const named = variable && process.env[variable];
  return named ? [named].find(existsSync) : find();
}

/** The names of those that are missing, out of some, or of those that tests need. */
export const missingPrograms = (names = TEST_PROGRAMS) => names.filter((name) => !findProgram(name));

/** The command that installs some of them on this system. */
export function installCommand(names) {
  const packages = (manager) => names.flatMap((name) => PROGRAMS[name][manager]).join(' ');
  if (process.platform === 'darwin') return `brew install ${packages('brew')}`;
  const command = `apt-get update && apt-get install -y --no-install-recommends ${packages('apt')}`;
  return process.getuid?.() === 0 ? command : `sudo sh -c '${command}'`;
}

/** What to do about some that are missing: one sentence with all their names and the command. */
export function howToInstall(names) {
  const titles = names.map((name) => PROGRAMS[name].title).join(', ');
  const variables = names.flatMap((name) => PROGRAMS[name].variable ?? []);
  const or =
    variables.length > 0
      ? ` A program that is installed elsewhere can be named in ${variables.join(', ')}.`
      : '';
  if (process.platform === 'win32') return `Missing: ${titles}. Run the tests in WSL.`;
  return `Missing: ${titles}. Install with: ${installCommand(names)}.${or}`;
}

function onPath(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((file) => existsSync(file));
}

const fontFolders = () => [
  '/usr/share/fonts',
  '/usr/local/share/fonts',
  join(homedir(), '.fonts'),
  join(homedir(), '.local', 'share', 'fonts'),
  '/System/Library/Fonts',
];

const hasFonts = (folder) =>
  readdirSync(folder, { recursive: true }).some((file) => /\.(ttf|otf|ttc|pfb)$/.test(String(file)));

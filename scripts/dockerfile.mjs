/**
 * Carries out a Dockerfile without a container engine: every stage is a folder that stands for its root, COPY copies, RUN
 * runs npm there. It knows the lines that ours is made of and throws on any other, so the two cannot drift apart.
 */
import { spawn } from 'node:child_process';
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';

/** Whom a non-root stage is run as: nobody, on every Linux. */
const NOBODY = 65534;

/** Builds every stage under `folder` and gives back the last one. */
export async function buildImage({ dockerfile, context, folder, env, say }) {
  const variables = {};
  const stages = new Map();
  let stage;
  for (const { name, rest } of instructions(readFileSync(dockerfile, 'utf8'))) {
    const text = rest.replaceAll(/\$\{(\w+)\}/g, (whole, key) => variables[key] ?? whole);
    switch (name) {
      case 'ARG': {
        const [, key, value] = /^(\w+)=(\S+)$/.exec(text) ?? unknown(name, text);
        variables[key] = value;
        break;
      }
      case 'FROM': {
        const [, title = 'final'] = /^node:\d+-slim(?: AS (\w+))?$/.exec(text) ?? unknown(name, text);
        stage = {
          root: join(folder, title),
          workdir: '/',
          env: { ...env },
          user: 'root',
          health: null,
          cmd: null,
        };
        mkdirSync(stage.root, { recursive: true });
        stages.set(title, stage);
        say(`stage ${title}`);
        break;
      }
      case 'WORKDIR':
        stage.workdir = text;
        mkdirSync(join(stage.root, text), { recursive: true });
        break;
      case 'ENV': {
        const [, key, value] = /^(\w+)=(\S+)$/.exec(text) ?? unknown(name, text);
        stage.env[key] = value;
        break;
      }
      case 'COPY':
        copy(stage, text, stages, context);
        break;
      case 'RUN':
        say(`RUN ${text}`);
        await runLine(stage, text);
        break;
      case 'USER':
        stage.user = text;
        break;
      case 'HEALTHCHECK':
        stage.health = JSON.parse(/CMD (\[.*\])$/.exec(text)?.[1] ?? unknown(name, text));
        break;
      case 'CMD':
        stage.cmd = JSON.parse(text);
        break;
      case 'EXPOSE':
      case 'VOLUME':
        break;
      default:
        unknown(name, text);
    }
  }
  if (stage.user === 'root' || stage.cmd === null || stage.health === null)
    throw new Error('The last stage must name a USER, a HEALTHCHECK and a CMD.');
  return stage;
}

/** Starts one of a stage's commands as its user would; paths below /etc/rollcall are looked for in the stage. */
export function start(stage, [command, ...args], overrides = {}) {
  const isRoot = process.getuid?.() === 0;
  return spawn(
    command,
    args.map((arg) => (arg.startsWith('/etc/rollcall/') ? join(stage.root, arg) : arg)),
    {
      cwd: join(stage.root, stage.workdir),
      env: { ...stage.env, ...overrides },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(isRoot && stage.user !== 'root' ? { uid: NOBODY, gid: NOBODY } : {}),
    },
  );
}

/** Whether .dockerignore lets a file of the project into the build; it lists what is let in, then what is not after all. */
export function allowedIn(dockerignore) {
  const lines = readFileSync(dockerignore, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (lines.shift() !== '*') throw new Error('.dockerignore must begin with *.');
  return (file) =>
    lines.reduce((allowed, line) => {
      const name = line.replace(/^!/, '');
      return file === name || file.startsWith(`${name}/`) ? line.startsWith('!') : allowed;
    }, false);
}

/** One entry per line of a Dockerfile, continued lines joined, comments left out. */
const instructions = (text) =>
  text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name, rest] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? unknown('a line', line);
      return { name, rest: rest.trim() };
    });

function copy(stage, text, stages, context) {
  const words = text.split(/\s+/);
  const from = words[0].startsWith('--from=') ? words.shift().slice('--from='.length) : null;
  if (words.some((word) => word.startsWith('--'))) unknown('COPY', text);
  const target = words.pop();
  const source = from === null ? context : (stages.get(from)?.root ?? unknown('COPY', text));
  const destination = isAbsolute(target) ? join(stage.root, target) : join(stage.root, stage.workdir, target);
  for (const word of words) {
    const path = join(source, word);
    if (!existsSync(path))
      throw new Error(`COPY ${text}: ${word} is not there; is it missing from .dockerignore?`);
    const isFolder = statSync(path).isDirectory();
    cpSync(
      path,
      isFolder ? destination : target.endsWith('/') ? join(destination, basename(path)) : destination,
      {
        recursive: true,
        verbatimSymlinks: true,
      },
    );
  }
}

async function runLine(stage, text) {
  const [, folder] = /^install -d -o \w+ -g \w+ (\/\S+)$/.exec(text) ?? [];
  if (folder) {
    mkdirSync(join(stage.root, folder), { recursive: true });
    if (process.getuid?.() === 0) chownSync(join(stage.root, folder), NOBODY, NOBODY);
    return;
  }
  if (!/^npm [\w :=-]+$/.test(text)) unknown('RUN', text);
  const child = spawn('sh', ['-c', text], {
    cwd: join(stage.root, stage.workdir),
    // The way to the registry (proxies, certificates) is the machine's; what npm adds to its scripts is not for another npm.
    env: { ...machine, ...stage.env },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 900_000,
  });
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += chunk));
  const code = await new Promise((resolve) => child.on('close', resolve));
  const words = errors.split('\n').filter((line) => !line.startsWith('npm warn'));
  if (code !== 0) throw new Error(`RUN ${text} ended with ${code}:\n${words.slice(0, 30).join('\n')}`);
}

const machine = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^npm_|^INIT_CWD$|^NODE_ENV$/i.test(name)),
);

function unknown(name, text) {
  throw new Error(`The proof does not know this Dockerfile line: ${name} ${text}`);
}

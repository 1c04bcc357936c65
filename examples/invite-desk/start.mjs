/**
 * Starts the desk: builds it, and serves it together with Rollcall's demo, or in front of an endpoint that is there.
 * Ctrl-C ends both.
 *
 *   npm run invite-desk                                                        over the demo
 *   npm run invite-desk -- --endpoint http://localhost:4100/graphql            over a subgraph or a gateway
 *   npm run invite-desk -- --port 4000 --app-port 4173                         the demo's port, the desk's port
 *
 * ROLLCALL_TOKEN: a bearer token for the endpoint. It stays in this process.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { readCommandLine, wholeNumber } from '../../dist/cli/command-line.js';
import { installExample } from '../../scripts/examples.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const here = fileURLToPath(new URL('.', import.meta.url));

const command = {
  usage: `Usage: npm run invite-desk -- [options]

Starts the demo and the example frontend over it, until Ctrl-C.

  --endpoint URL   puts it in front of this GraphQL endpoint instead of the demo
  --port PORT      the demo's port; default: any free one
  --app-port PORT  the frontend's port; default: 4173
  -h, --help       prints this
  -v, --version    prints the version`,
  options: {
    endpoint: { type: 'string' },
    port: { type: 'string', default: '0' },
    'app-port': { type: 'string', default: '4173' },
  },
};
const { values: flags } = readCommandLine(command, (parsed) => {
  wholeNumber('port', parsed.values.port, 0, 65_535);
  wholeNumber('app-port', parsed.values['app-port'], 0, 65_535);
  return parsed;
});

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function main() {
  installExample('invite-desk');
  if (!isBuilt()) run('building the desk', 'npm', ['run', '--silent', 'build'], here);
  const demo = flags.endpoint ? null : await startDemo();
  const stop = () => {
    demo?.process.kill();
    process.exit(0);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);

  process.env.ROLLCALL_ENDPOINT = flags.endpoint ?? demo.endpoint;
  try {
    // Only now: before the packages were installed there was no vite.
    const { preview } = await import('vite');
    const server = await preview({
      root: here,
      logLevel: 'warn',
      preview: { port: Number(flags['app-port']) },
    });
    process.stdout.write(`\nRollcall: ${process.env.ROLLCALL_ENDPOINT}\n`);
    for (const [vendor, address] of Object.entries(demo?.emulators ?? {}))
      process.stdout.write(`  ${vendor}, emulated: ${new URL(address).origin}\n`);
    process.stdout.write(`Invite desk: ${server.resolvedUrls.local[0]}\n`);
  } catch (error) {
    demo?.process.kill();
    throw error;
  }
}

/** Whether what is built is younger than all that it is built from. */
function isBuilt() {
  const built = join(here, 'dist', 'index.html');
  if (!existsSync(built)) return false;
  const sources = ['src', 'public', 'index.html', 'vite.config.ts', 'codegen.yml', '../../schema'];
  const files = sources.flatMap((source) => {
    const path = join(here, source);
    return statSync(path).isDirectory()
      ? readdirSync(path, { recursive: true }).map((file) => join(path, file))
      : [path];
  });
  const own = files.filter((file) => !file.includes('generated'));
  return own.every((file) => statSync(file).mtimeMs <= statSync(built).mtimeMs);
}

/** Starts the demo in a process of its own, and resolves when it is ready. */
async function startDemo() {
  run('building Rollcall', process.execPath, ['scripts/build.mjs'], root);
  const demo = spawn(process.execPath, ['dist/main.js', '--port', flags.port], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(demo, 'exit').then(([code]) => {
    throw new Error(`The demo ended (${code}).`);
  });
  const ready = new Promise((resolve) => {
    createInterface({ input: demo.stdout }).on('line', (line) => {
      const { msg, endpoint, emulators } = JSON.parse(line);
      if (msg === 'demo') resolve({ process: demo, endpoint, emulators });
    });
  });
  return Promise.race([ready, ended]);
}

function run(what, command, args, cwd) {
  process.stderr.write(`invite-desk: ${what} …\n`);
  const shell = process.platform === 'win32';
  const { status } = spawnSync(command, args, { cwd, shell, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`invite-desk: ${what} failed`);
}

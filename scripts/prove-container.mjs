/**
 * Proves the container image without a container engine: carries out the Dockerfile in a temporary folder, starts the
 * result as a user without rights against emulated vendors, asks it, sends one invite, and ends it with SIGTERM.
 *
 *   node scripts/prove-container.mjs             with the Dockerfile's own Node version, taken from the npm registry
 *   node scripts/prove-container.mjs --this-node with the Node that runs this script
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { readCommandLine } from '../dist/cli/command-line.js';
import { allowedIn, buildImage, start } from './dockerfile.mjs';

const { values: flags } = readCommandLine({
  usage: `Usage: npm run container:prove -- [options]

Carries out the Dockerfile without a container engine, runs the result and checks it.

  --this-node    with the Node.js that runs this, not the Dockerfile's own
  -h, --help     prints this
  -v, --version  prints the version`,
  options: { 'this-node': { type: 'boolean', default: false } },
});

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(bareFolder(), 'rollcall-container-'));
const children = [];
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

const began = performance.now();
try {
  await prove();
  process.exit(0);
} catch (error) {
  say(`FAILED: ${error.message}`);
  process.exit(1);
}

async function prove() {
  // Another user is going to read what is built here.
  chmodSync(folder, 0o755);
  const node = findNode();
  say(`Node ${node.version}`);
  const env = {
    PATH: [dirname(node.path), outsidePath()].join(delimiter),
    HOME: process.env.HOME ?? folder,
  };

  const context = join(folder, 'context');
  const files = copyContext(context);
  say(`${files} files from the project, by .dockerignore`);
  const image = await buildImage({
    dockerfile: join(root, 'Dockerfile'),
    context,
    folder: join(folder, 'stages'),
    env,
    say,
  });
  const size = execFileSync('du', ['-sm', image.root], { encoding: 'utf8' }).split('\t')[0];
  checkPackages(join(image.root, image.workdir));

  say('starting the emulated vendors from the build stage');
  const emulators = await startEmulators(join(folder, 'stages', 'build', 'app'), env);
  const token = await writeConfig(image, emulators.configuration);

  const check = follow(start(image, [...image.cmd, '--check']));
  assert.equal(await exitOf(check), 0, `--check refused the configuration: ${check.errors}`);
  say('--check: the configuration is valid');

  const starting = performance.now();
  const program = follow(start(image, image.cmd));
  const ready = await lineOf(program, 'ready');
  const readyMs = Math.round(performance.now() - starting);
  say(`ready after ${readyMs} ms at ${ready.url}`);

  const base = ready.url.replace(/\/graphql$/, '');
  const health = follow(start(image, image.health, { HEALTH_URL: `${base}/healthz` }));
  assert.equal(await exitOf(health), 0, 'the health check failed');
  assert.equal((await fetch(`${base}/readyz`)).status, 200, '/readyz is not 200');
  await checkAnswers(ready.url, token, emulators);
  const memory = memoryOf(program);

  program.child.kill('SIGTERM');
  assert.equal(await exitOf(program), 0, `SIGTERM did not end it well: ${program.errors}`);
  say('SIGTERM: exit code 0');
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  say(
    `proven in ${seconds} s: Node ${node.version}, ${size} MB on disk, ready in ${readyMs} ms, ${memory} MB resident`,
  );
}

/** The Node that the image would run, from the npm registry, where whoever runs the image can read it. */
function findNode() {
  if (flags['this-node']) return { path: process.execPath, version: process.version };
  const [, major] = /^ARG NODE_VERSION=(\d+)$/m.exec(readFileSync(join(root, 'Dockerfile'), 'utf8')) ?? [];
  say(`fetching Node ${major}`);
  const print = 'process.execPath + " " + process.version';
  const [found, version] = execFileSync('npx', ['-y', `node@${major}`, '-p', print], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
    .trim()
    .split(' ');
  const path = join(folder, 'bin', 'node');
  mkdirSync(dirname(path));
  copyFileSync(found, path);
  return { path, version };
}

/** PATH without what npm puts before it: the image must not borrow this project's tools. */
function outsidePath() {
  const parts = process.env.PATH.split(delimiter);
  return parts.filter((part) => !part.includes('node_modules')).join(delimiter);
}

/** The build's context: what git knows or would add, as far as .dockerignore lets it in. */
function copyContext(context) {
  const isAllowed = allowedIn(join(root, '.dockerignore'));
  const files = execFileSync('git', ['ls-files', '-coz', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\0')
    .filter((file) => file !== '' && isAllowed(file) && existsSync(join(root, file)));
  for (const file of files) cpSync(join(root, file), join(context, file));
  return files.length;
}

/** A temporary folder with no packages above it, which would stand in for those that the image lacks. */
function bareFolder() {
  const isBare = (path) =>
    !existsSync(join(path, 'node_modules')) && (path === dirname(path) || isBare(dirname(path)));
  const found = [tmpdir(), '/var/tmp', homedir()].find((path) => existsSync(path) && isBare(path));
  if (found === undefined) throw new Error('Every temporary folder has a node_modules above it; remove one.');
  return found;
}

/** The image must hold no package that only development needs. */
function checkPackages(app) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const dev = Object.keys(packages).filter((path) => packages[path].dev && existsSync(join(app, path)));
  assert.deepEqual(dev, [], 'the image holds development packages');
  say('no development package in the image');
}

async function startEmulators(app, env) {
  const program = follow(
    spawn('node', ['dist/emulators/main.js', '--print-config'], {
      cwd: app,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  const { vendors } = await lineOf(program, 'ready');
  // The configuration follows in a second write.
  while (!program.output.includes('\naccounts:\n')) await delay(20);
  const configuration = program.output.slice(program.output.indexOf('vendors:\n'));
  const accounts = configuration.split('tenant: "acme"').length - 1;
  return { accounts, configuration, softwareone: new URL(vendors.softwareone.baseUrl).origin };
}

/** Writes the configuration and a key set beside it; gives a token that may do everything in the demo's first tenant. */
async function writeConfig(image, configuration) {
  const file = join(image.root, 'etc/rollcall/rollcall.yaml');
  mkdirSync(dirname(file), { recursive: true });
  const storage = join(image.root, 'var/lib/rollcall/rollcall.db');
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  writeFileSync(
    join(dirname(file), 'keys.json'),
    JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256' }] }),
  );
  const auth = { issuer: 'https://login.example.com/', audience: 'rollcall' };
  writeFileSync(
    file,
    `server: { host: 127.0.0.1, port: 0 }
auth: ${JSON.stringify({ ...auth, jwksFile: 'keys.json' })}
storage: sqlite:${storage}
${configuration}`,
  );
  return new SignJWT({ tenant: 'acme', scope: 'staff:read invites:send' })
    .setProtectedHeader({ alg: 'ES256' })
    .setIssuer(auth.issuer)
    .setAudience(auth.audience)
    .setSubject('proof')
    .setExpirationTime('10m')
    .sign(privateKey);
}

async function checkAnswers(url, token, { accounts, softwareone }) {
  const refused = await fetch(url, request('{ accounts { nodes { id } } }', {}, 'none.of.it'));
  assert.equal(refused.status, 401, 'a request without a good token was let in');
  const { data } = await ask(
    url,
    token,
    '{ accounts(first: 100) { nodes { id } } staffMembers(first: 1) { nodes { email } sources { state } } }',
  );
  assert.equal(data.accounts.nodes.length, accounts, 'not every account is there');
  assert.equal(data.staffMembers.nodes.length, 1, 'no staff');
  assert.deepEqual([...new Set(data.staffMembers.sources.map(({ state }) => state))], ['FRESH']);
  say(`answered a query over ${accounts} accounts`);

  const found = await ask(
    url,
    token,
    '{ invites(first: 1, filter: { vendor: SOFTWAREONE, status: [PENDING] }) { nodes { id } } }',
  );
  const [invite] = found.data.invites.nodes;
  const mutation =
    'mutation($id: ID!) { resendInvite(input: { inviteId: $id }) { outcome userErrors { code } } }';
  const sent = await ask(url, token, mutation, { id: invite.id });
  assert.deepEqual(sent.data.resendInvite, { outcome: 'REQUESTED', userErrors: [] });
  const mails = await (await fetch(`${softwareone}/__emulator/mails`)).json();
  assert.equal(mails.total, 1, 'the vendor did not send exactly one email');
  say('sent one invite again: one email at the vendor');
}

function request(query, variables, token) {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  };
}

async function ask(url, token, query, variables = {}) {
  const response = await fetch(url, request(query, variables, token));
  const answer = await response.json();
  assert.equal(answer.errors, undefined, JSON.stringify(answer.errors));
  return answer;
}

/** Follows a program: what it wrote, and how it ended. It does not outlive this one. */
function follow(child) {
  children.push(child);
  const program = { child, output: '', errors: '', exit: once(child, 'close').then(([code]) => code) };
  child.stdout.on('data', (chunk) => (program.output += chunk));
  child.stderr.on('data', (chunk) => (program.errors += chunk));
  return program;
}

/** The program's line with this message, which is the time it is ready; at most 20 seconds from now. */
async function lineOf(program, message) {
  for (let tries = 0; tries < 1000 && program.child.exitCode === null; tries++) {
    const line = program.output
      .split('\n')
      .find((each) => each.startsWith('{') && each.includes(`"msg":"${message}"`));
    if (line) return JSON.parse(line);
    await delay(20);
  }
  throw new Error(`a program never said "${message}": ${program.output}${program.errors}`);
}

/** The exit code, within 20 seconds. */
function exitOf({ exit }) {
  return Promise.race([exit, delay(20_000, 'still running after 20 s', { ref: false })]);
}

/** Resident memory in MB, where the system tells. */
function memoryOf({ child }) {
  const status = `/proc/${child.pid}/status`;
  const [, kilobytes] = existsSync(status) ? (/VmRSS:\s+(\d+)/.exec(readFileSync(status, 'utf8')) ?? []) : [];
  return kilobytes ? Math.round(kilobytes / 1024) : '?';
}

function say(line) {
  process.stdout.write(`container: ${line}\n`);
}

/** Who is measured. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { createTokens } from './tokens.mjs';
import { CORES, listening, start, stop } from './processes.mjs';

const SERVE = new URL('../peers/serve.mjs', import.meta.url).pathname;
const ROLLCALL = new URL('../../dist/main.js', import.meta.url).pathname;

/**
 * A peer is a program and, where one program is measured in several ways, the headers of its requests. `program` names
 * what is started; peers with the same one share its process. `respell` says what is called otherwise in its schema; what one that
 * `remembers` asks of vendors depends on what was asked before, and is not counted.
 */
export const peers = [
  { name: 'limit', program: 'limit' },
  { name: 'limit, bare calls', program: 'limit-bare', module: 'limit', options: () => ({ bare: true }) },
  {
    name: 'limit, as careful',
    program: 'limit-careful',
    module: 'limit',
    options: (folder) => ({ receipts: join(folder, 'receipts.db') }),
  },
  { name: 'rollcall', program: 'rollcall', limits: { cacheTtl: '0s', staleTtl: '0s' } },
  {
    name: 'rollcall, nothing shared',
    program: 'rollcall',
    limits: { cacheTtl: '0s', staleTtl: '0s' },
    headers: { 'cache-control': 'no-cache' },
  },
  { name: 'rollcall, caches on', program: 'rollcall-cached', limits: {}, remembers: true },
  { name: 'mercurius, jit', program: 'mercurius' },
  { name: 'apollo, hand-tuned', program: 'apollo' },
  { name: 'yoga', program: 'yoga' },
  { name: 'apollo, RESTDataSource', program: 'apollo-rest' },
  {
    name: 'hive gateway + mesh, jit',
    program: 'hive-mesh',
    respell: [
      ['[_Any!]!', '[Reference!]!'],
      ['_entities(representations', '_entities: references(references'],
    ],
  },
];

/** What all others are compared with. */
export const LIMIT = 'limit';

/** The product's limits that a measurement must not run into: no cooldown, and more emails than are sent. */
const GENEROUS = { cooldown: '0s', emailsPerInvitePerDay: 1000, emailsPerAccountPerHour: 1000 };

/** Starts the programs of these peers over a world, each on a port of its own from `ports` on. */
export async function startPeers(wanted, world, ports) {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
  const worldFile = join(folder, 'world.json');
  writeFileSync(worldFile, JSON.stringify(world));
  const tokens = await createTokens(folder);
  const programs = new Map();
  for (const peer of wanted) {
    if (programs.has(peer.program)) continue;
    const port = ports + programs.size;
    const child = peer.program.startsWith('rollcall')
      ? startRollcall({ folder: join(folder, peer.program), world, port, tokens, limits: peer.limits })
      : start(CORES.server, [
          SERVE,
          peer.module ?? peer.program,
          worldFile,
          String(port),
          JSON.stringify(peer.options?.(folder) ?? {}),
        ]);
    await listening(child, port);
    programs.set(peer.program, { child, port });
  }
  const authorization = `Bearer ${tokens.token}`;
  return {
    peers: wanted.map((peer) => {
      const { child, port } = programs.get(peer.program);
      return {
        ...peer,
        child,
        url: `http://127.0.0.1:${port}/graphql`,
        headers: { ...peer.headers, ...(peer.limits ? { authorization } : {}) },
      };
    }),
    stop: () => Promise.all([...programs.values()].map(({ child }) => stop(child))),
  };
}

/** The product as it is shipped: its own build, a configuration file, tokens on, the ledger in a file. */
export function startRollcall({
  folder,
  world,
  port,
  tokens,
  limits,
  args = [],
  flags = [],
  core = CORES.server,
  env = {},
  stdio,
}) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'rollcall.yaml');
  const { issuer, audience, jwksFile } = tokens;
  const config = {
    server: { host: '127.0.0.1', port },
    auth: { issuer, audience, jwksFile },
    storage: `sqlite:${join(folder, 'rollcall.db')}`,
    vendors: world.vendors,
    limits: { ...GENEROUS, ...limits },
    accounts: world.accounts,
  };
  writeFileSync(file, stringify(config, { aliasDuplicateObjects: false }));
  return start(core, [...args, ROLLCALL, '--config', file, ...flags], { env, ...(stdio ? { stdio } : {}) });
}

/** Where Rollcall's CPU goes in a workload: the functions with most time of their own. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLoad } from './measure/load-process.mjs';
import { startRollcall } from './measure/peers.mjs';
import { listening, stop } from './measure/processes.mjs';
import { createTokens } from './measure/tokens.mjs';
import { factsOf, startWorld } from './measure/world.mjs';
import { progress } from './report/progress.mjs';
import { short, table } from './report/table.mjs';
import { SCALES, workloads } from './workloads/index.mjs';

const PORTS = 4530;
const PORT = 4540;
const SHOWN = 25;

/** Profiles each wanted workload in a process of its own and prints its busiest functions. */
export async function profile({ quick, isWanted }) {
  for (const workload of workloads.filter(({ name }) => isWanted(name))) {
    progress(`profile: ${workload.name}`);
    const functions = await profiled(workload, quick ? 2 : 8);
    const rows = functions.slice(0, SHOWN).map(({ name, share }) => [name, `${short(share * 100)} %`]);
    process.stdout.write(
      `\n${workload.name}: ${workload.title}\n\n${table(['function', 'own time'], rows)}\n`,
    );
  }
}

async function profiled({ name, scale, connections }, seconds) {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-profile-'));
  const vendors = await startWorld(SCALES[scale], 0, PORTS);
  const facts = await factsOf(vendors.world);
  const tokens = await createTokens(folder);
  const began = performance.now();
  const child = startRollcall({
    folder,
    world: vendors.world,
    port: PORT,
    tokens,
    limits: { cacheTtl: '0s', staleTtl: '0s' },
    args: ['--cpu-prof', `--cpu-prof-dir=${folder}`],
  });
  await listening(child, PORT);
  const load = startLoad(facts);
  const startMs = performance.now() - began;
  // Nothing shared: what one operation costs by itself.
  const headers = { authorization: `Bearer ${tokens.token}`, 'cache-control': 'no-cache' };
  await load.run({
    url: `http://127.0.0.1:${PORT}/graphql`,
    headers,
    workload: name,
    seconds,
    connections,
    from: 0,
    run: 'profile',
  });
  await stop(child, 30);
  await Promise.all([load.stop(), vendors.stop()]);
  const file = readdirSync(folder).find((each) => each.endsWith('.cpuprofile'));
  const functions = ownTimes(JSON.parse(readFileSync(join(folder, file), 'utf8')), startMs);
  rmSync(folder, { recursive: true, force: true });
  return functions;
}

/** Functions by their own time, the largest first, as shares of the time in which the process was busy after its start. */
function ownTimes({ nodes, samples, timeDeltas }, startMs) {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map();
  let busy = 0;
  let elapsed = 0;
  for (const [index, id] of samples.entries()) {
    const name = names.get(id);
    elapsed += timeDeltas[index];
    if (name === '(idle)' || elapsed < startMs * 1000) continue;
    busy += timeDeltas[index];
    times.set(name, (times.get(name) ?? 0) + timeDeltas[index]);
  }
  return [...times].map(([name, time]) => ({ name, share: time / busy })).sort((a, b) => b.share - a.share);
}

function nameOf({ functionName, url, lineNumber }) {
  const place = url
    .replace(/^file:\/\//, '')
    .replace(/^.*\/node_modules\//, '')
    .replace(/^.*\/(dist\/)/, '$1');
  return `${functionName || '(anonymous)'}${place ? ` ${place}:${lineNumber + 1}` : ''}`;
}

/** What several processes bring, and cost: workers behind one port, and processes behind a balancer. */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLoad } from './measure/load-process.mjs';
import { startSeveral } from './measure/several.mjs';
import { median } from './measure/statistics.mjs';
import { createTokens } from './measure/tokens.mjs';
import { factsOf, startWorld } from './measure/world.mjs';
import { progress } from './report/progress.mjs';
import { replicasTable, writeReplicas } from './report/replicas.mjs';

const PORTS = 4800;
const KINDS = [
  { name: 'one process', workers: 1 },
  { name: 'two workers', workers: 2 },
  { name: 'one process, balanced', processes: 1 },
  { name: 'two processes, balanced', processes: 2 },
  { name: 'three processes, balanced', processes: 3 },
];
const WORKLOADS = ['W1', 'W4'];
/** Enough that each process has work while others wait for vendors. */
const CONNECTIONS = 32;

/** Runs all of it in interleaved rounds, prints it, and writes REPLICAS.md if it was all. */
export async function replicas({ quick, rounds = quick ? 2 : 7, write }) {
  const seconds = quick ? 0.5 : 2;
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-replicas-'));
  const load = [loadavg()[0]];
  const vendors = await startWorld({ accounts: 20, staffPerAccount: 50 }, 0, PORTS);
  const facts = await factsOf(vendors.world);
  const tokens = await createTokens(folder);
  const common = { folder, world: vendors.world, tokens, limits: { cacheTtl: '0s', staleTtl: '0s' } };
  const several = [];
  for (const [index, kind] of KINDS.entries()) {
    progress(`replicas: starting ${kind.name}`);
    const started = await startSeveral(kind, { ...common, port: PORTS + 10 * (index + 1) });
    several.push({ ...kind, ...started, turns: new Map(WORKLOADS.map((name) => [name, []])) });
  }
  const caller = startLoad(facts);
  const headers = { authorization: `Bearer ${tokens.token}` };
  let from = 0;
  const turn = async ({ url, cpu, balancerCpu }, workload, length) => {
    const before = [cpu(), balancerCpu()];
    const task = { url, headers, workload, connections: CONNECTIONS, run: 'replicas', seconds: length, from };
    const { operations, ms, next, p50, p99 } = await caller.run(task);
    from = next;
    return {
      cpu: (cpu() - before[0]) / operations,
      balancer: (balancerCpu() - before[1]) / operations,
      perSecond: (operations * 1000) / ms,
      p50,
      p99,
    };
  };

  for (const workload of WORKLOADS) {
    // What has not been compiled yet is another measurement.
    for (const each of several) await turn(each, workload, quick ? 1 : 6);
    for (let round = 1; round <= rounds; round++) {
      progress(`replicas: ${workload}, round ${round} of ${rounds}`);
      for (const each of several) each.turns.get(workload).push(await turn(each, workload, seconds));
    }
  }
  const results = several.map(({ name, turns, memory }) => ({
    name,
    memory: memory(),
    cells: WORKLOADS.map((workload) => {
      const of = (value) => median(turns.get(workload).map(value));
      return {
        workload,
        cpu: of(({ cpu }) => cpu),
        balancer: of(({ balancer }) => balancer),
        perSecond: of(({ perSecond }) => perSecond),
        p50: of(({ p50 }) => p50),
        p99: of(({ p99 }) => p99),
      };
    }),
  }));
  load.push(loadavg()[0]);
  await Promise.all([caller.stop(), ...several.map(({ stop }) => stop())]);
  await vendors.stop();
  rmSync(folder, { recursive: true, force: true });
  process.stdout.write(`\n${replicasTable(results)}\n`);
  if (write) writeReplicas(results, load, { rounds, seconds, connections: CONNECTIONS });
}

/** Every peer on every workload, in interleaved rounds, so that a machine that drifts drifts for all of them. */
import { loadavg } from 'node:os';
import { checkAnswers } from './measure/answers.mjs';
import { startLoad } from './measure/load-process.mjs';
import { peers as everyPeer, startPeers } from './measure/peers.mjs';
import { cpuMs, memoryMb } from './measure/processes.mjs';
import { median } from './measure/statistics.mjs';
import { countUpstream } from './measure/upstream.mjs';
import { factsOf, startWorld } from './measure/world.mjs';
import { progress } from './report/progress.mjs';
import { SCALES, workloads as everyWorkload } from './workloads/index.mjs';

const PORTS = 4500;
const EFFORTS = {
  full: { latencies: [0, 20], rounds: 3, seconds: 1, warmUp: 2, checked: 6, counted: 6 },
  quick: { latencies: [0], rounds: 2, seconds: 0.4, warmUp: 0.5, checked: 3, counted: 3 },
};

/**
 * @typedef {object} Cell What came of one peer on one workload: medians over the rounds.
 * @property {number} cpuMs CPU time of the server per operation.
 * @property {number} cpuTimes The same as a multiple of the limit's in the same round.
 */

/** Runs the comparison. */
export async function compare({ quick, rounds, isWorkload, isPeer }) {
  const effort = { ...(quick ? EFFORTS.quick : EFFORTS.full), ...(rounds ? { rounds } : {}) };
  const peers = everyPeer.filter(({ name, program }) => isPeer(name) || isPeer(program));
  const workloads = everyWorkload.filter(({ name }) => isWorkload(name));
  const load = [loadavg()[0]];
  const cells = [];
  for (const latencyMs of effort.latencies)
    for (const [scale, size] of Object.entries(SCALES)) {
      const here = workloads.filter((workload) => workload.scale === scale);
      if (here.length > 0) cells.push(...(await stage(peers, here, size, latencyMs, effort)));
    }
  load.push(loadavg()[0]);
  return { cells, peers: peers.map(({ name }) => name), workloads, effort, load };
}

async function stage(wanted, workloads, size, latencyMs, effort) {
  progress(
    `vendors with ${size.accounts} accounts each, ${latencyMs} ms: starting with ${wanted.length} peers`,
  );
  const vendors = await startWorld(size, latencyMs, PORTS);
  const facts = await factsOf(vendors.world);
  const started = await startPeers(wanted, vendors.world, PORTS + 10);
  const load = startLoad(facts);
  const cells = [];
  for (const workload of workloads)
    cells.push(...(await measure(started.peers, workload, { ...vendors, facts, latencyMs }, load, effort)));
  await Promise.all([load.stop(), started.stop()]);
  await vendors.stop();
  return cells;
}

async function measure(peers, workload, vendors, load, { rounds, seconds, warmUp, checked, counted }) {
  const { facts, latencyMs } = vendors;
  // Names the operations of this workload here, and no others.
  const run = `${workload.name}-${latencyMs}`;
  let next = 0;
  const turn = async (peer, length) => {
    const { url, headers, child, respell } = peer;
    const before = cpuMs(child);
    const task = { url, headers, respell, workload: workload.name, connections: workload.connections, run };
    const result = await load.run({ ...task, seconds: length, from: next });
    next = result.next;
    return { ...result, cpu: (cpuMs(child) - before) / result.operations };
  };

  progress(`${workload.name}, ${latencyMs} ms: comparing answers, counting vendor calls`);
  await checkAnswers(peers, workload, facts, checked, `${run}-check`);
  const upstream = new Map();
  for (const peer of peers.filter(({ remembers }) => !remembers)) {
    const task = { count: counted, from: checked, run: `${run}-${peer.name.replaceAll(' ', '')}` };
    upstream.set(peer.name, await countUpstream(peer, workload, vendors, task));
  }
  next = checked + counted;
  const turns = new Map(peers.map(({ name }) => [name, []]));
  for (const peer of peers) await turn(peer, warmUp * (workload.warmUps ?? 1));
  for (let round = 1; round <= rounds; round++) {
    progress(`${workload.name}, ${latencyMs} ms: round ${round} of ${rounds}`);
    for (const peer of peers) turns.get(peer.name).push(await turn(peer, seconds));
  }
  const [limit] = peers;
  return peers.map((peer) => {
    const own = turns.get(peer.name);
    const of = (value) => median(own.map(value));
    const timesLimit = own.map(({ cpu }, round) => cpu / turns.get(limit.name)[round].cpu);
    return {
      peer: peer.name,
      workload: workload.name,
      latencyMs,
      cpuMs: of(({ cpu }) => cpu),
      cpuTimes: median(timesLimit),
      cpuRange: [Math.min(...timesLimit), Math.max(...timesLimit)],
      perSecond: of(({ operations, ms }) => (operations * 1000) / ms),
      p50: of(({ p50 }) => p50),
      p99: of(({ p99 }) => p99),
      operations: own.reduce((sum, { operations }) => sum + operations, 0),
      rss: memoryMb(peer.child).now,
      ...upstream.get(peer.name),
    };
  });
}

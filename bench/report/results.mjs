/** Writes RESULTS.md and its charts: all figures come from the run, none from a hand. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { LIMIT } from '../measure/peers.mjs';
import { barChart } from './bar-chart.mjs';
import { machineList } from './machine.mjs';
import { peerTable, ratioTable, short, table } from './table.mjs';

const at = (name) => new URL(`../${name}`, import.meta.url);

export function writeResults(results) {
  mkdirSync(at('charts'), { recursive: true });
  const latencies = [...new Set(results.cells.map(({ latencyMs }) => latencyMs))];
  const parts = latencies.map((latencyMs) => {
    const chart = `charts/cpu-${latencyMs}ms.svg`;
    writeFileSync(at(chart), cpuChart(results, latencyMs));
    return latencyPart(results, latencyMs, chart);
  });
  writeFileSync(at('RESULTS.md'), `${[head(results), ...parts, aims(results), method].join('\n\n')}\n`);
}

const head = ({ load, workloads, effort }) => `# Results

Written by \`npm run bench\`; what is measured and how stands [at the end](#how-it-is-measured).

${machineList(load, { withPeers: true })}

${table(
  ['workload', 'one operation is', 'connections'],
  workloads.map(({ name, title, connections }) => [name, title, String(connections)]),
)}

Each figure is the median of ${effort.rounds} rounds of ${effort.seconds} s, in which the peers took turns, each after ${effort.warmUp} s of warming up${workloads
  .filter(({ warmUps }) => warmUps)
  .map(({ name, warmUps }) => `, of ${name} ${warmUps * effort.warmUp} s`)
  .join('')}.`;

const latencyPart = (results, latencyMs, chart) => {
  const part = (title, show) => `### ${title}\n\n${peerTable(results, latencyMs, show)}`;
  return [
    `## Vendors that answer after ${latencyMs} ms`,
    `### CPU per operation, as a multiple of the limit\n\n${ratioTable(results, latencyMs)}`,
    `![CPU per operation of each peer](${chart})`,
    part(
      'CPU per operation, in ms; least and most over the rounds as multiples of the limit',
      (cell) => `${short(cell.cpuMs)} (${cell.cpuRange.map(short).join('–')})`,
    ),
    part('Operations per second', ({ perSecond }) => short(perSecond)),
    part('Time to the answer, p50 / p99 in ms', ({ p50, p99 }) => `${short(p50)} / ${short(p99)}`),
    part('Vendor calls per operation', ({ calls }) => (calls === undefined ? '–' : short(calls))),
    part('Bytes read of vendors per operation, in KiB', ({ bytes }) =>
      bytes === undefined ? '–' : short(bytes / 1024),
    ),
    part('Memory of the server (RSS) after the rounds, in MiB', ({ rss }) => short(rss)),
  ].join('\n\n');
};

const cpuChart = ({ cells, peers, workloads }, latencyMs) =>
  barChart({
    title: `CPU per operation as a multiple of the limit, vendors at ${latencyMs} ms (logarithmic)`,
    series: peers,
    groups: workloads.map(({ name, title }) => ({
      label: `${name}: ${title}`,
      values: peers.map(
        (peer) =>
          cells.find((cell) => cell.peer === peer && cell.workload === name && cell.latencyMs === latencyMs)
            ?.cpuTimes ?? 0,
      ),
    })),
  });

/** What the project has set out to reach, and whether this run shows it. */
function aims({ cells, workloads, peers }) {
  const of = (peer, workload, latencyMs) =>
    cells.find((cell) => cell.peer === peer && cell.workload === workload && cell.latencyMs === latencyMs);
  const measured = ['rollcall', 'rollcall, nothing shared', LIMIT].every((peer) => peers.includes(peer));
  if (!measured || !workloads.some(({ name }) => name === 'W2'))
    return '## Aims\n\nNot looked at: this run left some of the peers or workloads out.';
  const others = peers.filter((peer) => !peer.startsWith('rollcall') && !peer.startsWith(LIMIT));
  const rows = workloads.map(({ name }) => {
    const own = of('rollcall, nothing shared', name, 0).cpuTimes;
    const best = others
      .map((peer) => ({ peer, times: of(peer, name, 0).cpuTimes }))
      .sort((a, b) => a.times - b.times)[0];
    return [
      `${name}: CPU below every other server's, caches off, nothing shared`,
      `${short(own)} against ${short(best.times)} (${best.peer})`,
      own < best.times ? 'yes' : 'no',
    ];
  });
  for (const { name } of workloads.filter(({ name }) => name !== 'W5')) {
    const times = of('rollcall, nothing shared', name, 0).cpuTimes;
    rows.push([
      `${name}: CPU at most 1.3 × the limit, nothing shared`,
      short(times),
      times <= 1.3 ? 'yes' : 'no',
    ]);
  }
  const callsMore = workloads.filter(({ name }) => of('rollcall', name, 0).calls > of(LIMIT, name, 0).calls);
  rows.push([
    'vendor calls equal to the least everywhere',
    callsMore.map(({ name }) => name).join(', ') || 'on every workload',
    callsMore.length === 0 ? 'yes' : 'no',
  ]);
  const bytesMore = workloads.filter(({ name }) =>
    others.some((peer) => of('rollcall', name, 0).bytes > of(peer, name, 0).bytes),
  );
  rows.push([
    'bytes of vendors below every server that pushes no fields down',
    bytesMore.length === 0 ? 'on every workload' : `not on ${bytesMore.map(({ name }) => name).join(', ')}`,
    bytesMore.length === 0 ? 'yes' : 'no',
  ]);
  const cached = of('rollcall, caches on', 'W2', 20)?.perSecond;
  const tuned = of('apollo, hand-tuned', 'W2', 20)?.perSecond;
  if (cached && tuned)
    rows.push([
      'W2 at 20 ms, caches on: operations per second at least 10 × the hand-tuned Apollo Server’s',
      `${short(cached / tuned)} ×`,
      cached >= 10 * tuned ? 'yes' : 'no',
    ]);
  return `## Aims\n\n${table(['aim', 'this run', 'reached'], rows)}`;
}

const method = `## How it is measured

- The vendors are the emulators of this project, in a process of their own; the load is another: so many connections, each sending its next operation when the last one is answered.
- CPU is user and system time of the server's process, all threads, as the kernel counts it, over the operations of a round. A round's figure is divided by the limit's of the same round; what is shown is the median of these.
- _limit_ is bare \`node:http\` that knows the operations beforehand, makes the same calls with the same fields as Rollcall, through Rollcall's own vendor client, and writes the answer as text by hand. _limit, bare calls_ leaves out that client's guard, retries and metrics. _limit, as careful_ also makes writes as Rollcall must: each over a connection of its own (an idle one that the vendor is just closing leaves a write unsure), noted in SQLite, on the disk, before the vendor is asked, and again when it has ended.
- Mercurius, the hand-tuned Apollo Server and yoga read vendors by the same module ([peers/vendors.mjs](peers/vendors.mjs)), which asks for whole rows and hashes each Ecwid address once, as Rollcall does; between them the framework alone differs. None of them has tokens, limits, deadlines, circuit breakers, a ledger or a log.
- _rollcall_ is the built program with a configuration file: RS256 tokens, scopes, document limits, deadlines, breakers, metrics, one log line per operation, and the ledger in a file (SQLite; before a vendor is asked to write, that is on the disk). Cooldown is off and email limits are high, or W5 would be refused. Its read cache is off (\`cacheTtl: 0s\`, \`staleTtl: 0s\`); operations that ask the same at the same moment still share one vendor call. _nothing shared_ is the same process asked with \`Cache-Control: no-cache\`, so that each operation makes all its own calls. _caches on_ has the default cache of 5 s.
- Before anything is timed, every peer must answer the first operations of a workload alike. Every timed answer must be HTTP 200 without \`errors\`, and of W5 \`REQUESTED\`.
- Vendor calls and bytes are counted in a pass of its own, one operation after another, by the emulators; bytes are those of the answers' bodies. With caches on they depend on what was asked before, so they are left out.
- The accounts of W1, W3 and W4 take turns. The ledger is empty at the start, so Wix staff are ids, as Wix itself tells them. W5 sends invites of Ecwid and SoftwareOne, each once as far as there are enough; ids of Wix invites cannot be read from Wix.`;

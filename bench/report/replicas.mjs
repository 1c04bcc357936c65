/** Writes REPLICAS.md and its charts. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { barChart } from './bar-chart.mjs';
import { machineList } from './machine.mjs';
import { short, table } from './table.mjs';

const at = (name) => new URL(`../${name}`, import.meta.url);

/** One row for each way and workload. */
export const replicasTable = (results) =>
  table(
    ['', 'workload', 'CPU, ms', 'balancer, CPU ms', 'operations/s', 'p50, ms', 'p99, ms', 'RSS, MiB'],
    results.flatMap(({ name, memory, cells }) =>
      cells.map(({ workload, cpu, balancer, perSecond, p50, p99 }) => [
        name,
        workload,
        ...[cpu, balancer, perSecond, p50, p99, memory].map(short),
      ]),
    ),
  );

/** @param {object[]} results Each way, with what came of each workload. */
export function writeReplicas(results, load, effort) {
  mkdirSync(at('charts'), { recursive: true });
  const charts = [
    ['cpu', 'CPU per operation, ms', ({ cpu }) => cpu],
    ['throughput', 'Operations per second', ({ perSecond }) => perSecond],
  ].map(([file, title, of]) => {
    const groups = results[0].cells.map(({ workload }, index) => ({
      label: workload,
      values: results.map(({ cells }) => of(cells[index])),
    }));
    const name = `charts/replicas-${file}.svg`;
    writeFileSync(at(name), barChart({ title, groups, series: results.map((result) => result.name) }));
    return `![${title}](${name})`;
  });
  writeFileSync(
    at('REPLICAS.md'),
    `${[head(load, effort), replicasTable(results), ...charts].join('\n\n')}\n`,
  );
}

const head = (load, { rounds, seconds, connections }) => `# Replicas

Written by \`npm run bench -- workers\`: what several processes bring and cost. \`--workers\` serves with several processes behind one port; the others stand behind a plain TCP balancer that passes each new connection to the next. All share one SQLite file. CPU is that of all processes of Rollcall together, the primary among them; the balancer's stands beside it. RSS counts what processes share once for each. ${connections} connections, medians over ${rounds} interleaved rounds of ${seconds} s, the read cache off.

${machineList(load).replace(/^- Cores:.*$/m, '- Cores: vendors and load on all but the first, Rollcall and the balancer on any')}

On a machine with few cores, vendors and load take their share of what a second process could have used: operations per second there say less than CPU per operation.`;

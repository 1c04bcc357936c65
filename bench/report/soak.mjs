/** Writes SOAK.md and its charts. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { median } from '../measure/statistics.mjs';
import { lineChart } from './line-chart.mjs';
import { machineList } from './machine.mjs';
import { short, table } from './table.mjs';

const at = (name) => new URL(`../${name}`, import.meta.url);

const CHARTS = [
  ['memory', 'Memory', 'MiB', { RSS: 'rss', 'heap in use': 'heapUsed' }],
  ['latency', 'Time to the answer', 'ms', { p50: 'p50', p99: 'p99' }],
  ['event-loop', 'Event-loop delay', 'ms', { p99: 'loopP99' }],
  ['handles', 'Open files and sockets', 'number', { handles: 'handles' }],
];

const FIGURES = [
  ['RSS, MiB', 'rss'],
  ['heap in use, MiB', 'heapUsed'],
  ['open files and sockets', 'handles'],
  ['event-loop delay p99, ms', 'loopP99'],
  ['time to the answer p50, ms', 'p50'],
  ['time to the answer p99, ms', 'p99'],
  ['CPU, share of a core', 'cpuShare'],
];

export function writeSoak({ samples, seconds, warmUp, rate, load, heap, totals, rssAtFirst }) {
  mkdirSync(at('charts'), { recursive: true });
  const pictures = CHARTS.map(([name, title, yTitle, lines]) => {
    const series = Object.entries(lines).map(([label, field]) => ({
      name: label,
      points: samples.map((sample) => [sample.atSeconds / 60, sample[field]]),
    }));
    const chart = { title, xTitle: 'minutes', yTitle, series, dots: false };
    writeFileSync(at(`charts/soak-${name}.svg`), lineChart(chart));
    return `![${title}](charts/soak-${name}.svg)`;
  });
  const { calls, faults } = samples.at(-1);
  const sections = [
    `# Soak

Written by \`npm run soak\`: Rollcall as it is shipped, caches on, all protection on but the cooldown, for ${short(seconds / 60)} minutes of ${rate} operations per second (W1 to W5 in a mix) over vendors that answer after 20 ms. Of the vendors' answers ${short((100 * faults) / calls)} % were broken, in twelve ways; every tenth caller left within 60 ms.`,
    machineList(load),
    `## Begin and end\n\nAfter ${short(warmUp / 60)} minutes of warming up the process had ${short(rssAtFirst)} MiB (RSS).\n\n${halves(samples)}`,
    ...pictures,
    `## Operations\n\n${table(
      ['', 'number'],
      Object.entries({ ...WORDS, calls: 'vendor calls', faults: 'broken vendor answers' }).map(
        ([name, words]) => [words, short({ ...totals, calls, faults }[name])],
      ),
    )}`,
    heapPart(heap),
  ];
  writeFileSync(at('SOAK.md'), `${sections.join('\n\n')}\n`);
}

const WORDS = {
  sent: 'operations sent',
  answered: 'answered without errors',
  partial: 'answered with `errors`',
  left: 'left by their callers',
  failed: 'not answered with HTTP 200',
};

/** The first and the last quarter side by side: medians, and the change. */
function halves(samples) {
  const quarter = Math.max(1, Math.floor(samples.length / 4));
  return table(
    ['median of', 'first quarter', 'last quarter', 'change'],
    FIGURES.map(([title, field]) => {
      const of = (part) => median(part.map((sample) => sample[field]));
      const [first, last] = [of(samples.slice(0, quarter)), of(samples.slice(-quarter))];
      return [title, short(first), short(last), `${short((100 * (last - first)) / first)} %`];
    }),
  );
}

const heapPart = ({ before, after, grown }) => `## Heap

Two snapshots of a second process with the same to do, because writing a heap down takes memory that a process keeps; each after a full collection and with no operation under way: one after the warm-up, one at the end. The heap had ${short(before / 2 ** 20)} MiB then and ${short(after / 2 ** 20)} MiB at the end. What grew most:

${table(
  ['kind', 'objects more', 'KiB more'],
  grown
    .filter(({ bytes }) => bytes > 0)
    .map(({ kind, objects, bytes }) => [
      `\`${kind.replaceAll('|', '/').replaceAll('`', '')}\``,
      short(objects),
      short(bytes / 1024),
    ]),
)}

_(object shape)_, _(code)_ and the like are the engine's own: what it learns of the program, and compiles. The cache of reads may hold up to 8 MiB of vendors' answers, and lets them go after five minutes.`;

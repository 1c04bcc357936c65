/** Writes GROWTH.md and its charts. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { lineChart } from './line-chart.mjs';
import { machineList } from './machine.mjs';

const at = (name) => new URL(`../${name}`, import.meta.url);

/** @param {object[]} parts What grew, each with its rows. */
export function writeGrowth(parts, load, growthTable) {
  mkdirSync(at('charts'), { recursive: true });
  const sections = parts.map((part) => {
    const pictures = part.charts.map((chart, index) => {
      const file = `charts/growth-${part.name}-${index + 1}.svg`;
      const { lines, ...words } = chart;
      const series = lines.map(([name, column]) => ({
        name,
        points: part.rows.map((row) => [row[0], row[column]]),
      }));
      writeFileSync(at(file), lineChart({ ...words, series, logX: true }));
      return `![${chart.title}](${file})`;
    });
    return [`## ${part.title}`, part.text, growthTable(part, part.rows), ...pictures].join('\n\n');
  });
  writeFileSync(at('GROWTH.md'), `${[head(load), ...sections].join('\n\n')}\n`);
}

const head = (load) => `# Growth

Written by \`npm run bench -- growth\`: what one operation costs Rollcall as the world behind it grows. Vendors answer at once, the read cache is off, all protection is on; how it is measured stands in [RESULTS.md](RESULTS.md#how-it-is-measured).

${machineList(load)}`;

import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { pinned } from '../measure/processes.mjs';
import { table } from './table.mjs';

/** Where and with what a run was made, as a table. */
export function machineTable(load) {
  const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const product = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const versions = Object.entries(dependencies).map(([name, version]) => `${name} ${version}`);
  return table(
    ['', 'this run'],
    [
      ['date', new Date().toISOString().slice(0, 16).replace('T', ' ')],
      [
        'machine',
        `${availableParallelism()} cores, ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
      ],
      ['load average', `${load.map((value) => value.toFixed(1)).join(' before, ')} after`],
      ['cores', pinned ? 'the server alone on one, vendors and load on the others' : 'not pinned'],
      ['Node.js', process.versions.node],
      ['Rollcall', `${product.version}, with Apollo Server ${product.dependencies['@apollo/server']}`],
      ['peers', versions.join(', ')],
    ],
  );
}

import { statSync } from 'node:fs';
import { progress } from '../report/progress.mjs';
import { fillLedger, timePurge } from './ledger.mjs';
import { stage } from './stage.mjs';

const OPERATIONS = ['W5', 'Actions', 'Attempts'];

/** From an empty ledger to ten million attempts. */
export const attempts = {
  name: 'attempts',
  title: 'Attempts in the ledger',
  text: 'Attempts of a year, spread evenly over 60 accounts; five more for each invite that is measured. W5 writes an attempt down and closes it; Actions and Attempts are of ten invites. Purge frees the keys of a day, while nothing else runs.',
  columns: [
    'attempts',
    ...OPERATIONS.map((name) => `${name}, CPU ms`),
    'W5 p99, ms',
    'purge, ms',
    'file, MiB',
  ],
  charts: [
    {
      title: 'CPU per operation as the ledger grows',
      xTitle: 'attempts',
      yTitle: 'CPU, ms',
      lines: OPERATIONS.map((name, index) => [name, index + 1]),
    },
    {
      title: 'Purge of a day’s keys as the ledger grows',
      xTitle: 'attempts',
      yTitle: 'ms',
      lines: [['purge', 5]],
      logY: true,
    },
  ],
  run: async ({ quick, seconds }) => {
    const rows = [];
    for (const count of quick ? [0, 10_000] : [0, 10_000, 100_000, 1_000_000, 10_000_000]) {
      progress(`growth: ${count} attempts`);
      const prepare = ({ file, facts }) => fillLedger(file, facts, count);
      rows.push(
        await stage({ size: { accounts: 20, staffPerAccount: 50 }, prepare }, async (at) => {
          const costs = [];
          for (const name of OPERATIONS) costs.push(await at.measure(name, { seconds }));
          const purge = await timePurge(at.file);
          return [
            count,
            ...costs.map(({ cpu }) => cpu),
            costs[0].p99,
            purge,
            statSync(at.file).size / 2 ** 20,
          ];
        }),
      );
    }
    return rows;
  },
};

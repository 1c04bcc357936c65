import { progress } from '../report/progress.mjs';
import { stage } from './stage.mjs';

/** From one connection to a thousand. */
export const concurrency = {
  name: 'concurrency',
  title: 'Concurrency',
  text: 'W1 over 60 accounts by so many callers at once, each waiting for its answer; read cache off. Callers that ask the same at the same moment share a vendor call.',
  columns: ['connections', 'CPU, ms', 'operations/s', 'p50, ms', 'p99, ms', 'RSS, MiB'],
  charts: [
    {
      title: 'CPU per operation of W1 as callers grow',
      xTitle: 'connections',
      yTitle: 'CPU, ms',
      lines: [['W1', 1]],
    },
    {
      title: 'Time to the answer of W1 as callers grow',
      xTitle: 'connections',
      yTitle: 'ms',
      lines: [
        ['p50', 3],
        ['p99', 4],
      ],
      logY: true,
    },
  ],
  run: ({ quick, seconds }) =>
    stage({ size: { accounts: 20, staffPerAccount: 50 } }, async (at) => {
      const rows = [];
      // Or the first row would be about code that is not compiled yet.
      await at.measure('W1', { seconds: quick ? 1 : 6, connections: 10 });
      for (const connections of quick ? [1, 100] : [1, 10, 100, 300, 1000]) {
        progress(`growth: ${connections} connections`);
        const { cpu, perSecond, p50, p99 } = await at.measure('W1', { seconds, connections });
        rows.push([connections, cpu, perSecond, p50, p99, at.memory().now]);
      }
      return rows;
    }),
};

import { progress } from '../report/progress.mjs';
import { stage } from './stage.mjs';

const OPERATIONS = ['AccountPage', 'StaffAcross', 'W1', 'W4'];

/** From ten accounts to ten thousand. */
export const accounts = {
  name: 'accounts',
  title: 'Accounts',
  text: 'Accounts in all, a third at each vendor, ten staff each. Start-up is from the start of the process until it listens; memory is after start-up, before the first operation.',
  columns: ['accounts', 'start-up, ms', 'RSS, MiB', ...OPERATIONS.map((name) => `${name}, CPU ms`)],
  charts: [
    {
      title: 'CPU per operation as accounts grow',
      xTitle: 'accounts',
      yTitle: 'CPU, ms',
      lines: OPERATIONS.map((name, index) => [name, index + 3]),
    },
    { title: 'Start-up as accounts grow', xTitle: 'accounts', yTitle: 'ms', lines: [['start-up', 1]] },
    { title: 'Memory as accounts grow', xTitle: 'accounts', yTitle: 'MiB', lines: [['RSS', 2]] },
  ],
  run: async ({ quick, seconds }) => {
    const rows = [];
    for (const perVendor of quick ? [4, 34] : [4, 34, 334, 3334]) {
      progress(`growth: ${perVendor * 3} accounts`);
      rows.push(
        await stage({ size: { accounts: perVendor, staffPerAccount: 10 } }, async (at) => {
          const row = [perVendor * 3, at.startMs, at.memory().now];
          for (const name of OPERATIONS) row.push((await at.measure(name, { seconds })).cpu);
          return row;
        }),
      );
    }
    return rows;
  },
};

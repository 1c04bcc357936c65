import { progress } from '../report/progress.mjs';
import { stage } from './stage.mjs';

const OPERATIONS = ['EcwidPage', 'SoftwareOnePage', 'EcwidMember', 'SoftwareOneMember'];

/** From fifty staff in an account to ten thousand. */
export const staff = {
  name: 'staff',
  title: 'Staff per account',
  text: 'A page of 50 staff, and one staff member. Ecwid has no other question than the whole list of a store; SoftwareOne pages.',
  columns: ['staff', ...OPERATIONS.map((name) => `${name}, CPU ms`), 'RSS, MiB'],
  charts: [
    {
      title: 'CPU per operation as an account’s staff grows',
      xTitle: 'staff per account',
      yTitle: 'CPU, ms',
      lines: OPERATIONS.map((name, index) => [name, index + 1]),
    },
  ],
  run: async ({ quick, seconds }) => {
    const rows = [];
    for (const staffPerAccount of quick ? [50, 500] : [50, 500, 2000, 10_000]) {
      progress(`growth: ${staffPerAccount} staff per account`);
      rows.push(
        await stage({ size: { accounts: 2, staffPerAccount } }, async (at) => {
          const row = [staffPerAccount];
          for (const name of OPERATIONS) row.push((await at.measure(name, { seconds, connections: 2 })).cpu);
          return [...row, at.memory().now];
        }),
      );
    }
    return rows;
  },
};

/** What an operation costs as what is behind it grows. */
import { loadavg } from 'node:os';
import { accounts } from './growth/accounts.mjs';
import { attempts } from './growth/attempts.mjs';
import { concurrency } from './growth/concurrency.mjs';
import { staff } from './growth/staff.mjs';
import { writeGrowth } from './report/growth.mjs';
import { short, table } from './report/table.mjs';

/** Runs the wanted ones, prints each, and writes GROWTH.md if all were. */
export async function growth({ quick, isWanted, write }) {
  const load = [loadavg()[0]];
  const parts = [];
  for (const part of [accounts, staff, concurrency, attempts].filter(({ name }) => isWanted(name))) {
    const rows = await part.run({ quick, seconds: quick ? 0.5 : 2 });
    process.stdout.write(`\n${part.title}\n\n${growthTable(part, rows)}\n`);
    parts.push({ ...part, rows });
  }
  load.push(loadavg()[0]);
  if (write) writeGrowth(parts, load, growthTable);
}

const growthTable = ({ columns }, rows) =>
  table(
    columns,
    rows.map((row) => row.map((value, column) => (column === 0 ? value.toLocaleString('en') : short(value)))),
  );

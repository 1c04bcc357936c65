import { parseArgs } from 'node:util';
import { resolve } from 'node:path';
import { HELD } from './held';
import { type Program, startProgram } from './program';
import { post } from './post';
import { CASES, type CostCase } from './requests';

/** What one request may cost. */
const BOUNDS = {
  answered: { cpu: 300, bytes: Infinity },
  either: { cpu: 300, bytes: Infinity },
  refused: { cpu: 50, bytes: 16_384 },
};
const GROWTH_BYTES = 50 << 20;
/** How often one that is refused is sent. */
const REFUSALS = 5;

/** A row of the table. */
interface Row {
  readonly name: string;
  readonly status: string;
  readonly cpu: number;
  readonly growth: number;
  readonly bytes: number;
  readonly note: string;
  readonly broken: readonly string[];
}

/** Runs all cases against one program; resolves with the exit code. */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { program: { type: 'string' }, only: { type: 'string' } } });
  const program = await startProgram(values.program ?? resolve(__dirname, '..', '..'));
  const rows: Row[] = [];
  try {
    await warmUp(program);
    for (const each of [
      ...CASES.map((one) => ({ name: one.name, run: () => measure(program, one) })),
      ...HELD.map((one) => ({ name: one.name, run: () => one.run(program) })),
    ]) {
      if (values.only !== undefined && !each.name.includes(values.only)) continue;
      const row = { name: each.name, ...(await each.run()) };
      rows.push(row);
      process.stdout.write(format(row));
      if (!program.isAlive() || row.status === 'no answer') {
        await program.restart();
        await warmUp(program);
      }
    }
  } finally {
    await program.close();
  }
  const broken = rows.filter((row) => row.broken.length > 0);
  process.stdout.write(`\n${rows.length} cases, ${broken.length} over a bound\n`);
  return broken.length > 0 ? 1 : 0;
}

/** Sends all requests of a case, and sees what they cost: CPU each, growth in all. */
async function measure(program: Program, one: CostCase): Promise<Omit<Row, 'name'>> {
  const before = program.usage();
  const calls = program.vendorCalls();
  const bodies = severalTimes(one.bodies(program), one.expected === 'refused' ? REFUSALS : 1);
  const statuses = new Set<string>();
  let sent = 0;
  let bytes = 0;
  const sendAll = async (): Promise<void> => {
    for (let next = bodies.next(); !next.done; next = bodies.next()) {
      const token = (await one.token?.(program, sent)) ?? program.token;
      sent++;
      const answer = await post(program.url, token, next.value);
      statuses.add(answer.status);
      bytes = Math.max(bytes, answer.bytes);
      if (answer.status === 'no answer') return;
    }
  };
  await Promise.all(Array.from({ length: one.together ?? 1 }, sendAll));
  const after = program.usage();
  const cpu = (after.cpu - before.cpu) / sent;
  const growth = after.rss - before.rss;
  const status = program.isAlive() ? [...statuses].join(' ') : 'died';
  const isRefused = !status.startsWith('200 ok');
  const bounds = BOUNDS[one.expected];
  return {
    status,
    cpu,
    growth,
    bytes,
    note: sent > 1 ? `${sent} requests` : `${program.vendorCalls() - calls} vendor calls`,
    broken: [
      ...(status === 'died' || status.includes('no answer') ? [status] : []),
      ...(one.expected === 'refused' && !isRefused ? ['not refused'] : []),
      ...(one.expected === 'answered' && isRefused ? ['refused'] : []),
      ...(cpu > bounds.cpu ? [`CPU over ${bounds.cpu} ms`] : []),
      ...(bytes > bounds.bytes ? ['answer over 16 KB'] : []),
      ...(growth > GROWTH_BYTES ? ['growth over 50 MB'] : []),
    ],
  };
}

/**
 * A body that is alone is sent several times: the kernel counts in steps of 10 ms, and code that runs for the first time
 * costs more. What is refused is kept nowhere, so that it costs as much again.
 */
function* severalTimes(bodies: Iterable<string>, times: number): Generator<string, void> {
  const rest = bodies[Symbol.iterator]();
  const [first, second] = [rest.next(), rest.next()];
  if (first.done) return;
  for (let sent = 0; sent < (second.done ? times : 1); sent++) yield first.value;
  for (let next = second; !next.done; next = rest.next()) yield next.value;
}

/** Code that runs for the first time is compiled first: that is not what a request costs. */
async function warmUp({ url, token }: Program): Promise<void> {
  const documents = [
    '{ accounts(first: 20) { nodes { id name staffMembers(first: 50) { nodes { id name email status } } } } }',
    '{ staffMembers(first: 100, filter: { search: "staff" }) { totalCount edges { cursor node { id } } } }',
    '{ nonsense }',
    '{ invites(first: "x") { totalCount } }',
  ];
  for (let round = 0; round < 30; round++)
    for (const query of documents)
      await post(url, token, JSON.stringify({ query: `${query} # ${round % 10}` }));
}

const format = ({ name, status, cpu, growth, bytes, note, broken }: Row): string =>
  `| ${name} | ${status} | ${cpu.toFixed(cpu < 10 ? 1 : 0)} | ${(growth / (1 << 20)).toFixed(0)} | ${bytes} | ${note}${broken.length > 0 ? ` **${broken.join(', ')}**` : ''} |\n`;

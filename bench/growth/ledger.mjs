/** The product's ledger, filled from outside: its own tables by its own migrations, rows by the database itself. */
import { createRequire } from 'node:module';
import { splitId } from '../peers/vendors.mjs';
import { progress } from '../report/progress.mjs';

const require = createRequire(new URL('../../dist/main.js', import.meta.url));
const { openDatabase } = require('./ledger/open-database.js');
const { openLedger } = require('./ledger/ledger.js');
const { CompiledQuery } = require('kysely');

const DAY_MS = 86_400_000;
const PIECE = 500_000;
const LIMITS = {
  cooldown: 0,
  emailsPerInvitePerDay: 1000,
  emailsPerAccountPerHour: 1000,
  idempotencyTtl: DAY_MS,
};
const COLUMNS =
  'id, account, invite, email_id, verb, actor, idempotency_key, input_hash, outcome, at, closed_at';

/** Writes `count` attempts of the last year for other invites of these accounts, and five for each pending one. */
export async function fillLedger(file, { accounts, pending }, count) {
  const database = await openDatabase({ kind: 'sqlite', file });
  const run = (statement, ...values) => database.queries.executeQuery(CompiledQuery.raw(statement, values));
  const now = Date.now();
  await run('PRAGMA synchronous = OFF');
  await run('PRAGMA cache_size = -400000');
  await run('CREATE TEMP TABLE places (place INTEGER PRIMARY KEY, account TEXT)');
  for (const [place, { key }] of accounts.entries())
    await run('INSERT INTO places VALUES (?, ?)', place, key);

  // In the order of time, as they would have come. Keys are kept for a day: those of two days are still there.
  const step = Math.max(1, Math.floor((365 * DAY_MS) / Math.max(count, 1)));
  for (let from = 0; from < count; from += PIECE) {
    if (count > PIECE) progress(`growth: ${from} of ${count} attempts written`);
    await run(
      `WITH RECURSIVE n(i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)
       INSERT INTO attempts (${COLUMNS})
       SELECT 'ballast-' || i, account, 'b-' || (i / 300), 'e-' || (i / 300), 'RESEND', 'bench',
              CASE WHEN ? - i * ? < 2 * ${DAY_MS} THEN 'old-' || i END, 'hash', 'REQUESTED',
              ? - (? - i) * ?, ? - (? - i) * ?
       FROM n JOIN places ON place = i % ${accounts.length}`,
      ...[from, Math.min(from + PIECE, count)],
      ...[count * step, step],
      ...[now, count, step, now, count, step],
    );
  }
  for (const [index, id] of pending.entries())
    for (let turn = 1; turn <= 5; turn++) {
      const [account, local] = splitId(id);
      const at = now - turn * 3 * DAY_MS;
      await run(
        `INSERT INTO attempts (${COLUMNS}) VALUES (?, ?, ?, ?, 'RESEND', 'bench', NULL, 'hash', 'REQUESTED', ?, ?)`,
        ...[`own-${index}-${turn}`, account, local, local, at, at],
      );
    }
  await database.close();
}

/** How long it takes to forget the keys that are no longer kept. */
export async function timePurge(file) {
  const ledger = await openLedger({ kind: 'sqlite', file }, LIMITS, Date.now);
  const began = performance.now();
  await ledger.attempts.purgeKeys();
  const ms = performance.now() - began;
  await ledger.close();
  return ms;
}

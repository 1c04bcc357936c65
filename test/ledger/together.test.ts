import { openDatabase } from '../../src/ledger/open-database';
import { openLedger } from '../../src/ledger/ledger';
import type { AttemptRow } from '../../src/ledger/tables';
import { closeAll } from '../support/close-all';
import { type LedgerPool, openPostgresLedgers, openSqliteLedgers } from '../support/ledger-pool';
import { waitFor } from '../../src/invites/send-limits';
import { newAttempt, storageOf, UNLIMITED } from './open';

const HOUR_MS = 3_600_000;

describe.each([
  ['SQLite', openSqliteLedgers],
  ['PostgreSQL', openPostgresLedgers],
])('transaction: group commit of concurrent writes in %s', (_name, open) => {
  let ledgers: LedgerPool;
  beforeAll(async () => {
    ledgers = await open();
  });
  afterAll(() => closeAll(ledgers));

  it('shows each write the earlier ones, and reports success after the commit', async () => {
    const storage = storageOf(await ledgers.storage());
    const limits = { ...UNLIMITED, cooldown: 60_000 };
    const ledger = await openLedger(storage, limits, Date.now);
    const other = await openDatabase(storage);
    const invites = ['i-1', 'i-2', 'i-1', 'i-3', 'i-2', 'i-1'];
    const begun = await Promise.all(
      invites.map((invite, index) =>
        ledger.attempts.begin(newAttempt(`key-${index}`, invite), (traffic) =>
          waitFor('RESEND', invite, traffic, limits, null),
        ),
      ),
    );
    const kinds = (invite: string) =>
      begun
        .filter((_each, index) => invites[index] === invite)
        .map(({ kind }) => kind)
        .sort();
    expect([kinds('i-1'), kinds('i-2'), kinds('i-3')]).toEqual([
      ['begun', 'wait', 'wait'],
      ['begun', 'wait'],
      ['begun'],
    ]);
    const rows = await other.queries.selectFrom('attempts').select('invite').orderBy('invite').execute();
    expect(rows.map(({ invite }) => invite)).toEqual(['i-1', 'i-2', 'i-3']);
    await Promise.all([ledger.close(), other.close()]);
  });

  it('isolates failures: a failed write does not roll back the others', async () => {
    const database = await openDatabase(storageOf(await ledgers.storage()));
    const lock = (account: string) =>
      database.write((tx) => tx.insertInto('send_locks').values({ account, sends: 1 }).execute());
    const halfway = database.write(async (tx) => {
      await tx.insertInto('send_locks').values({ account: 'halfway', sends: 1 }).execute();
      throw new Error('halfway');
    });
    const settled = await Promise.allSettled([lock('one'), halfway, lock('two'), lock('one'), lock('three')]);
    expect(settled.map(({ status }) => status).sort()).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ]);
    expect(settled[1]).toMatchObject({ status: 'rejected', reason: { message: 'halfway' } });
    const rows = await database.queries.selectFrom('send_locks').select('account').execute();
    expect(rows.map(({ account }) => account).sort()).toEqual(['one', 'three', 'two']);
    await database.close();
  });

  it('deletes all expired idempotency keys, and no others', async () => {
    const storage = storageOf(await ledgers.storage());
    const database = await openDatabase(storage);
    const now = Date.now();
    const { lease, ...attempt } = newAttempt('');
    const row = (index: number): AttemptRow => ({
      ...attempt,
      email_id: attempt.invite,
      idempotency_key: `key-${index}`,
      seq: null,
      sending_until: now + lease,
      id: `attempt-${index}`,
      result_invite: null,
      outcome: 'REQUESTED',
      code: null,
      vendor_code: null,
      vendor_request_id: null,
      available_at: null,
      answer: null,
      // Every fourth is younger than an hour.
      at: now - (index % 4 === 0 ? 0.5 : 2) * HOUR_MS - index,
      closed_at: now,
    });
    for (let from = 0; from < 1600; from += 100)
      await database.queries
        .insertInto('attempts')
        .values(Array.from({ length: 100 }, (_, index) => row(from + index)))
        .execute();
    const ledger = await openLedger(storage, { ...UNLIMITED, idempotencyTtl: HOUR_MS }, () => now);
    await ledger.attempts.purgeKeys();
    const kept = await database.queries
      .selectFrom('attempts')
      .select('id')
      .where('idempotency_key', 'is not', null)
      .execute();
    expect(kept.map(({ id }) => Number(id.slice('attempt-'.length)) % 4)).toEqual(Array(400).fill(0));
    const { length } = await database.queries.selectFrom('attempts').select('id').execute();
    expect(length).toBe(1600);
    await Promise.all([ledger.close(), database.close()]);
  });
});

import { sql } from 'kysely';
import { openDatabase } from '../../src/ledger/open-database';
import { closeAll } from '../support/close-all';
import { type LedgerPool, LEDGERS } from '../support/ledger-pool';
import { storageOf } from './open';

describe.each(LEDGERS)('database migration of a ledger in $kind from an older version', ({ open }) => {
  let ledgers: LedgerPool;
  beforeAll(async () => {
    ledgers = await open();
  });
  afterAll(() => closeAll(ledgers));

  it('migrates the tables and logs it first; a new ledger logs nothing', async () => {
    const storage = storageOf(await ledgers.storage());
    const told: (readonly string[])[] = [];
    const ears = {
      onIdleError: () => undefined,
      onMigration: (names: readonly string[]) => told.push(names),
    };
    const fresh = await openDatabase(storage, ears);
    expect(told).toEqual([]);
    await sql`drop index attempts_keys_by_time`.execute(fresh.queries);
    await sql`delete from kysely_migration where name >= '0002'`.execute(fresh.queries);
    await fresh.close();

    const later = await openDatabase(storage, ears);
    expect(told).toEqual([['0002-keys-by-time', '0003-sequence-and-lease']]);
    await sql`drop index attempts_keys_by_time`.execute(later.queries);
    await later.close();
  });
});

import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { type Ledger, openLedger } from '../../src/ledger/ledger';
import { closeAll } from '../support/close-all';
import { type LedgerPool, LEDGERS, openSqliteLedgers } from '../support/ledger-pool';
import { useLedgerFixture } from '../support/ledger-fixture';
import { openSecondConnection } from '../support/database-failures';
import { ALWAYS, newAttempt, openInProcesses, startOpener, storageOf, UNLIMITED } from './open';

const begin = (ledger: Ledger, key: string, invite?: string) =>
  ledger.attempts.begin(newAttempt(key, invite), ALWAYS);

describe.each(LEDGERS)('opening a ledger in $kind', ({ open: openAll }) => {
  let ledgers: LedgerPool;
  let opened: Ledger[] = [];
  beforeAll(async () => {
    ledgers = await openAll();
  });
  afterEach(async () => {
    await closeAll(opened);
    opened = [];
  });
  afterAll(() => closeAll(ledgers));

  const open = async (address: string): Promise<Ledger> => {
    const ledger = await openLedger(storageOf(address), UNLIMITED, Date.now);
    opened.push(ledger);
    return ledger;
  };

  it('creates the tables, and finds them again with their rows', async () => {
    const address = await ledgers.storage();
    const first = await open(address);
    const begun = await begin(first, 'k');
    expect(begun.kind).toBe('begun');
    const second = await open(address);
    await second.ping();
    expect(
      await second.attempts.byKey({ account: 'harbor-tea', actor: 'ada', idempotency_key: 'k' }),
    ).toMatchObject({ attempt: begun.kind === 'begun' && begun.attempt });
    expect(await begin(second, 'k')).toMatchObject({ kind: 'known' });
  });

  it.each([2, 5])('works %i times concurrently in one process', async (count) => {
    const address = await ledgers.storage();
    const all = await Promise.all(Array.from({ length: count }, () => open(address)));
    const begun = await Promise.all(all.map((ledger) => begin(ledger, 'k')));
    expect(begun.filter(({ kind }) => kind === 'begun')).toHaveLength(1);
    expect(begun.filter(({ kind }) => kind === 'known')).toHaveLength(count - 1);
  });

  it.each([2, 5])('works concurrently in %i processes', async (count) => {
    const notes = await openInProcesses(count, await ledgers.storage(), randomUUID());
    expect(notes.map(({ kind }) => kind).sort()).toEqual([
      'begun',
      ...Array<string>(count - 1).fill('known'),
    ]);
    expect(notes.every((note) => note.opened)).toBe(true);
  });
});

describe('ledger that cannot be opened', () => {
  const stage = useLedgerFixture();
  const refused = /^storage: /;

  it.each([
    ['a file of something else', 'x'.repeat(8192)],
    ['a database that was cut', 'SQLite format 3\0'.padEnd(600, '\0')],
  ])('prevents the start, with the reason: %s', async (_what, content) => {
    const storage = await stage.storage();
    await writeFile(storage.replace('sqlite:', ''), content);
    await expect(stage.start({ storage })).rejects.toThrow(refused);
  });

  it.each([
    ['a folder', `sqlite:${tmpdir()}`],
    ['a server that is not there', 'postgres://rollcall:secret@127.0.0.1:1/ledger'],
  ])('prevents the start, without its password in the message (secret leak): %s', async (_what, storage) => {
    await expect(stage.start({ storage })).rejects.toThrow(refused);
    await expect(stage.start({ storage })).rejects.not.toThrow(/secret/);
  });
});

describe('crash recovery: a ledger in a SQLite file', () => {
  let ledgers: LedgerPool;
  beforeAll(async () => {
    ledgers = await openSqliteLedgers();
  });
  afterAll(() => closeAll(ledgers));

  it('continues after kill -9 during the creation of its tables', async () => {
    const address = await ledgers.storage();
    const opener = await startOpener(address, 'k');
    const looking = openSecondConnection(address);
    looking.exec('PRAGMA journal_mode = WAL');
    opener.go().catch(() => undefined);
    // No turn of the event loop in between: the tables are there within a millisecond or two.
    const made = looking.prepare("select count(*) as tables from sqlite_master where name = 'attempts'");
    for (const end = Date.now() + 5000; Date.now() < end && (made.get() as { tables: number }).tables === 0;);
    looking.exec('BEGIN IMMEDIATE');
    await opener.kill();
    looking.exec('ROLLBACK');
    looking.close();

    const ledger = await openLedger(storageOf(address), UNLIMITED, Date.now);
    expect((await begin(ledger, 'another', 'i-2')).kind).toBe('begun');
    await ledger.close();
  });
});

import { closeAll } from '../support/close-all';
import { mails, outcomeAndCodes, resend, vendorWrites } from '../support/invite-mutations';
import { useLedgerFixture } from '../support/ledger-fixture';
import { openPostgresLedgers } from '../support/ledger-pool';
import { localIdOf, SEED_INVITES } from '../support/seed-ids';
import { waitFor } from '../support/wait-for';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from '../support/postgres';
import { openRelay, type Relay } from './relay';

const nameOf = (storage: string): string => new URL(storage).pathname.slice(1);

describe('durability and isolation, with the ledger in PostgreSQL', () => {
  const stage = useLedgerFixture(openPostgresLedgers);

  it('are demanded by each transaction, whatever the database has as its defaults', async () => {
    const storage = await stage.storage();
    const name = nameOf(storage);
    await sql(storage, `alter database ${name} set synchronous_commit = off`);
    await sql(storage, `alter database ${name} set default_transaction_isolation = 'serializable'`);
    const rollcall = await stage.start({ storage });
    await sql(
      storage,
      `create table seen_settings (name text);
       create function see() returns trigger language plpgsql as $$ begin
         insert into seen_settings values (current_setting('synchronous_commit') || ' ' || current_setting('transaction_isolation'));
         return new; end $$;
       create trigger see before insert on attempts for each row execute function see()`,
    );
    try {
      const clicks = await Promise.all(
        Array.from({ length: 20 }, () => resend(rollcall, SEED_INVITES.ecwid.pending)),
      );
      const refusedBy = rollcall.logged.filter((line) => line.includes('unexpected'));
      expect(refusedBy).toEqual([]);
      const ends = clicks.map(outcomeAndCodes).sort();
      expect(ends.filter((end) => end === 'REQUESTED')).toHaveLength(1);
      expect(ends.filter((end) => end.includes('NOT_RECORDED'))).toEqual([]);
      expect(await sql(storage, 'select distinct name from seen_settings')).toEqual([
        { name: 'on read committed' },
      ]);
      expect(mails(rollcall)).toHaveLength(1);
    } finally {
      await sql(storage, 'drop function see cascade; drop table seen_settings');
      await sql(storage, `alter database ${name} reset all`);
    }
  });
});

describe('a receipt that was committed although nobody was told so, with the ledger in PostgreSQL', () => {
  const stage = useLedgerFixture(openPostgresLedgers);
  let relay: Relay;
  afterEach(() => closeAll(relay));

  it('is closed as NOT_SENT, and a repetition of the call is told that', async () => {
    const storage = await stage.storage();
    relay = await openRelay(storage);
    const rollcall = await stage.start({ storage: relay.url, limits: { operationDeadline: '20s' } });
    // The commit takes a while, in which the way to the server is cut.
    await sql(
      storage,
      `create function slow() returns trigger language plpgsql as 'begin perform pg_sleep(1.5); return null; end';
       create constraint trigger slow after insert on attempts deferrable initially deferred
         for each row execute function slow()`,
    );
    try {
      const answer = resend(rollcall, SEED_INVITES.wix.pending, { idempotencyKey: 'lost' });
      await waitFor(async () => {
        const [row] = await sql(
          storage,
          `select count(*)::int as busy from pg_stat_activity where query = 'commit' and state = 'active'`,
        );
        return row?.['busy'] === 1;
      });
      await relay.cut();
      expect(outcomeAndCodes(await answer)).toBe('NOT_SENT NOT_RECORDED');
      await relay.mend();
      const rows = () => sql(storage, `select outcome from attempts where idempotency_key = 'lost'`);
      await waitFor(async () => (await rows())[0]?.['outcome'] === 'NOT_SENT');
      expect(
        outcomeAndCodes(await resend(rollcall, SEED_INVITES.wix.pending, { idempotencyKey: 'lost' })),
      ).toBe('NOT_SENT NOT_RECORDED');
      expect(vendorWrites(rollcall)).toEqual([]);
    } finally {
      await sql(storage, 'drop function slow cascade');
    }
  });

  it('is none where its transaction got no answer: the next one does not commit it', async () => {
    const storage = await stage.storage();
    relay = await openRelay(storage);
    const rollcall = await stage.start({ storage: relay.url, limits: { operationDeadline: '20s' } });
    const locking = await stage.start({ storage });
    // The receipt is written, and then its transaction waits for the server, from which nothing comes any more.
    await sql(
      storage,
      `create function hold() returns trigger language plpgsql as 'begin perform pg_sleep(1); return new; end';
       create trigger hold after insert on attempts for each row execute function hold()`,
    );
    const answer = resend(rollcall, SEED_INVITES.wix.pending, { idempotencyKey: 'stalled' });
    await waitFor(async () => {
      const [row] = await sql(
        storage,
        `select count(*)::int as busy from pg_stat_activity where query like 'insert into "attempts"%' and state = 'active'`,
      );
      return row?.['busy'] === 1;
    });
    relay.freeze();
    expect(outcomeAndCodes(await answer)).toBe('NOT_SENT NOT_RECORDED');
    await sql(storage, 'drop function hold cascade').catch(() => undefined);
    await relay.mend();
    await delay(100);
    expect(outcomeAndCodes(await resend(locking, SEED_INVITES.ecwid.pending))).toBe('REQUESTED');
    await waitFor(
      async () => outcomeAndCodes(await resend(rollcall, SEED_INVITES.wix.alsoPending)) === 'REQUESTED',
    );
    const rows = await sql(storage, `select invite, outcome from attempts where outcome = 'SENDING'`);
    expect(rows).toEqual([]);
    expect(
      vendorWrites(rollcall).filter((line) => line.includes(localIdOf(SEED_INVITES.wix.pending))),
    ).toEqual([]);
  });
});

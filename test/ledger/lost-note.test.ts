import { SEED_INVITES } from '../support/seed-ids';
import { LEDGERS } from '../support/ledger-pool';
import { useLedgerFixture } from '../support/ledger-fixture';
import { mails, outcomeAndCodes, resend, revoke, vendorWrites } from '../support/invite-mutations';
import type { Rollcall } from '../support/start';
import { runStatements } from '../support/database-failures';

const idempotencyKey = 'k';

/** Makes one table refuse one kind of statement, in either database; what it returns makes it willing again. */
async function refuse(
  storage: string,
  event: 'insert' | 'update',
  table: string,
): Promise<() => Promise<void>> {
  if (storage.startsWith('sqlite:')) {
    await runStatements(
      storage,
      `create trigger no before ${event} on ${table} begin select raise(abort, 'no'); end`,
    );
    return () => runStatements(storage, 'drop trigger no');
  }
  await runStatements(
    storage,
    `create function no() returns trigger language plpgsql as 'begin raise exception ''no''; end'`,
    `create trigger no before ${event} on ${table} for each row execute function no()`,
  );
  return () => runStatements(storage, 'drop function no cascade');
}

async function attemptsOf(rollcall: Rollcall, id: string): Promise<string[]> {
  const { data } = await rollcall.query(
    'query ($id: ID!) { invite(id: $id) { attempts { verb outcome } } }',
    { id },
  );
  return data?.invite?.attempts?.map(({ verb, outcome }) => `${verb} ${outcome}`) ?? [];
}

describe.each(LEDGERS)(
  'at most once: a write whose outcome cannot be recorded, with the ledger in $kind',
  ({ open }) => {
    const stage = useLedgerFixture(open);

    it.each([
      ['ecwid', SEED_INVITES.ecwid.pending, 'UNKNOWN OUTCOME_UNKNOWN'],
      ['wix', SEED_INVITES.wix.pending, 'UNKNOWN OUTCOME_UNKNOWN'],
      ['softwareone', SEED_INVITES.softwareone.pending, 'REQUESTED'],
    ] as const)(
      'is reported correctly, and never sent again by its repetition: %s',
      async (_vendor, id, later) => {
        const storage = await stage.storage();
        const rollcall = await stage.start({ storage });
        const heal = await refuse(storage, 'update', 'attempts');
        const first = await resend(rollcall, id, { idempotencyKey });
        expect([outcomeAndCodes(first), first.attempt?.outcome]).toEqual(['REQUESTED', 'REQUESTED']);
        expect(rollcall.logged.join('')).toContain('unexpected');
        expect(await attemptsOf(rollcall, id)).toEqual(['RESEND UNKNOWN']);

        expect(outcomeAndCodes(await resend(rollcall, id, { idempotencyKey }))).toBe('NOT_SENT IN_PROGRESS');
        stage.emulators.clock.advance(30_001);
        expect(outcomeAndCodes(await resend(rollcall, id, { idempotencyKey }))).toBe(later);
        await heal();
        expect(outcomeAndCodes(await resend(rollcall, id, { idempotencyKey }))).toBe(later);
        expect(await attemptsOf(rollcall, id)).toEqual([`RESEND ${later.split(' ')[0] ?? ''}`]);
        expect(vendorWrites(rollcall)).toHaveLength(1);
        expect(mails(rollcall)).toHaveLength(1);
      },
    );

    it('is not sent when the revoked invite cannot be remembered', async () => {
      const storage = await stage.storage();
      const rollcall = await stage.start({ storage });
      const heal = await refuse(storage, 'insert', 'remembered_invites');
      expect(outcomeAndCodes(await revoke(rollcall, SEED_INVITES.ecwid.alsoPending))).toBe(
        'NOT_SENT NOT_RECORDED',
      );
      expect(outcomeAndCodes(await revoke(rollcall, SEED_INVITES.wix.alsoPending))).toBe(
        'NOT_SENT NOT_RECORDED',
      );
      expect(vendorWrites(rollcall)).toEqual([]);
      // SoftwareOne's memberships are nowhere but there.
      expect(outcomeAndCodes(await revoke(rollcall, SEED_INVITES.softwareone.alsoPending))).toBe('REQUESTED');
      await heal();
      expect(outcomeAndCodes(await revoke(rollcall, SEED_INVITES.ecwid.alsoPending))).toBe('REQUESTED');
    });
  },
);

import { CAST } from '../invites/cast';
import { LEDGERS } from '../invites/ledgers';
import { stageOn } from '../invites/stage';
import { mails, resend, revoke, told, vendorWrites } from '../invites/writes';
import type { Rollcall } from '../support/start';
import { inside } from './harms';

const idempotencyKey = 'k';

/** Makes one table refuse one kind of statement, in either database; what it returns makes it willing again. */
async function refuse(
  storage: string,
  event: 'insert' | 'update',
  table: string,
): Promise<() => Promise<void>> {
  if (storage.startsWith('sqlite:')) {
    await inside(
      storage,
      `create trigger no before ${event} on ${table} begin select raise(abort, 'no'); end`,
    );
    return () => inside(storage, 'drop trigger no');
  }
  await inside(
    storage,
    `create function no() returns trigger language plpgsql as 'begin raise exception ''no''; end'`,
    `create trigger no before ${event} on ${table} for each row execute function no()`,
  );
  return () => inside(storage, 'drop function no cascade');
}

async function attemptsOf(rollcall: Rollcall, id: string): Promise<string[]> {
  const { data } = await rollcall.query(
    'query ($id: ID!) { invite(id: $id) { attempts { verb outcome } } }',
    { id },
  );
  return data?.invite?.attempts?.map(({ verb, outcome }) => `${verb} ${outcome}`) ?? [];
}

describe.each(LEDGERS)('a write whose outcome cannot be noted, with the ledger in $kind', ({ open }) => {
  const stage = stageOn(open);

  it.each([
    ['ecwid', CAST.ecwid.pending, 'UNKNOWN OUTCOME_UNKNOWN'],
    ['wix', CAST.wix.pending, 'UNKNOWN OUTCOME_UNKNOWN'],
    ['softwareone', CAST.softwareone.pending, 'REQUESTED'],
  ] as const)(
    'is told as what it is, and never made again by its repetition: %s',
    async (_vendor, id, later) => {
      const storage = await stage.storage();
      const rollcall = await stage.start({ storage });
      const heal = await refuse(storage, 'update', 'attempts');
      const first = await resend(rollcall, id, { idempotencyKey });
      expect([told(first), first.attempt?.outcome]).toEqual(['REQUESTED', 'REQUESTED']);
      expect(rollcall.logged.join('')).toContain('unexpected');
      expect(await attemptsOf(rollcall, id)).toEqual(['RESEND UNKNOWN']);

      expect(told(await resend(rollcall, id, { idempotencyKey }))).toBe('NOT_SENT IN_PROGRESS');
      stage.emulators.clock.advance(30_001);
      expect(told(await resend(rollcall, id, { idempotencyKey }))).toBe(later);
      await heal();
      expect(told(await resend(rollcall, id, { idempotencyKey }))).toBe(later);
      expect(await attemptsOf(rollcall, id)).toEqual([`RESEND ${later.split(' ')[0] ?? ''}`]);
      expect(vendorWrites(rollcall)).toHaveLength(1);
      expect(mails(rollcall)).toHaveLength(1);
    },
  );

  it('is not made where what it withdraws cannot be remembered', async () => {
    const storage = await stage.storage();
    const rollcall = await stage.start({ storage });
    const heal = await refuse(storage, 'insert', 'remembered_invites');
    expect(told(await revoke(rollcall, CAST.ecwid.alsoPending))).toBe('NOT_SENT NOT_RECORDED');
    expect(told(await revoke(rollcall, CAST.wix.alsoPending))).toBe('NOT_SENT NOT_RECORDED');
    expect(vendorWrites(rollcall)).toEqual([]);
    // SoftwareOne's memberships are nowhere but there.
    expect(told(await revoke(rollcall, CAST.softwareone.alsoPending))).toBe('REQUESTED');
    await heal();
    expect(told(await revoke(rollcall, CAST.ecwid.alsoPending))).toBe('REQUESTED');
  });
});

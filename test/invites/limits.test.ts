import type { InviteActions } from '../../src/generated/graphql';
import type { Rollcall } from '../support/start';
import { SEED_ACCOUNTS, SEED_INVITES, VENDORS } from '../support/seed-ids';
import { LEDGERS } from '../support/ledger-pool';
import { useLedgerFixture } from '../support/ledger-fixture';
import {
  inviteStaff,
  mails,
  outcomeAndCodes,
  resend,
  revoke,
  sendNew,
  vendorWrites,
} from '../support/invite-mutations';

const { ecwid, wix, softwareone } = SEED_INVITES;
const HOUR = 3_600_000;
const ACTIONS = 'resend { allowed reason availableAt } sendNew { allowed reason } revoke { allowed reason }';

async function actions(rollcall: Rollcall, id: string): Promise<InviteActions> {
  const { data } = await rollcall.query(`query ($id: ID!) { invite(id: $id) { actions { ${ACTIONS} } } }`, {
    id,
  });
  if (!data?.invite?.actions) throw new Error('no actions');
  return data.invite.actions;
}

describe.each(LEDGERS)('send limits: cooldown and rate limit, with the ledger in $kind', ({ open }) => {
  const stage = useLedgerFixture(open);

  it.each(VENDORS)(
    'allow one email of a kind for each invite, then a cooldown of a minute: %s',
    async (vendor) => {
      const rollcall = await stage.start();
      const id = SEED_INVITES[vendor].pending;
      const first = await resend(rollcall, id);
      const over = new Date(Date.parse(first.attempt?.at ?? '') + 60_000).toISOString();

      expect(await resend(rollcall, id)).toMatchObject({
        outcome: 'NOT_SENT',
        attempt: null,
        userErrors: [{ code: 'COOLDOWN', availableAt: over }],
      });
      expect((await actions(rollcall, id)).resend).toEqual({
        allowed: false,
        reason: 'COOLDOWN',
        availableAt: over,
      });
      // Of another verb, or another invite, it says nothing.
      expect((await actions(rollcall, id)).revoke.allowed).toBe(true);
      expect(outcomeAndCodes(await resend(rollcall, SEED_INVITES[vendor].alsoPending))).toBe('REQUESTED');

      stage.emulators.clock.set(over);
      expect(outcomeAndCodes(await resend(rollcall, id))).toBe('REQUESTED');
      expect(mails(rollcall)).toHaveLength(3);
      expect(vendorWrites(rollcall)).toHaveLength(3);
    },
  );

  it('apply the cooldown after a first invite and after a revocation too', async () => {
    const rollcall = await stage.start();
    const input = {
      accountId: SEED_ACCOUNTS.ecwid,
      email: 'pat@harbor-tea.example',
      roleIds: ['REPORT_ACCESS'],
    };
    const { invite } = await inviteStaff(rollcall, input);
    const id = invite?.id ?? '';
    expect(outcomeAndCodes(await revoke(rollcall, id))).toBe('REQUESTED');
    expect(outcomeAndCodes(await inviteStaff(rollcall, input))).toBe('NOT_SENT COOLDOWN');
    expect(outcomeAndCodes(await sendNew(rollcall, id))).toBe('NOT_SENT COOLDOWN');
    stage.emulators.clock.advance(60_001);
    expect(outcomeAndCodes(await sendNew(rollcall, id))).toBe('REQUESTED');
    expect(outcomeAndCodes(await revoke(rollcall, id))).toBe('REQUESTED');
  });

  it('do not count writes that certainly sent nothing', async () => {
    const rollcall = await stage.start();
    stage.emulators.wix.faults.add({ kind: 'status', status: 400, times: 1 });
    expect(outcomeAndCodes(await resend(rollcall, wix.pending))).toBe('REJECTED VENDOR_REJECTED');
    expect(outcomeAndCodes(await resend(rollcall, wix.pending))).toBe('REQUESTED');
  });

  it('count writes with an unknown outcome', async () => {
    const rollcall = await stage.start();
    stage.emulators.wix.faults.add({ kind: 'status', status: 500, times: 1 });
    expect(outcomeAndCodes(await resend(rollcall, wix.pending))).toBe('UNKNOWN OUTCOME_UNKNOWN');
    expect(outcomeAndCodes(await resend(rollcall, wix.pending))).toBe('NOT_SENT COOLDOWN');
    expect(vendorWrites(rollcall)).toHaveLength(1);
  });

  it('limit the emails to one invite in a day, for all verbs together', async () => {
    const rollcall = await stage.start({ limits: { cooldown: '0s', emailsPerInvitePerDay: 3 } });
    const id = ecwid.revoked;
    const first = await sendNew(rollcall, id);
    stage.emulators.clock.advance(HOUR);
    for (const hour of [1, 2]) {
      expect([hour, outcomeAndCodes(await resend(rollcall, id))]).toEqual([hour, 'REQUESTED']);
      stage.emulators.clock.advance(HOUR);
    }
    const over = new Date(Date.parse(first.attempt?.at ?? '') + 24 * HOUR).toISOString();
    expect((await actions(rollcall, id)).resend).toEqual({
      allowed: false,
      reason: 'EMAIL_LIMIT',
      availableAt: over,
    });
    expect(await resend(rollcall, id)).toMatchObject({
      outcome: 'NOT_SENT',
      userErrors: [{ code: 'EMAIL_LIMIT', availableAt: over }],
    });
    // A withdrawal is no email.
    expect((await actions(rollcall, id)).revoke.allowed).toBe(true);
    stage.emulators.clock.set(over);
    expect(outcomeAndCodes(await resend(rollcall, id))).toBe('REQUESTED');
    expect(outcomeAndCodes(await resend(rollcall, id))).toBe('NOT_SENT EMAIL_LIMIT');
    expect(mails(rollcall)).toHaveLength(4);
  });

  it('limit the emails of one account in an hour, for all recipients together', async () => {
    const rollcall = await stage.start({ limits: { cooldown: '0s', emailsPerAccountPerHour: 2 } });
    const first = await resend(rollcall, softwareone.pending);
    stage.emulators.clock.advance(HOUR / 2);
    await resend(rollcall, softwareone.alsoPending);
    const over = new Date(Date.parse(first.attempt?.at ?? '') + HOUR).toISOString();
    const refusal = { outcome: 'NOT_SENT', userErrors: [{ code: 'EMAIL_LIMIT', availableAt: over }] };
    expect(await sendNew(rollcall, softwareone.expired)).toMatchObject(refusal);
    expect(await resend(rollcall, softwareone.pending)).toMatchObject(refusal);
    expect(
      await inviteStaff(rollcall, {
        accountId: SEED_ACCOUNTS.softwareone,
        email: 'pat@contoso.example',
        firstName: 'Pat',
        lastName: 'Reyes',
        roleIds: ['UGR-6104-2290'],
      }),
    ).toMatchObject(refusal);
    expect((await actions(rollcall, softwareone.expired)).sendNew).toMatchObject({
      allowed: false,
      reason: 'EMAIL_LIMIT',
    });
    expect(outcomeAndCodes(await resend(rollcall, ecwid.pending))).toBe('REQUESTED');
    expect(outcomeAndCodes(await revoke(rollcall, softwareone.alsoExpired))).toBe('REQUESTED');

    stage.emulators.clock.set(over);
    expect(outcomeAndCodes(await sendNew(rollcall, softwareone.expired))).toBe('REQUESTED');
    expect(outcomeAndCodes(await resend(rollcall, softwareone.pending))).toBe('NOT_SENT EMAIL_LIMIT');
    expect(mails(rollcall).filter(({ account }) => account === 'contoso')).toHaveLength(3);
  });

  it('count the emails of a replaced invite for its replacement', async () => {
    const rollcall = await stage.start({ limits: { cooldown: '0s', emailsPerInvitePerDay: 2 } });
    expect(outcomeAndCodes(await sendNew(rollcall, wix.expired))).toBe('REQUESTED');
    expect(outcomeAndCodes(await resend(rollcall, wix.expired))).toBe('REQUESTED');
    expect(outcomeAndCodes(await resend(rollcall, wix.expired))).toBe('NOT_SENT EMAIL_LIMIT');
    expect(mails(rollcall).map(({ to }) => to)).toEqual(Array(2).fill('hugo@harbour-cafe.example'));
  });

  it('count a first invite together with later emails to it', async () => {
    const rollcall = await stage.start({ limits: { cooldown: '0s', emailsPerInvitePerDay: 2 } });
    const { invite } = await inviteStaff(rollcall, {
      accountId: SEED_ACCOUNTS.wix,
      email: 'pat@harbour-cafe.example',
      roleIds: ['7046409866117400001'],
    });
    expect(outcomeAndCodes(await resend(rollcall, invite?.id ?? ''))).toBe('REQUESTED');
    expect(outcomeAndCodes(await resend(rollcall, invite?.id ?? ''))).toBe('NOT_SENT EMAIL_LIMIT');
  });
});

describe('send limits: a limit that is turned off', () => {
  const stage = useLedgerFixture();

  it('has no cooldown at 0s', async () => {
    const rollcall = await stage.start({ limits: { cooldown: '0s' } });
    for (const time of [1, 2, 3])
      expect([time, outcomeAndCodes(await resend(rollcall, ecwid.pending))]).toEqual([time, 'REQUESTED']);
    expect((await actions(rollcall, ecwid.pending)).resend.allowed).toBe(true);
    expect(mails(rollcall)).toHaveLength(3);
  });

  it.each(['emailsPerInvitePerDay', 'emailsPerAccountPerHour'])(
    'sends no email when %s is 0',
    async (limit) => {
      const rollcall = await stage.start({ limits: { [limit]: 0 } });
      expect(outcomeAndCodes(await resend(rollcall, wix.pending))).toBe('NOT_SENT EMAIL_LIMIT');
      expect((await actions(rollcall, wix.pending)).resend).toMatchObject({
        allowed: false,
        reason: 'EMAIL_LIMIT',
      });
      expect(outcomeAndCodes(await revoke(rollcall, wix.pending))).toBe('REQUESTED');
      expect(mails(rollcall)).toEqual([]);
    },
  );
});

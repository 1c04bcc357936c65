import type { FaultKind } from '../../src/emulators/start';
import { PERMITTED_WRITES, SEED_INVITES, VENDORS, WRITE_NAMES } from '../support/seed-ids';
import { LEDGERS } from '../support/ledger-pool';
import { useLedgerFixture } from '../support/ledger-fixture';
import { waitFor } from '../support/wait-for';
import {
  mails,
  outcomeAndCodes,
  resend,
  revoke,
  sendNew,
  vendorWrites,
  write,
} from '../support/invite-mutations';

const { ecwid, wix, softwareone } = SEED_INVITES;
const idempotencyKey = 'order-66:retry';
const noPause = { limits: { cooldown: '0s' } };

describe.each(LEDGERS)('idempotency key, with the ledger in $kind', ({ open }) => {
  const stage = useLedgerFixture(open);

  it.each(VENDORS)('replays the same answer, without another call to %s', async (vendor) => {
    const rollcall = await stage.start(noPause);
    for (const name of WRITE_NAMES) {
      const input = { ...PERMITTED_WRITES[vendor][name], idempotencyKey: `${idempotencyKey}:${name}` };
      const first = await write(rollcall, name, input);
      expect([name, outcomeAndCodes(first)]).toEqual([name, 'REQUESTED']);
      const sent = mails(rollcall).length;
      rollcall.forgetRequests();
      expect(await write(rollcall, name, input)).toEqual(first);
      stage.emulators.clock.advance(3_600_000);
      expect(await write(rollcall, name, input)).toEqual(first);
      expect(rollcall.vendorRequests()).toEqual([]);
      expect(mails(rollcall)).toHaveLength(sent);
    }
  });

  it.each<[string, FaultKind, string]>([
    ['REJECTED', { kind: 'status', status: 400 }, 'REJECTED VENDOR_REJECTED'],
    [
      'throttled',
      { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
      'REJECTED VENDOR_THROTTLED',
    ],
    ['UNKNOWN', { kind: 'lostAnswer' }, 'UNKNOWN OUTCOME_UNKNOWN'],
  ])('replays an outcome that was %s, even after the vendor recovers', async (_name, fault, ends) => {
    const rollcall = await stage.start(noPause);
    stage.emulators.wix.faults.add({ ...fault, times: 1 });
    const first = await resend(rollcall, wix.pending, { idempotencyKey });
    expect(outcomeAndCodes(first)).toBe(ends);
    stage.emulators.clock.advance(60_000);
    rollcall.forgetRequests();
    expect(await resend(rollcall, wix.pending, { idempotencyKey })).toEqual(first);
    expect(rollcall.vendorRequests()).toEqual([]);
  });

  it('conflicts for a different input, and names the changed field', async () => {
    const rollcall = await stage.start(noPause);
    await resend(rollcall, wix.pending, { idempotencyKey });
    rollcall.forgetRequests();
    const others = [
      await resend(rollcall, wix.alsoPending, { idempotencyKey }),
      await resend(rollcall, wix.pending, { idempotencyKey, language: 'fr' }),
      await revoke(rollcall, wix.pending, { idempotencyKey }),
      await sendNew(rollcall, wix.pending, { idempotencyKey }),
      await sendNew(rollcall, wix.declined, { idempotencyKey, acknowledgeDeclined: true }),
      await write(rollcall, 'inviteStaffMember', {
        ...PERMITTED_WRITES.wix.inviteStaffMember,
        idempotencyKey,
      }),
    ];
    for (const other of others)
      expect(other).toMatchObject({
        outcome: 'NOT_SENT',
        attempt: null,
        userErrors: [{ code: 'IDEMPOTENCY_CONFLICT', field: ['input', 'idempotencyKey'] }],
      });
    expect(rollcall.vendorRequests()).toEqual([]);
  });

  it('is IN_PROGRESS during the first call, and then replays its answer', async () => {
    const { rollcall, door } = await stage.startWithHeldAnswers('ecwid', ['POST'], noPause);
    const first = resend(rollcall, ecwid.pending, { idempotencyKey });
    await waitFor(() => vendorWrites(rollcall).length === 1);
    const meanwhile = await resend(rollcall, ecwid.pending, { idempotencyKey });
    expect(outcomeAndCodes(meanwhile)).toBe('NOT_SENT IN_PROGRESS');
    const wait = Date.parse(String(meanwhile.userErrors[0]?.availableAt)) - stage.emulators.clock.now();
    expect(wait > 0 && wait <= 30_000).toBe(true);
    expect(outcomeAndCodes(await resend(rollcall, ecwid.alsoPending, { idempotencyKey }))).toBe(
      'NOT_SENT IDEMPOTENCY_CONFLICT',
    );
    door.release();
    expect(outcomeAndCodes(await first)).toBe('REQUESTED');
    expect(await resend(rollcall, ecwid.pending, { idempotencyKey })).toEqual(await first);
    expect(vendorWrites(rollcall)).toHaveLength(1);
    expect(mails(rollcall)).toHaveLength(1);
  });

  it('is separate for each account and each caller', async () => {
    const storage = await stage.storage();
    const as = (subject: string) =>
      stage.start({
        ...noPause,
        storage,
        viewer: { tenant: 'acme', accounts: null, subject, scopes: 'ALL' },
      });
    const ada = await as('ada');
    const bo = await as('bo');
    const first = await resend(ada, ecwid.pending, { idempotencyKey });
    expect(first.attempt?.actor).toBe('ada');
    expect(outcomeAndCodes(await resend(ada, softwareone.pending, { idempotencyKey }))).toBe('REQUESTED');
    const other = await resend(bo, ecwid.pending, { idempotencyKey });
    expect([outcomeAndCodes(other), other.attempt?.actor]).toEqual(['REQUESTED', 'bo']);
    expect(other.attempt?.id).not.toBe(first.attempt?.id);
    expect(outcomeAndCodes(await resend(bo, ecwid.alsoPending, { idempotencyKey }))).toBe(
      'NOT_SENT IDEMPOTENCY_CONFLICT',
    );
    expect(await resend(ada, ecwid.pending, { idempotencyKey })).toEqual(first);
    expect(mails(ada)).toHaveLength(3);
  });

  it('can be reused after its retention time', async () => {
    const rollcall = await stage.start({ limits: { cooldown: '0s', idempotencyTtl: '1h' } });
    const first = await resend(rollcall, ecwid.pending, { idempotencyKey });
    stage.emulators.clock.advance(3_600_000 - 60_000);
    expect(await resend(rollcall, ecwid.pending, { idempotencyKey })).toEqual(first);
    stage.emulators.clock.advance(60_001);
    const again = await resend(rollcall, ecwid.pending, { idempotencyKey });
    expect(outcomeAndCodes(again)).toBe('REQUESTED');
    expect(again.attempt?.id).not.toBe(first.attempt?.id);
    expect(outcomeAndCodes(await resend(rollcall, ecwid.alsoPending, { idempotencyKey }))).toBe(
      'NOT_SENT IDEMPOTENCY_CONFLICT',
    );
    expect(mails(rollcall)).toHaveLength(2);
  });

  it('is kept across a restart', async () => {
    const storage = await stage.storage();
    const before = await stage.start({ storage });
    const first = await sendNew(before, wix.expired, { idempotencyKey });
    await stage.stop(before);
    const after = await stage.start({ storage });
    after.forgetRequests();
    expect(await sendNew(after, wix.expired, { idempotencyKey })).toEqual(first);
    expect(after.vendorRequests()).toEqual([]);
    expect(mails(after)).toHaveLength(1);
  });

  it('stays unused after a refusal before the first record', async () => {
    const rollcall = await stage.start();
    expect(outcomeAndCodes(await resend(rollcall, softwareone.expired, { idempotencyKey }))).toBe(
      'NOT_SENT INVITE_EXPIRED',
    );
    expect(outcomeAndCodes(await sendNew(rollcall, softwareone.expired, { idempotencyKey }))).toBe(
      'REQUESTED',
    );
  });
});

describe('idempotency key: input and fields', () => {
  const stage = useLedgerFixture();

  it.each([
    ['nothing at all', ''],
    ['256 characters', 'k'.repeat(256)],
    ['a space', 'my key'],
    ['a space at its end', 'key '],
    ['a line end', 'key\n'],
    ['letters beyond ASCII', 'schlüssel'],
    ['a control character', 'key\u0007'],
  ])('that is %s is refused by its field', async (_name, key) => {
    const rollcall = await stage.shared();
    for (const name of WRITE_NAMES) {
      const answer = await write(rollcall, name, { ...PERMITTED_WRITES.ecwid[name], idempotencyKey: key });
      expect(answer).toMatchObject({
        outcome: 'NOT_SENT',
        attempt: null,
        userErrors: [{ code: 'INVALID_INPUT', field: ['input', 'idempotencyKey'] }],
      });
      expect(answer.userErrors[0]?.message).toMatch(/idempotencyKey/);
    }
    expect(rollcall.vendorRequests()).toEqual([]);
  });

  it.each([
    ['255 characters', 'k'.repeat(255)],
    ['one sign', '!'],
    ['what looks like SQL', `';drop/**/table"attempts";--`],
  ])('may be %s', async (_name, key) => {
    const rollcall = await stage.start();
    const first = await resend(rollcall, wix.pending, { idempotencyKey: key });
    expect(outcomeAndCodes(first)).toBe('REQUESTED');
    expect(await resend(rollcall, wix.pending, { idempotencyKey: key })).toEqual(first);
  });

  it('replays additional fields correctly', async () => {
    const rollcall = await stage.start();
    const ask = async (fields: string) => {
      const { data } = await rollcall.query(
        `mutation ($input: ResendInviteInput!) { resendInvite(input: $input) { outcome invite { ${fields} } } }`,
        { input: { inviteId: softwareone.pending, idempotencyKey } },
      );
      return data?.resendInvite;
    };
    await ask('id');
    expect(await ask('id roles { id } createdAt')).toEqual({
      outcome: 'REQUESTED',
      invite: {
        id: softwareone.pending,
        roles: [{ id: 'UGR-6104-2288' }],
        createdAt: '2026-03-08T08:11:00.000Z',
      },
    });
  });
});

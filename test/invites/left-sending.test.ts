import { parseInstant } from '../../src/clock';
import { emailLocalId } from '../../src/email';
import { hashInput, type SendRequest } from '../../src/invites/request';
import type { Rollcall } from '../support/start';
import { ecwidInviteId, localIdOf, PERMITTED_WRITES, SEED_ACCOUNTS, SEED_INVITES } from '../support/seed-ids';
import { LEDGERS } from '../support/ledger-pool';
import { useLedgerFixture } from '../support/ledger-fixture';
import {
  mails,
  outcomeAndCodes,
  resend,
  vendorWrites,
  write,
  type WriteName,
} from '../support/invite-mutations';

const idempotencyKey = 'left-behind';
const ID = { RESEND: 'resendInvite', SEND_NEW: 'sendNewInvite', REVOKE: 'revokeInvite' } as const;

/** What a process leaves in the ledger that dies between its note and its vendor's answer. */
async function leaveBehind(rollcall: Rollcall, verb: keyof typeof ID, inviteId: string): Promise<void> {
  const { data } = await rollcall.query('query ($id: ID!) { invite(id: $id) { email createdAt } }', {
    id: inviteId,
  });
  rollcall.forgetRequests();
  const consent = { acknowledgeDeclined: false, grantFullAccess: false };
  const request: SendRequest = { verb, inviteId, ofMany: false, language: null, consent, idempotencyKey };
  const sentAt = inviteId.startsWith('contoso:') ? parseInstant(data?.invite?.createdAt ?? '') : null;
  await begin(rollcall, inviteId, data?.invite?.email ?? '', request, sentAt);
}

async function begin(
  { app }: Rollcall,
  id: string,
  email: string,
  request: SendRequest,
  sentAt: number | null = null,
): Promise<void> {
  const begun = await app.ledger.attempts.begin(
    {
      account: id.split(':')[0] ?? '',
      actor: '',
      invite: localIdOf(id),
      email_id: emailLocalId(email),
      verb: request.verb,
      idempotency_key: request.idempotencyKey,
      input_hash: hashInput(request),
      invited_before: sentAt,
      lease: 30_000,
    },
    () => null,
  );
  expect(begun.kind).toBe('begun');
}

/** The dead process's request, as SoftwareOne got it. */
async function askedBefore({ emulators }: Rollcall, inviteId: string, verb: string): Promise<void> {
  const account = emulators.accounts.find(({ key }) => key === 'contoso');
  const token = account?.vendor === 'softwareone' ? account.token : '';
  const url = `${emulators.softwareone.baseUrl}/accounts/account-users/${localIdOf(inviteId)}/${verb}`;
  const { status } = await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
  expect(status).toBe(200);
}

async function attemptsOf(rollcall: Rollcall, id: string): Promise<string[]> {
  const { data } = await rollcall.query(
    'query ($id: ID!) { invite(id: $id) { attempts { verb outcome } } }',
    { id },
  );
  return data?.invite?.attempts?.map(({ verb, outcome }) => `${verb} ${outcome}`) ?? [];
}

describe.each(LEDGERS)('crash recovery: a write whose process died, with the ledger in $kind', ({ open }) => {
  const stage = useLedgerFixture(open);

  it.each(['ecwid', 'wix', 'softwareone'] as const)(
    'is IN_PROGRESS for thirty seconds, without a vendor call: %s',
    async (vendor) => {
      const rollcall = await stage.start();
      const id = SEED_INVITES[vendor].pending;
      const before = stage.emulators.clock.now();
      await leaveBehind(rollcall, 'RESEND', id);
      const after = stage.emulators.clock.now();
      // The clock runs on meanwhile: a busy machine may take seconds of these 30.
      for (const later of [0, 10_000]) {
        stage.emulators.clock.advance(later);
        const { outcome, userErrors, attempt } = await resend(rollcall, id, { idempotencyKey });
        expect([outcome, userErrors[0]?.code, attempt]).toEqual(['NOT_SENT', 'IN_PROGRESS', null]);
        const until = Date.parse(String(userErrors[0]?.availableAt));
        expect(until).toBeGreaterThanOrEqual(before + 30_000);
        expect(until).toBeLessThanOrEqual(after + 30_000);
      }
      expect(rollcall.vendorRequests()).toEqual([]);
    },
  );

  it.each([
    ['ecwid', 'RESEND', SEED_INVITES.ecwid.pending],
    ['ecwid', 'SEND_NEW', SEED_INVITES.ecwid.revoked],
    ['ecwid', 'REVOKE', SEED_INVITES.ecwid.alsoPending],
    ['wix', 'RESEND', SEED_INVITES.wix.pending],
    ['wix', 'SEND_NEW', SEED_INVITES.wix.expired],
    ['softwareone', 'REVOKE', SEED_INVITES.softwareone.alsoPending],
  ] as const)('is UNKNOWN after that, when the vendor cannot show it: %s %s', async (_vendor, verb, id) => {
    const rollcall = await stage.start();
    await leaveBehind(rollcall, verb, id);
    expect(await attemptsOf(rollcall, id)).toEqual([`${verb} UNKNOWN`]);
    stage.emulators.clock.advance(30_001);
    rollcall.forgetRequests();
    const first = await write(rollcall, ID[verb], { inviteId: id, idempotencyKey });
    expect(outcomeAndCodes(first)).toBe('UNKNOWN OUTCOME_UNKNOWN');
    expect(first.attempt).toMatchObject({ verb, outcome: 'UNKNOWN' });
    stage.emulators.clock.advance(3_600_000);
    expect(await write(rollcall, ID[verb], { inviteId: id, idempotencyKey })).toEqual(first);
    expect(rollcall.vendorRequests()).toEqual([]);
    expect(await attemptsOf(rollcall, id)).toEqual([`${verb} UNKNOWN`]);
  });

  it.each([
    ['RESEND', SEED_INVITES.softwareone.pending, 'resend-invite'],
    ['SEND_NEW', SEED_INVITES.softwareone.expired, 'send-new-invite'],
  ] as const)(
    'is REQUESTED after that, when SoftwareOne shows a newer invitation: %s',
    async (verb, id, path) => {
      const rollcall = await stage.start();
      await leaveBehind(rollcall, verb, id);
      await askedBefore(rollcall, id, path);
      stage.emulators.clock.advance(30_001);
      rollcall.forgetRequests();
      const first = await write(rollcall, ID[verb], { inviteId: id, idempotencyKey });
      expect(outcomeAndCodes(first)).toBe('REQUESTED');
      expect(rollcall.vendorRequests().map(({ method }) => method)).toEqual(['GET']);
      rollcall.forgetRequests();
      expect(await write(rollcall, ID[verb], { inviteId: id, idempotencyKey })).toEqual(first);
      expect(rollcall.vendorRequests()).toEqual([]);
      expect(mails(rollcall)).toHaveLength(1);
      expect(await attemptsOf(rollcall, id)).toEqual([`${verb} REQUESTED`]);
    },
  );

  it('is UNKNOWN after that, when SoftwareOne shows no newer invitation', async () => {
    const rollcall = await stage.start();
    const id = SEED_INVITES.softwareone.pending;
    await leaveBehind(rollcall, 'RESEND', id);
    stage.emulators.clock.advance(30_001);
    expect(outcomeAndCodes(await resend(rollcall, id, { idempotencyKey }))).toBe('UNKNOWN OUTCOME_UNKNOWN');
    expect(vendorWrites(rollcall)).toEqual([]);
  });

  it('is UNKNOWN after that, when the newer invitation belongs to a later call', async () => {
    const rollcall = await stage.start();
    const id = SEED_INVITES.softwareone.pending;
    await leaveBehind(rollcall, 'RESEND', id);
    stage.emulators.clock.advance(60_001);
    expect(outcomeAndCodes(await resend(rollcall, id))).toBe('REQUESTED');
    expect(outcomeAndCodes(await resend(rollcall, id, { idempotencyKey }))).toBe('UNKNOWN OUTCOME_UNKNOWN');
    expect(mails(rollcall)).toHaveLength(1);
  });

  it('is UNKNOWN after that, when SoftwareOne cannot be read', async () => {
    const rollcall = await stage.start();
    const id = SEED_INVITES.softwareone.pending;
    await leaveBehind(rollcall, 'RESEND', id);
    await askedBefore(rollcall, id, 'resend-invite');
    stage.emulators.clock.advance(30_001);
    stage.emulators.softwareone.faults.add({ kind: 'status', status: 503 });
    expect(outcomeAndCodes(await resend(rollcall, id, { idempotencyKey }))).toBe('UNKNOWN OUTCOME_UNKNOWN');
    expect(mails(rollcall)).toHaveLength(1);
  });

  it('blocks a call without a key for the cooldown', async () => {
    const rollcall = await stage.start();
    const id = SEED_INVITES.wix.pending;
    await leaveBehind(rollcall, 'RESEND', id);
    expect(outcomeAndCodes(await resend(rollcall, id))).toBe('NOT_SENT COOLDOWN');
    stage.emulators.clock.advance(60_001);
    expect(outcomeAndCodes(await resend(rollcall, id))).toBe('REQUESTED');
    expect(vendorWrites(rollcall)).toHaveLength(1);
  });

  it('blocks a call without a key for thirty seconds even without a cooldown', async () => {
    const rollcall = await stage.start({ limits: { cooldown: '0s' } });
    const id = SEED_INVITES.wix.pending;
    await leaveBehind(rollcall, 'RESEND', id);
    expect(outcomeAndCodes(await resend(rollcall, id))).toBe('NOT_SENT IN_PROGRESS');
    stage.emulators.clock.advance(30_001);
    expect(outcomeAndCodes(await resend(rollcall, id))).toBe('REQUESTED');
  });

  it('is UNKNOWN after that for a first invite too', async () => {
    const rollcall = await stage.start();
    const input = PERMITTED_WRITES.ecwid.inviteStaffMember;
    const email = String(input['email']);
    const request: SendRequest = {
      verb: 'INVITE',
      accountId: SEED_ACCOUNTS.ecwid,
      email,
      firstName: null,
      lastName: null,
      roleIds: ['REPORT_ACCESS'],
      language: null,
      consent: { acknowledgeDeclined: false, grantFullAccess: false },
      idempotencyKey,
    };
    await begin(rollcall, ecwidInviteId(SEED_ACCOUNTS.ecwid, email), email, request);
    const name: WriteName = 'inviteStaffMember';
    expect(outcomeAndCodes(await write(rollcall, name, { ...input, idempotencyKey }))).toBe(
      'NOT_SENT IN_PROGRESS',
    );
    stage.emulators.clock.advance(30_001);
    expect(outcomeAndCodes(await write(rollcall, name, { ...input, idempotencyKey }))).toBe(
      'UNKNOWN OUTCOME_UNKNOWN',
    );
    expect(rollcall.vendorRequests()).toEqual([]);
  });
});

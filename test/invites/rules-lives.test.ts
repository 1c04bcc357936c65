import { localIdOf, SEED_INVITES } from '../support/seed-ids';
import { LEDGERS } from '../support/ledger-pool';
import { useLedgerFixture } from '../support/ledger-fixture';
import {
  inviteStaff,
  outcomeAndCodes,
  resend,
  revoke,
  sendNew,
  vendorWrites,
} from '../support/invite-mutations';
import type { Rollcall } from '../support/start';

const { ecwid, wix, softwareone } = SEED_INVITES;
const noon = 12 * 3_600_000;

async function shown(rollcall: Rollcall, id: string) {
  const { data } = await rollcall.query(
    `query ($id: ID!) { invite(id: $id) {
      id status roles { id } actions { resend { allowed reason } sendNew { allowed reason } revoke { allowed reason } }
    } }`,
    { id },
  );
  return data?.invite;
}

describe.each(LEDGERS)('replaced invite, with the ledger in $kind', ({ open }) => {
  const stage = useLedgerFixture(open);

  it('resolves to the newest invite, for every verb and in its actions', async () => {
    const rollcall = await stage.start();
    const { invite, replacedInviteId } = await sendNew(rollcall, wix.expired);
    const fresh = invite?.id ?? '';
    expect(replacedInviteId).toBe(wix.expired);
    expect(localIdOf(fresh)).toMatch(/^[0-9a-f-]{36}$/);
    rollcall.forgetRequests();

    expect((await shown(rollcall, wix.expired))?.actions).toEqual((await shown(rollcall, fresh))?.actions);
    expect(await sendNew(rollcall, wix.expired)).toMatchObject({
      outcome: 'NOT_SENT',
      invite: { id: fresh, status: 'PENDING' },
      userErrors: [{ code: 'INVITE_PENDING', suggestedAction: 'RESEND' }],
    });
    // The cooldown is the person's, whichever verb has sent.
    stage.emulators.clock.advance(60_001);
    expect(await resend(rollcall, wix.expired)).toMatchObject({
      outcome: 'REQUESTED',
      invite: { id: fresh },
    });
    expect(await revoke(rollcall, wix.expired)).toMatchObject({
      outcome: 'REQUESTED',
      invite: { id: fresh, status: 'REVOKED' },
    });
    expect(vendorWrites(rollcall)).toEqual([
      `POST /invites/site-invite/${localIdOf(fresh)}/resend {}`,
      `POST /invites/site-invite/${localIdOf(fresh)}/revoke {}`,
    ]);
  });

  it('is followed through any number of replacements', async () => {
    const rollcall = await stage.start();
    const second = (await sendNew(rollcall, wix.revoked)).invite?.id ?? '';
    await revoke(rollcall, second);
    stage.emulators.clock.advance(60_001);
    const third = (await sendNew(rollcall, wix.revoked)).invite?.id ?? '';
    expect(new Set([wix.revoked, second, third]).size).toBe(3);
    expect(await revoke(rollcall, wix.revoked)).toMatchObject({
      outcome: 'REQUESTED',
      invite: { id: third },
    });
  });

  it('can no longer be sent anew after its person was invited again', async () => {
    const rollcall = await stage.start();
    const { invite } = await inviteStaff(rollcall, {
      accountId: 'harbour-cafe',
      email: 'dmitri@harbour-cafe.example',
      roleIds: ['7046409866117400001'],
    });
    expect(invite?.status).toBe('PENDING');
    expect(await sendNew(rollcall, wix.revoked)).toMatchObject({
      outcome: 'NOT_SENT',
      invite: { id: invite?.id },
      userErrors: [{ code: 'INVITE_PENDING' }],
    });
    expect(vendorWrites(rollcall)).toHaveLength(1);
  });
});

describe.each(LEDGERS)('revoked invite, with the ledger in $kind', ({ open }) => {
  const stage = useLedgerFixture(open);

  it.each([
    [
      'Ecwid',
      ecwid.alsoPending,
      ['SALES_MANAGEMENT', 'REPORT_ACCESS'],
      '"staffScopes":["SALES_MANAGEMENT","REPORT_ACCESS"]',
    ],
    ['Wix', wix.alsoPending, ['6600344420111308827'], '"policyIds":["6600344420111308827"]'],
  ])('stays listed, and can be sent anew with its roles: %s', async (_vendor, id, roles, sent) => {
    const rollcall = await stage.start();
    await revoke(rollcall, id);
    expect(await shown(rollcall, id)).toMatchObject({
      status: 'REVOKED',
      roles: roles.map((role) => ({ id: role })),
      actions: { resend: { allowed: false, reason: 'INVITE_REVOKED' }, sendNew: { allowed: true } },
    });
    const { data } = await rollcall.query(
      '{ invites(first: 100, filter: { status: [REVOKED] }) { nodes { id } } }',
    );
    expect(data?.invites?.nodes).toContainEqual({ id });
    rollcall.forgetRequests();

    const { outcome, invite } = await sendNew(rollcall, id);
    expect([outcome, invite?.status, invite?.roles.map((role) => role.id)]).toEqual([
      'REQUESTED',
      'PENDING',
      roles,
    ]);
    expect(vendorWrites(rollcall)).toHaveLength(1);
    expect(vendorWrites(rollcall)[0]).toContain(sent);
  });

  it('is remembered across a restart', async () => {
    const storage = await stage.storage();
    const before = await stage.start({ storage });
    await revoke(before, ecwid.alsoPending);
    await stage.stop(before);
    const after = await stage.start({ storage });
    expect(await shown(after, ecwid.alsoPending)).toMatchObject({
      status: 'REVOKED',
      actions: { sendNew: { allowed: true } },
    });
  });

  it('does not exist at SoftwareOne any more, and every verb reports it', async () => {
    const rollcall = await stage.start();
    await revoke(rollcall, softwareone.pending);
    rollcall.forgetRequests();
    expect(await shown(rollcall, softwareone.pending)).toBeNull();
    for (const verb of [resend, sendNew, revoke])
      expect(outcomeAndCodes(await verb(rollcall, softwareone.pending))).toBe('NOT_SENT NOT_FOUND');
    expect(vendorWrites(rollcall)).toEqual([]);
  });

  it('with every permission is sent anew only with explicit consent', async () => {
    const rollcall = await stage.start();
    await revoke(rollcall, ecwid.pendingWithEverything);
    rollcall.forgetRequests();
    expect(await sendNew(rollcall, ecwid.pendingWithEverything)).toMatchObject({
      outcome: 'NOT_SENT',
      attempt: null,
      userErrors: [{ code: 'FULL_ACCESS', field: ['input', 'grantFullAccess'] }],
    });
    expect(vendorWrites(rollcall)).toEqual([]);
    expect(
      outcomeAndCodes(await sendNew(rollcall, ecwid.pendingWithEverything, { grantFullAccess: true })),
    ).toBe('REQUESTED');
    expect(vendorWrites(rollcall)).toEqual([
      'POST /api/v3/7700142/staff {"email":"silas@harbor-tea.example","staffScopes":[]}',
    ]);
  });
});

describe('revoked Ecwid invite with unknown permissions', () => {
  const stage = useLedgerFixture();

  it('is sent anew only with consent to grant everything', async () => {
    const rollcall = await stage.start();
    const untold = [{ path: 'staffList.*.staffScopes', change: 'remove' }] as const;
    stage.emulators.ecwid.faults.add({ kind: 'patchBody', route: 'GET */staff', changes: untold });
    expect(outcomeAndCodes(await revoke(rollcall, ecwid.alsoPending))).toBe('REQUESTED');
    expect(outcomeAndCodes(await sendNew(rollcall, ecwid.alsoPending))).toBe('NOT_SENT FULL_ACCESS');
    expect(vendorWrites(rollcall)).toHaveLength(1);
  });
});

describe('expiry of a SoftwareOne invite', () => {
  const stage = useLedgerFixture();

  it('is seven days after the last send, and is followed by EXPIRED', async () => {
    const rollcall = await stage.start();
    stage.emulators.clock.advance(noon);
    const { invite } = await resend(rollcall, softwareone.pending);
    const days = (Date.parse(String(invite?.expiresAt)) - stage.emulators.clock.now()) / (2 * noon);
    expect(days).toBeCloseTo(7, 3);
    stage.emulators.clock.advance(14 * noon + 1000);
    expect(outcomeAndCodes(await resend(rollcall, softwareone.pending))).toBe('NOT_SENT INVITE_EXPIRED');
    expect(outcomeAndCodes(await sendNew(rollcall, softwareone.pending))).toBe('REQUESTED');
  });
});

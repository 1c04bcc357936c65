import type { InviteDeed, VendorName } from '../../src/emulators/start';
import type { Rollcall } from '../support/start';
import { localIdOf, PERMITTED_WRITES, SEED_ACCOUNTS, SEED_INVITES } from '../support/seed-ids';
import { LEDGERS } from '../support/ledger-pool';
import { type LedgerFixture, useLedgerFixture } from '../support/ledger-fixture';
import { waitFor } from '../support/wait-for';
import {
  inviteStaff,
  mails,
  outcomeAndCodes,
  resend,
  revoke,
  sendNew,
  vendorReads,
  vendorWrites,
  write,
  type WriteResult,
} from '../support/invite-mutations';

const { ecwid, wix, softwareone } = SEED_INVITES;

/** How the emulators name the invite that a race is about. */
const NAMES: Record<string, string> = {
  [ecwid.pending]: 'lena@harbor-tea.example',
  [softwareone.pending]: localIdOf(softwareone.pending),
  [softwareone.expired]: localIdOf(softwareone.expired),
};

/** Changes an invite between the moment at which its state is read and the write: the answer to the read shows what was. */
async function meanwhile(
  stage: LedgerFixture,
  vendor: VendorName,
  deed: InviteDeed,
  invite: string,
  call: (rollcall: Rollcall, id: string) => Promise<WriteResult>,
): Promise<{ rollcall: Rollcall; answer: WriteResult }> {
  const { rollcall, door } = await stage.startWithHeldAnswers(vendor, ['GET']);
  const answer = call(rollcall, invite);
  await waitFor(() => vendorReads(rollcall).length === 1);
  stage.emulators[vendor].changeInvite(SEED_ACCOUNTS[vendor], NAMES[invite] ?? '', deed);
  door.release();
  return { rollcall, answer: await answer };
}

describe.each(LEDGERS)(
  'race conditions: an invite that changes before the write, with the ledger in $kind',
  ({ open }) => {
    const stage = useLedgerFixture(open);

    it.each([
      ['ecwid', 'accept', resend, ecwid.pending, 'INVITE_ACCEPTED', 'ACCEPTED'],
      ['ecwid', 'accept', revoke, ecwid.pending, 'INVITE_ACCEPTED', 'ACCEPTED'],
      ['softwareone', 'accept', resend, softwareone.pending, 'INVITE_ACCEPTED', 'ACCEPTED'],
      ['softwareone', 'expire', resend, softwareone.pending, 'INVITE_EXPIRED', 'EXPIRED'],
      ['softwareone', 'accept', sendNew, softwareone.expired, 'INVITE_ACCEPTED', 'ACCEPTED'],
    ] as const)(
      'at %s, by %s, is answered with its new state, after one write',
      async (vendor, deed, verb, id, code, status) => {
        const { rollcall, answer } = await meanwhile(stage, vendor, deed, id, verb);
        expect([outcomeAndCodes(answer), answer.attempt?.outcome]).toEqual([`REJECTED ${code}`, 'REJECTED']);
        expect(vendorWrites(rollcall)).toHaveLength(1);
        expect(vendorReads(rollcall)).toHaveLength(2);
        expect(mails(rollcall)).toEqual([]);
        expect(answer.invite?.status).toBe(status);
      },
    );

    it.each([
      ['ecwid', ecwid.pending],
      ['softwareone', softwareone.pending],
    ] as const)('at %s, by removal, is NOT_FOUND after one write', async (vendor, id) => {
      const { rollcall, answer } = await meanwhile(stage, vendor, 'remove', id, resend);
      expect(outcomeAndCodes(answer)).toBe('REJECTED NOT_FOUND');
      expect(vendorWrites(rollcall)).toHaveLength(1);
      expect(mails(rollcall)).toEqual([]);
    });

    it('to a person who was just invited elsewhere is INVITE_PENDING', async () => {
      const { rollcall, door } = await stage.startWithHeldAnswers('ecwid', ['GET']);
      const other = await stage.start();
      const slow = inviteStaff(rollcall, PERMITTED_WRITES.ecwid.inviteStaffMember);
      await waitFor(() => vendorReads(rollcall).length === 1);
      expect(outcomeAndCodes(await inviteStaff(other, PERMITTED_WRITES.ecwid.inviteStaffMember))).toBe(
        'REQUESTED',
      );
      door.release();
      expect(outcomeAndCodes(await slow)).toBe('REJECTED INVITE_PENDING');
      expect(mails(rollcall)).toHaveLength(1);
    });

    it('at Wix is refused by Wix, and its remembered state does not change', async () => {
      const rollcall = await stage.start();
      stage.emulators.wix.changeInvite('harbour-cafe', localIdOf(wix.pending), 'accept');
      const answer = await resend(rollcall, wix.pending);
      expect(outcomeAndCodes(answer)).toBe('REJECTED VENDOR_REJECTED');
      expect(answer.userErrors[0]?.vendorCode).toBe('FAILED_PRECONDITION');
      expect(answer.invite?.status).toBe('PENDING');
      expect(vendorWrites(rollcall)).toHaveLength(1);
      expect(vendorReads(rollcall)).toEqual([]);
    });

    it('keeps its refusal when the second read fails', async () => {
      const { rollcall, door } = await stage.startWithHeldAnswers('softwareone', ['GET']);
      stage.emulators.softwareone.faults.add({ kind: 'status', status: 400, route: 'POST *' });
      const answer = resend(rollcall, softwareone.pending);
      await waitFor(() => vendorReads(rollcall).length === 1);
      stage.emulators.softwareone.faults.add({ kind: 'status', status: 503, route: 'GET *' });
      door.release();
      expect(outcomeAndCodes(await answer)).toBe('REJECTED VENDOR_REJECTED');
      expect(vendorWrites(rollcall)).toHaveLength(1);
    });
  },
);

describe('race conditions: two concurrent verbs on one invite', () => {
  const stage = useLedgerFixture();

  it('send one request each, and the vendor decides the order', async () => {
    const rollcall = await stage.start();
    const answers = await Promise.all([
      resend(rollcall, ecwid.pending),
      revoke(rollcall, ecwid.pending),
      resend(rollcall, ecwid.pending),
      revoke(rollcall, ecwid.pending),
    ]);
    expect(answers.filter(({ attempt }) => attempt !== null)).toHaveLength(2);
    expect(vendorWrites(rollcall)).toHaveLength(2);
    expect(mails(rollcall).length).toBeLessThanOrEqual(1);
  });

  it('never invite one person twice at Wix', async () => {
    const rollcall = await stage.start();
    const answers = await Promise.all([
      write(rollcall, 'sendNewInvite', { inviteId: wix.revoked }),
      inviteStaff(rollcall, {
        accountId: SEED_ACCOUNTS.wix,
        email: 'dmitri@harbour-cafe.example',
        roleIds: ['7046409866117400001'],
      }),
    ]);
    expect(answers.filter(({ outcome }) => outcome === 'REQUESTED')).toHaveLength(1);
    expect(mails(rollcall)).toHaveLength(1);
  });
});

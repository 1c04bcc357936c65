import type { InviteDeed, VendorName } from '../../src/emulators/start';
import type { Rollcall } from '../support/start';
import { ACCOUNTS, CAST, DEEDS, localOf } from './cast';
import { LEDGERS } from './ledgers';
import { type Stage, stageOn } from './stage';
import { until } from './until';
import {
  inviteStaff,
  mails,
  resend,
  revoke,
  sendNew,
  told,
  vendorReads,
  vendorWrites,
  write,
  type Written,
} from './writes';

const { ecwid, wix, softwareone } = CAST;

/** How the emulators name the invite that a race is about. */
const NAMES: Record<string, string> = {
  [ecwid.pending]: 'lena@harbor-tea.example',
  [softwareone.pending]: localOf(softwareone.pending),
  [softwareone.expired]: localOf(softwareone.expired),
};

/** Changes an invite between the moment at which its state is read and the write: the answer to the read shows what was. */
async function meanwhile(
  stage: Stage,
  vendor: VendorName,
  deed: InviteDeed,
  invite: string,
  call: (rollcall: Rollcall, id: string) => Promise<Written>,
): Promise<{ rollcall: Rollcall; answer: Written }> {
  const { rollcall, door } = await stage.hold(vendor, ['GET']);
  const answer = call(rollcall, invite);
  await until(() => vendorReads(rollcall).length === 1);
  stage.emulators[vendor].changeInvite(ACCOUNTS[vendor], NAMES[invite] ?? '', deed);
  door.release();
  return { rollcall, answer: await answer };
}

describe.each(LEDGERS)('an invite that changes before the write, with the ledger in $kind', ({ open }) => {
  const stage = stageOn(open);

  it.each([
    ['ecwid', 'accept', resend, ecwid.pending, 'INVITE_ACCEPTED', 'ACCEPTED'],
    ['ecwid', 'accept', revoke, ecwid.pending, 'INVITE_ACCEPTED', 'ACCEPTED'],
    ['softwareone', 'accept', resend, softwareone.pending, 'INVITE_ACCEPTED', 'ACCEPTED'],
    ['softwareone', 'expire', resend, softwareone.pending, 'INVITE_EXPIRED', 'EXPIRED'],
    ['softwareone', 'accept', sendNew, softwareone.expired, 'INVITE_ACCEPTED', 'ACCEPTED'],
  ] as const)(
    'at %s, by %s, is answered by what it is now, after one write',
    async (vendor, deed, verb, id, code, status) => {
      const { rollcall, answer } = await meanwhile(stage, vendor, deed, id, verb);
      expect([told(answer), answer.attempt?.outcome]).toEqual([`REJECTED ${code}`, 'REJECTED']);
      expect(vendorWrites(rollcall)).toHaveLength(1);
      expect(vendorReads(rollcall)).toHaveLength(2);
      expect(mails(rollcall)).toEqual([]);
      expect(answer.invite?.status).toBe(status);
    },
  );

  it.each([
    ['ecwid', ecwid.pending],
    ['softwareone', softwareone.pending],
  ] as const)('at %s, by being removed, is NOT_FOUND after one write', async (vendor, id) => {
    const { rollcall, answer } = await meanwhile(stage, vendor, 'remove', id, resend);
    expect(told(answer)).toBe('REJECTED NOT_FOUND');
    expect(vendorWrites(rollcall)).toHaveLength(1);
    expect(mails(rollcall)).toEqual([]);
  });

  it('to somebody who was just invited by another way is INVITE_PENDING', async () => {
    const { rollcall, door } = await stage.hold('ecwid', ['GET']);
    const other = await stage.start();
    const slow = inviteStaff(rollcall, DEEDS.ecwid.inviteStaffMember);
    await until(() => vendorReads(rollcall).length === 1);
    expect(told(await inviteStaff(other, DEEDS.ecwid.inviteStaffMember))).toBe('REQUESTED');
    door.release();
    expect(told(await slow)).toBe('REJECTED INVITE_PENDING');
    expect(mails(rollcall)).toHaveLength(1);
  });

  it('at Wix is refused by Wix, and stays as it is remembered', async () => {
    const rollcall = await stage.start();
    stage.emulators.wix.changeInvite('harbour-cafe', localOf(wix.pending), 'accept');
    const answer = await resend(rollcall, wix.pending);
    expect(told(answer)).toBe('REJECTED VENDOR_REJECTED');
    expect(answer.userErrors[0]?.vendorCode).toBe('FAILED_PRECONDITION');
    expect(answer.invite?.status).toBe('PENDING');
    expect(vendorWrites(rollcall)).toHaveLength(1);
    expect(vendorReads(rollcall)).toEqual([]);
  });

  it('keeps its refusal where the second look fails', async () => {
    const { rollcall, door } = await stage.hold('softwareone', ['GET']);
    stage.emulators.softwareone.faults.add({ kind: 'status', status: 400, route: 'POST *' });
    const answer = resend(rollcall, softwareone.pending);
    await until(() => vendorReads(rollcall).length === 1);
    stage.emulators.softwareone.faults.add({ kind: 'status', status: 503, route: 'GET *' });
    door.release();
    expect(told(await answer)).toBe('REJECTED VENDOR_REJECTED');
    expect(vendorWrites(rollcall)).toHaveLength(1);
  });
});

describe('two verbs at once on one invite', () => {
  const stage = stageOn();

  it('go out as one request each, and the vendor decides which was first', async () => {
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
        accountId: ACCOUNTS.wix,
        email: 'dmitri@harbour-cafe.example',
        roleIds: ['7046409866117400001'],
      }),
    ]);
    expect(answers.filter(({ outcome }) => outcome === 'REQUESTED')).toHaveLength(1);
    expect(mails(rollcall)).toHaveLength(1);
  });
});

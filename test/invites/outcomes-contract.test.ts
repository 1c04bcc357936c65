import type { BodyChange, Fault, VendorName } from '../../src/emulators/start';
import type { Rollcall } from '../support/start';
import { PERMITTED_WRITES, VENDORS } from '../support/seed-ids';
import { useLedgerFixture } from '../support/ledger-fixture';
import {
  mails,
  outcomeAndCodes,
  resend,
  vendorWrites,
  write,
  type WriteName,
} from '../support/invite-mutations';

const UNKNOWN = 'UNKNOWN OUTCOME_UNKNOWN';
const REFUSED = 'REJECTED VENDOR_REJECTED';

/** Says something in place of carrying it out. */
const instead = (body: unknown, status = 200): Fault => ({ kind: 'status', status, body });
/** Carries it out, and says something else. */
const changed = (...changes: BodyChange[]): Fault => ({ kind: 'patchBody', changes });

const hugo = 'hugo@harbour-cafe.example';

/** Answers with a good status, and what the vendor's contract makes of them. */
const ANSWERS: readonly (readonly [VendorName, WriteName, said: string, fault: Fault, ends: string])[] = [
  ['ecwid', 'resendInvite', 'success: false', instead({ success: false }), REFUSED],
  ['ecwid', 'sendNewInvite', 'success: false', instead({ success: false }), REFUSED],
  ['ecwid', 'inviteStaffMember', 'success: false', instead({ success: false }), REFUSED],
  ['ecwid', 'resendInvite', 'success as a text', instead({ success: 'true' }), UNKNOWN],
  ['ecwid', 'resendInvite', 'nothing of success', instead({}), UNKNOWN],
  ['ecwid', 'resendInvite', 'success with 202', instead({ success: true }, 202), 'REQUESTED'],
  ['ecwid', 'revokeInvite', 'deleteCount: 0', instead({ deleteCount: 0 }), REFUSED],
  ['ecwid', 'revokeInvite', 'deleteCount: 2', instead({ deleteCount: 2 }), UNKNOWN],
  ['ecwid', 'revokeInvite', 'deleteCount as a text', instead({ deleteCount: '1' }), UNKNOWN],
  ['ecwid', 'revokeInvite', 'nothing of deleteCount', instead({}), UNKNOWN],
  [
    'wix',
    'sendNewInvite',
    'that the address failed',
    instead({ invites: [], failedEmails: [hugo] }),
    REFUSED,
  ],
  [
    'wix',
    'sendNewInvite',
    'that the address failed, in capitals',
    instead({ invites: [], failedEmails: [hugo.toUpperCase()] }),
    REFUSED,
  ],
  [
    'wix',
    'inviteStaffMember',
    'that the address failed',
    instead({ failedEmails: ['new.hand@harbour-cafe.example'] }),
    REFUSED,
  ],
  [
    'wix',
    'sendNewInvite',
    'that another address failed',
    instead({ failedEmails: ['x@y.example'] }),
    UNKNOWN,
  ],
  ['wix', 'sendNewInvite', 'neither list', instead({}), UNKNOWN],
  ['wix', 'sendNewInvite', 'two empty lists', instead({ invites: [], failedEmails: [] }), UNKNOWN],
  [
    'wix',
    'sendNewInvite',
    'an invite without an id',
    changed({ path: 'invites.0.id', change: 'remove' }),
    UNKNOWN,
  ],
  [
    'wix',
    'sendNewInvite',
    'an invite with an id that is none',
    changed({ path: 'invites.0.id', change: 'set', value: '../../x' }),
    UNKNOWN,
  ],
  ['wix', 'resendInvite', 'no invite in its object', instead({}), UNKNOWN],
  ['wix', 'resendInvite', 'an invite of nulls', changed({ path: 'invite', change: 'null' }), UNKNOWN],
  ['softwareone', 'resendInvite', 'an object with nothing in it', instead({}), UNKNOWN],
  ['softwareone', 'sendNewInvite', 'an object with nothing in it', instead({}), UNKNOWN],
  ['softwareone', 'inviteStaffMember', 'an object with nothing in it', instead({}), UNKNOWN],
  [
    'softwareone',
    'inviteStaffMember',
    'a membership of another account',
    changed({ path: 'account.id', change: 'set', value: 'ACC-0000-0000' }),
    UNKNOWN,
  ],
  ['softwareone', 'revokeInvite', 'more than it has to', instead({ anything: 1 }), 'REQUESTED'],
];

function spoil(rollcall: Rollcall, vendor: VendorName, fault: Fault): void {
  for (const route of ['POST *', 'DELETE *']) rollcall.emulators[vendor].faults.add({ ...fault, route });
}

describe('write outcome: malformed success responses', () => {
  const stage = useLedgerFixture();

  it.each(ANSWERS)(
    'are handled as specified: by %s to %s with %s',
    async (vendor, name, _said, fault, ends) => {
      const rollcall = await stage.start();
      spoil(rollcall, vendor, fault);
      const answer = await write(rollcall, name, PERMITTED_WRITES[vendor][name]);
      expect([outcomeAndCodes(answer), answer.attempt?.outcome]).toEqual([ends, ends.split(' ')[0]]);
      expect(vendorWrites(rollcall)).toHaveLength(1);
      expect(mails(rollcall)).toHaveLength(fault.kind === 'patchBody' ? 1 : 0);
    },
  );

  it('leave the invite unchanged when the vendor then refuses', async () => {
    const rollcall = await stage.start();
    spoil(rollcall, 'wix', instead({ message: 'no', details: {} }, 400));
    const { invite } = await resend(rollcall, String(PERMITTED_WRITES.wix.resendInvite['inviteId']));
    expect(invite).toMatchObject({ status: 'PENDING', vendorStatus: 'Pending' });
  });
});

describe('vendor request id', () => {
  const stage = useLedgerFixture();

  it('is recorded with the attempt, when the vendor sends one', async () => {
    const rollcall = await stage.start();
    const names: string[] = [];
    for (const vendor of VENDORS) {
      rollcall.emulators[vendor].faults.add({ kind: 'status', status: 400, route: 'POST *' });
      const { attempt } = await write(rollcall, 'resendInvite', PERMITTED_WRITES[vendor].resendInvite);
      names.push(attempt?.vendorRequestId ?? 'nothing');
    }
    expect(VENDORS).toEqual(['ecwid', 'wix', 'softwareone']);
    expect(names.join(' ')).toMatch(/^nothing \d+\.[0-9a-f]{16} 00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  });

  it.each([
    ['ecwid', { errorMessage: 'no', errorCode: 'PLAN_LIMIT' }, 'PLAN_LIMIT'],
    ['ecwid', { errorMessage: 'no <b>secret</b>', errorCode: 'no <b>secret</b>' }, null],
    ['wix', { details: { applicationError: { code: 'QUOTA' } } }, 'QUOTA'],
    ['wix', { details: { validationError: { fieldViolations: [{ ruleName: 'FORMAT' }] } } }, 'FORMAT'],
    ['softwareone', { type: 'https://docs.example/errors#MPTACC00-0042', detail: 'x' }, 'MPTACC00-0042'],
    ['softwareone', { type: 'about:blank', detail: 'secret' }, null],
    ['softwareone', 'secret', null],
  ] as const)('and code are read from a refusal by %s, without its texts: %j', async (vendor, body, code) => {
    const rollcall = await stage.start();
    spoil(rollcall, vendor, instead(body, 400));
    const answer = await write(rollcall, 'resendInvite', PERMITTED_WRITES[vendor].resendInvite);
    expect([outcomeAndCodes(answer), answer.userErrors[0]?.vendorCode]).toEqual([REFUSED, code]);
    expect(JSON.stringify([answer, rollcall.logged])).not.toContain('secret');
  });
});

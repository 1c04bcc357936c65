import type { FaultKind, VendorName } from '../../src/emulators/start';
import type { InviteErrorCode } from '../../src/model';
import { SEED_INVITES, VENDORS } from '../support/seed-ids';
import { useLedgerFixture } from '../support/ledger-fixture';
import {
  mails,
  outcomeAndCodes,
  resend,
  revoke,
  sendNew,
  vendorReads,
  vendorWrites,
} from '../support/invite-mutations';

const { ecwid, wix, softwareone } = SEED_INVITES;
const VERBS = { resend, sendNew, revoke };
const STATE_QUERY =
  '{ invites(first: 100, filter: { accountIds: ["harbor-tea", "contoso"] }) { nodes { id } } }';

describe('invite rules: an unknown vendor status', () => {
  const stage = useLedgerFixture();

  it.each(['ecwid', 'softwareone'] as const)('permits no write at %s, for any verb', async (vendor) => {
    const rollcall = await stage.start();
    stage.emulators[vendor].faults.add({ kind: 'unknownStatusWord', word: 'Quarantined' });
    for (const verb of Object.values(VERBS)) {
      const answer = await verb(rollcall, SEED_INVITES[vendor].pending);
      expect(outcomeAndCodes(answer)).toBe('NOT_SENT STATE_UNREADABLE');
      expect(answer.attempt).toBeNull();
    }
    expect(vendorWrites(rollcall)).toEqual([]);
  });

  it('is shown as UNKNOWN together with the original status', async () => {
    const rollcall = await stage.start();
    stage.emulators.softwareone.faults.add({ kind: 'unknownStatusWord', word: 'Quarantined' });
    const { invite } = await resend(rollcall, softwareone.pending);
    expect(invite).toMatchObject({ status: 'UNKNOWN', vendorStatus: 'Quarantined' });
  });
});

describe('invite rules: Wix invites', () => {
  const stage = useLedgerFixture();

  it('permit no further write after a resend was answered with an unknown status', async () => {
    const rollcall = await stage.start();
    stage.emulators.wix.faults.add({ kind: 'unknownStatusWord' });
    expect(await resend(rollcall, wix.pending)).toMatchObject({
      outcome: 'REQUESTED',
      invite: { status: 'UNKNOWN', vendorStatus: 'Quarantined' },
    });
    rollcall.forgetRequests();
    for (const verb of Object.values(VERBS))
      expect(outcomeAndCodes(await verb(rollcall, wix.pending))).toBe('NOT_SENT STATE_UNREADABLE');
    expect(vendorWrites(rollcall)).toEqual([]);
  });

  it('that are not remembered become known with the response to the first resend', async () => {
    const rollcall = await stage.start();
    await resend(rollcall, wix.unreadable);
    const { data } = await rollcall.query(
      'query ($id: ID!) { invite(id: $id) { status email roles { id } } }',
      {
        id: wix.unreadable,
      },
    );
    expect(data?.invite).toEqual({
      status: 'PENDING',
      email: 'wen@harbour-cafe.example',
      roles: [{ id: '6732588207941061632' }],
    });
    expect(outcomeAndCodes(await sendNew(rollcall, wix.unreadable))).toBe('NOT_SENT INVITE_PENDING');
  });

  it('that are not remembered and were accepted are refused by Wix, with its code', async () => {
    const rollcall = await stage.start();
    for (const verb of [resend, revoke]) {
      const answer = await verb(rollcall, wix.unreadableAccepted);
      expect(outcomeAndCodes(answer)).toBe('REJECTED VENDOR_REJECTED');
      expect(answer.userErrors[0]?.vendorCode).toBe('FAILED_PRECONDITION');
    }
    expect(vendorWrites(rollcall)).toHaveLength(2);
    expect(mails(rollcall)).toEqual([]);
  });

  it('that do not exist are refused by Wix', async () => {
    const rollcall = await stage.start();
    const answer = await resend(rollcall, 'harbour-cafe:00000000-0000-4000-8000-000000000000');
    expect(outcomeAndCodes(answer)).toBe('REJECTED VENDOR_REJECTED');
    expect(answer.userErrors[0]?.vendorCode).toBe('NOT_FOUND');
    expect(vendorWrites(rollcall)).toHaveLength(1);
  });
});

/** A fault of the read, what it comes to, how often it is tried, and whether it is told when to come back. */
const FAILED_READS: readonly (readonly [
  name: string,
  fault: FaultKind,
  codes: Record<Exclude<VendorName, 'wix'>, InviteErrorCode>,
  reads: number,
])[] = [
  ['a 503', { kind: 'status', status: 503 }, bothAre('VENDOR_UNAVAILABLE'), 3],
  ['no answer', { kind: 'hang' }, bothAre('VENDOR_UNAVAILABLE'), 1],
  ['a reset', { kind: 'resetBeforeHeaders' }, bothAre('VENDOR_UNAVAILABLE'), 3],
  ['malformed JSON', { kind: 'malformedJson' }, bothAre('VENDOR_UNAVAILABLE'), 1],
  ['a 401', { kind: 'status', status: 401 }, bothAre('VENDOR_AUTH'), 1],
  // Ecwid answers so to a dead token; SoftwareOne has not said so of the credential.
  [
    'a 403 without a body',
    { kind: 'status', status: 403 },
    { ecwid: 'VENDOR_AUTH', softwareone: 'VENDOR_UNAVAILABLE' },
    1,
  ],
  [
    'a 429',
    { kind: 'status', status: 429, headers: { 'retry-after': '30' } },
    bothAre('VENDOR_THROTTLED'),
    1,
  ],
];

describe('invite rules: a state that cannot be read', () => {
  const stage = useLedgerFixture();
  const cases = FAILED_READS.flatMap((row) =>
    (['ecwid', 'softwareone'] as const).map((v) => [v, ...row] as const),
  );

  it.each(cases)('%s, %s: permits no write', async (vendor, _name, fault, codes, reads) => {
    const limits = { readTimeout: fault.kind === 'hang' ? '300ms' : '8s' };
    const rollcall = await stage.start({ limits });
    stage.emulators[vendor].faults.add({ ...fault, route: 'GET *' });
    const answer = await resend(rollcall, SEED_INVITES[vendor].pending);
    expect(outcomeAndCodes(answer)).toBe(`NOT_SENT ${codes[vendor]}`);
    expect(answer.attempt).toBeNull();
    expect(vendorReads(rollcall)).toHaveLength(reads);
    expect(vendorWrites(rollcall)).toEqual([]);
    const wait = Date.parse(String(answer.userErrors[0]?.availableAt)) - stage.emulators.clock.now();
    const told30s = codes[vendor] === 'VENDOR_THROTTLED';
    expect(told30s ? wait > 0 && wait <= 36_000 : Number.isNaN(wait)).toBe(true);
  });

  it.each(['ecwid', 'softwareone'] as const)('is not taken from the read cache: %s', async (vendor) => {
    const rollcall = await stage.start();
    await rollcall.query(STATE_QUERY);
    stage.emulators[vendor].faults.add({ kind: 'status', status: 503, route: 'GET *' });
    expect(outcomeAndCodes(await resend(rollcall, SEED_INVITES[vendor].pending))).toBe(
      'NOT_SENT VENDOR_UNAVAILABLE',
    );
    expect(vendorWrites(rollcall)).toEqual([]);
  });

  it.each(['ecwid', 'softwareone'] as const)(
    'is read again even with a fresh cache entry: %s',
    async (vendor) => {
      const rollcall = await stage.start();
      await rollcall.query(STATE_QUERY);
      const { [vendor]: account } = { ecwid: 'harbor-tea', softwareone: 'contoso' };
      const invite = { ecwid: 'lena@harbor-tea.example', softwareone: 'AUSR-2750-9914-0362' }[vendor];
      stage.emulators[vendor].changeInvite(account, invite, 'accept');
      expect(outcomeAndCodes(await resend(rollcall, SEED_INVITES[vendor].pending))).toBe(
        'NOT_SENT INVITE_ACCEPTED',
      );
      expect(vendorWrites(rollcall)).toEqual([]);
    },
  );
});

describe('tenant isolation: an invite of an account that the caller may not see', () => {
  const stage = useLedgerFixture();

  it.each(VENDORS)('is NOT_FOUND without a vendor call: %s', async (vendor) => {
    const viewer = { tenant: 'globex', accounts: null, subject: 'dana', scopes: 'ALL' } as const;
    const rollcall = await stage.start({ viewer });
    for (const verb of Object.values(VERBS)) {
      const { attempt, invite, ...answer } = await verb(rollcall, SEED_INVITES[vendor].pending);
      expect({ attempt, invite, told: outcomeAndCodes(answer) }).toEqual({
        attempt: null,
        invite: null,
        told: 'NOT_SENT NOT_FOUND',
      });
    }
    expect(rollcall.vendorRequests()).toEqual([]);
    expect(await resend(rollcall, ecwid.pending)).toEqual(await resend(rollcall, 'no-such-account:i-1'));
  });
});

function bothAre(code: InviteErrorCode) {
  return { ecwid: code, softwareone: code };
}

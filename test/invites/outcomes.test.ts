import type { VendorName } from '../../src/emulators/start';
import type { InviteAttempt } from '../../src/generated/graphql';
import type { Rollcall } from '../support/start';
import { PERMITTED_WRITES, VENDORS, WRITE_NAMES } from '../support/seed-ids';
import { LEDGERS, openPostgresLedgers, openSqliteLedgers } from '../support/ledger-pool';
import { type End, ENDS } from './outcome-table';
import { useLedgerFixture } from '../support/ledger-fixture';
import {
  mails,
  outcomeAndCodes,
  vendorWrites,
  write,
  type WriteName,
  type WriteResult,
} from '../support/invite-mutations';

const HOUR = 3_600_000;

/** The routes that write: a fault is of one write, never of the reads around it. */
const ROUTES: Record<VendorName, readonly string[]> = {
  ecwid: ['POST *', 'DELETE *'],
  wix: ['POST /invites/*'],
  softwareone: ['POST *', 'DELETE *'],
};

const ATTEMPTS = '{ attempts { id verb outcome actor at vendorRequestId } }';

/** The attempts of each of these invites; null for one that is not there. */
async function attemptsOf(
  rollcall: Rollcall,
  ids: readonly unknown[],
): Promise<(readonly InviteAttempt[] | null)[]> {
  const fields = ids.map((id, index) => `i${index}: invite(id: ${JSON.stringify(id)}) ${ATTEMPTS}`);
  const { data } = await rollcall.query(`{ ${fields.join(' ')} }`);
  const invites = Object.values(data ?? {}) as ({ attempts: InviteAttempt[] } | null)[];
  return invites.map((invite) => invite?.attempts ?? null);
}

/** The verbs on an invite that is there before, whatever comes of it. */
const ON_INVITES = ['resendInvite', 'sendNewInvite', 'revokeInvite'] as const;

/** What such an end has to be told as, for one vendor's verb. */
const expected = ({ ends, but = {} }: End, vendor: VendorName, name: WriteName): string =>
  but[`${vendor} ${name}`] ?? but[vendor] ?? ends;

/** Every verb of a vendor, once, against one fault. */
async function endEach(rollcall: Rollcall, vendor: VendorName, end: End) {
  const { clock, [vendor]: emulator } = rollcall.emulators;
  const lines: string[] = [];
  const answers = new Map<WriteName, WriteResult>();
  for (const name of WRITE_NAMES) {
    for (const route of ROUTES[vendor]) emulator.faults.add({ ...end.fault, route });
    const before = { writes: vendorWrites(rollcall).length, mails: mails(rollcall).length };
    const answer = await write(rollcall, name, PERMITTED_WRITES[vendor][name]);
    answers.set(name, answer);
    const writes = vendorWrites(rollcall).length - before.writes;
    const sent = mails(rollcall).length - before.mails;
    lines.push(`${name}: ${outcomeAndCodes(answer)}, ${writes} request, ${sent} mails`);
    emulator.faults.clear();
    // Past any pause that the vendor asked for or its refusal brought about.
    clock.advance(HOUR + 60_000);
  }
  return { lines, answers };
}

function linesOf(end: End, vendor: VendorName): string[] {
  return WRITE_NAMES.map((name) => {
    const mailed = end.executed && name !== 'revokeInvite' ? 1 : 0;
    return `${name}: ${expected(end, vendor, name)}, 1 request, ${mailed} mails`;
  });
}

describe('write outcome: at most once; a write that ends with', () => {
  const stage = useLedgerFixture(openSqliteLedgers);

  it.each(ENDS.map((end) => [end.name, end] as const))(
    '%s is reported correctly by every verb of every vendor, and never repeated',
    async (_name, end) => {
      const rollcall = await stage.start({ limits: { operationDeadline: '20s', ...end.limits } });
      for (const vendor of VENDORS) {
        const { lines, answers } = await endEach(rollcall, vendor, end);
        expect([vendor, ...lines]).toEqual([vendor, ...linesOf(end, vendor)]);
        const listed = await attemptsOf(
          rollcall,
          ON_INVITES.map((name) => PERMITTED_WRITES[vendor][name]['inviteId']),
        );
        const answered = ON_INVITES.map((name) => [answers.get(name)?.attempt]);
        // A membership that was withdrawn is there no more, and has no attempts to show.
        expect(listed.map((attempts, index) => attempts ?? answered[index])).toEqual(answered);
      }
      await rollcall.query('{ invites(first: 100) { nodes { id status } } }');
      await stage.stop(rollcall);
      expect(vendorWrites(rollcall)).toHaveLength(VENDORS.length * WRITE_NAMES.length);
    },
  );
});

/** One of each outcome, for what the ledger makes of it. */
const KINDS = ['a 400', 'a 401', 'a 429', 'a 500', 'no answer'];

describe('write outcome with the ledger in PostgreSQL: a write that ends with', () => {
  const stage = useLedgerFixture(openPostgresLedgers);
  const ends = ENDS.filter(({ name }) => KINDS.includes(name)).map((end) => [end.name, end] as const);

  it.each(ends)('%s is recorded correctly', async (_name, end) => {
    const rollcall = await stage.start({ limits: { operationDeadline: '20s', ...end.limits } });
    const { lines, answers } = await endEach(rollcall, 'wix', end);
    expect(lines).toEqual(linesOf(end, 'wix'));
    const ids = ON_INVITES.map((name) => PERMITTED_WRITES.wix[name]['inviteId']);
    expect(await attemptsOf(rollcall, ids)).toEqual(ON_INVITES.map((name) => [answers.get(name)?.attempt]));
  });
});

describe.each(LEDGERS)('write outcome: a successful write, with the ledger in $kind', ({ open }) => {
  const stage = useLedgerFixture(open);

  it.each(VENDORS)('is listed in the attempts of its invite: %s', async (vendor) => {
    const rollcall = await stage.start();
    for (const name of WRITE_NAMES) {
      const { attempt, invite } = await write(rollcall, name, PERMITTED_WRITES[vendor][name]);
      const [listed] = await attemptsOf(rollcall, [invite?.id]);
      // A SoftwareOne membership that was withdrawn is there no more.
      const gone = vendor === 'softwareone' && name === 'revokeInvite';
      expect([name, listed]).toEqual([name, gone ? null : [attempt]]);
      expect(attempt?.outcome).toBe('REQUESTED');
    }
  });
});

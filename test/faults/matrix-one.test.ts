import type { VendorName } from '../../src/emulators/start';
import { SEED_INVITES } from '../support/seed-ids';
import { outcomeAndCodes, vendorWrites, write } from '../support/invite-mutations';
import type { Rollcall } from '../support/start';
import { CANARY, CASES, codeAt, limitsFor, WRITE_CODES } from './cases';
import { readList } from '../support/list-queries';
import { readsOf, useVendorFixture } from '../support/vendor-fixture';

const stage = useVendorFixture();

/** One read and two writes for each vendor, each in another account where there are enough. */
interface Cast {
  readonly staffMember: string;
  /** Pending. */
  readonly resend: string;
  /** Can no longer be accepted. */
  readonly sendNew: string;
  /** The state is read from the vendor before each write. */
  readonly isRead: boolean;
}

const ACTORS: Record<VendorName, Cast> = {
  ecwid: {
    staffMember: 'maple-books:p80200417',
    resend: 'globex-parts:',
    sendNew: SEED_INVITES.ecwid.revoked,
    isRead: true,
  },
  softwareone: {
    staffMember: 'contoso-nordic:AUSR-4410-2003-0001',
    resend: 'globex-iberia:AUSR-6620-5151-0004',
    sendNew: SEED_INVITES.softwareone.expired,
    isRead: true,
  },
  wix: {
    staffMember: 'globex-studio:',
    resend: SEED_INVITES.wix.pending,
    sendNew: SEED_INVITES.wix.expired,
    isRead: false,
  },
};

const accountOf = (id: string): string => id.slice(0, id.indexOf(':'));

/** The ids that the demo makes from hashes: whoever comes first. */
const found: Record<'staffMember' | 'resend', string> = { staffMember: '', resend: '' };
beforeAll(async () => {
  const rollcall = await stage.start();
  const staff = await readList(rollcall, 'staffMembers', { accountIds: ['globex-studio'] });
  const invites = await readList(rollcall, 'invites', { accountIds: ['globex-parts'], status: ['PENDING'] });
  found.staffMember = staff.rows['globex-studio']?.[0]?.id ?? '';
  found.resend = invites.rows['globex-parts']?.[0]?.id ?? '';
  rollcall.forgetRequests();
});

const idOf = (vendor: VendorName, part: 'staffMember' | 'resend'): string => {
  const id = ACTORS[vendor][part];
  return id.endsWith(':') ? found[part] : id;
};

const ONE = `query ($id: ID!, $other: ID!) {
  staffMember(id: $id) { id }
  other: staffMember(id: $other) { id }
}`;

async function readOne(rollcall: Rollcall, id: string, other: string) {
  const { data, errors } = await rollcall.query(ONE, { id, other });
  expect(JSON.stringify(errors)).not.toContain(CANARY);
  return {
    staffMember: data?.staffMember?.id ?? null,
    other: (data as unknown as Record<string, { id: string } | null>)['other']?.id ?? null,
    errors: errors.map(({ path, extensions }) => [
      path,
      extensions?.['code'],
      'retryAt' in (extensions ?? {}),
    ]),
  };
}

async function writeOne(rollcall: Rollcall, name: 'resendInvite' | 'sendNewInvite', inviteId: string) {
  const { attempt, ...answer } = await write(rollcall, name, { inviteId });
  return { told: outcomeAndCodes(answer), isRecorded: attempt !== null };
}

describe.each(['ecwid', 'softwareone', 'wix'] as const)(
  'fault matrix: single objects, while the reads of %s have',
  (vendor) => {
    it.each(CASES.map((row) => [row.name, row] as const))('%s', async (_name, row) => {
      const rollcall = await stage.start({ limits: limitsFor(row) });
      const { isRead, sendNew } = ACTORS[vendor];
      const [staffMember, resend] = [idOf(vendor, 'staffMember'), idOf(vendor, 'resend')];
      const other = idOf(vendor === 'ecwid' ? 'softwareone' : 'ecwid', 'staffMember');
      const scene = { now: stage.emulators.clock.now(), elsewhere: 'http://127.0.0.1:1/' };
      const accounts = [staffMember, resend, sendNew].map(accountOf);
      for (const account of new Set(accounts))
        stage.emulators[vendor].faults.add({ ...row.fault(scene), account, route: 'GET *' });

      const [one, resent, sent] = await Promise.all([
        readOne(rollcall, staffMember, other),
        writeOne(rollcall, 'resendInvite', resend),
        writeOne(rollcall, 'sendNewInvite', sendNew),
      ]);

      const code = codeAt(row, vendor);
      const isWritten = !isRead || code === null;
      const written = isWritten
        ? { told: 'REQUESTED', isRecorded: true }
        : { told: `NOT_SENT ${WRITE_CODES[code]}`, isRecorded: false };
      expect({ one, resent, sent }).toEqual({
        one: {
          staffMember: code === null ? staffMember : null,
          other,
          errors: code === null ? [] : [[['staffMember'], `VENDOR_${code}`, row.retryAfter !== null]],
        },
        resent: written,
        sent: written,
      });
      expect(vendorWrites(rollcall)).toHaveLength(isWritten ? 2 : 0);
      expect(accounts.map((account) => readsOf(rollcall, account).length)).toEqual([
        row.tries,
        ...(isRead ? [row.tries, row.tries] : [0, 0]),
      ]);
    });
  },
);

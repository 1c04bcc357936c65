import type { DemoAccount } from '../../src/emulators/accounts';
import type { Emulators, VendorName } from '../../src/emulators/start';
import { emailLocalId } from '../../src/email';
import { formatId } from '../../src/ids';
import type { InviteVerb } from '../../src/model';
import type { Random } from './random';

/** The verbs that send a write to a vendor. */
export type WriteVerb = Exclude<InviteVerb, 'REVEAL_LINK'>;

/** One write that a client wants executed once. */
export interface PlannedWrite {
  readonly index: number;
  readonly key: string;
  readonly verb: WriteVerb;
  readonly vendor: VendorName;
  readonly account: DemoAccount;
  readonly email: string;
  /** The id of the invite at the vendor; the email address at Ecwid and for an invite that does not exist yet. */
  readonly vendorId: string;
  readonly inviteId: string | null;
  /** False for a write that the rules always refuse. */
  readonly permitted: boolean;
  readonly document: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** The size of a generated seed, in which every fifth staff member is pending. */
export interface WorldSize {
  readonly accounts: number;
  readonly staffPerAccount: number;
}

/** The kinds of writes to plan. */
export interface WriteMix {
  readonly verbs: readonly WriteVerb[];
  /** The share of writes that the rules refuse, from 0 to 1. */
  readonly refused: number;
}

const VENDORS = ['ecwid', 'softwareone', 'wix'] as const;
const PENDING_EVERY = 5;

/** The smallest seed with one invite for each write, and at most `perAccount` writes for each account. */
export function worldSizeFor(writes: number, perAccount: number): WorldSize {
  const each = Math.ceil(writes / VENDORS.length);
  return { accounts: Math.ceil(each / perAccount), staffPerAccount: perAccount * PENDING_EVERY };
}

/** Plans writes for distinct email addresses; successive writes go to different vendors, then to different accounts. */
export function planWrites(
  emulators: Emulators,
  { accounts }: WorldSize,
  count: number,
  mix: WriteMix,
  random: Random,
): PlannedWrite[] {
  const configured = new Map(emulators.accounts.map((account) => [account.key, account]));
  const wixInvites = new Map(
    emulators.remembered.wix.map(({ account, invite }) => [`${account} ${invite.email}`, invite.id]),
  );
  const prefix = random.next().toString(36).slice(2, 8);

  return Array.from({ length: count }, (_, index): PlannedWrite => {
    const vendor = VENDORS[index % VENDORS.length] ?? 'ecwid';
    const place = Math.floor(index / VENDORS.length);
    const number = (place % accounts) + 1;
    const slot = Math.floor(place / accounts);
    const account = configured.get(`${vendor}-${digits(number, 4)}`);
    if (!account) throw new Error(`the seed is too small for ${count} writes`);

    const verb = random.pick(mix.verbs);
    const permitted = verb === 'SEND_NEW' || !random.chance(mix.refused);
    // Staff 4, 9, 14 … are pending, their neighbours have joined.
    const staff = slot * PENDING_EVERY + (permitted ? 4 : 3);
    const domain = `account-${digits(number, 4)}.example`;
    const fresh = verb === 'INVITE' && permitted;
    const email = fresh ? `new${slot}-${vendor}@${domain}` : `staff${staff}@${domain}`;
    const vendorId = fresh
      ? email
      : {
          ecwid: email,
          softwareone: `AUSR-${digits(number, 4)}-0000-${digits(staff, 4)}`,
          wix: wixInvites.get(`${account.key} ${email}`) ?? '',
        }[vendor];
    const inviteId =
      verb === 'INVITE' ? null : formatId(account.key, vendor === 'ecwid' ? emailLocalId(email) : vendorId);
    const key = `${prefix}-${index}`;
    const common = { index, key, verb, vendor, account, email, vendorId, inviteId, permitted };
    return { ...common, ...askFor(common, number) };
  });
}

const digits = (number: number, length: number): string => String(number).padStart(length, '0');

const MUTATIONS: Record<WriteVerb, readonly [field: string, input: string]> = {
  RESEND: ['resendInvite', 'ResendInviteInput'],
  SEND_NEW: ['sendNewInvite', 'SendNewInviteInput'],
  INVITE: ['inviteStaffMember', 'InviteStaffMemberInput'],
  REVOKE: ['revokeInvite', 'RevokeInviteInput'],
};

function askFor(
  { verb, vendor, account, email, inviteId, key }: Omit<PlannedWrite, 'document' | 'input'>,
  number: number,
): Pick<PlannedWrite, 'document' | 'input'> {
  const [field, type] = MUTATIONS[verb];
  const answer =
    'outcome invite { id status } attempt { id outcome } userErrors { code availableAt vendorCode }';
  const roleId = {
    ecwid: 'CATALOG_MANAGEMENT',
    softwareone: `UGR-1000-${digits(number, 4)}`,
    wix: '6600344420111308827',
  }[vendor];
  const wanted =
    verb === 'INVITE'
      ? { accountId: account.key, email, firstName: 'New', lastName: 'Staff', roleIds: [roleId] }
      : { inviteId, ...(verb === 'SEND_NEW' ? { acknowledgeDeclined: true } : {}) };
  return {
    document: `mutation Write($input: ${type}!) { write: ${field}(input: $input) { ${answer} } }`,
    input: { ...wanted, idempotencyKey: key },
  };
}

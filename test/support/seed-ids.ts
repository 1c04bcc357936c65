import { emailLocalId } from '../../src/email';
import { guid } from '../../src/emulators/seeded';
import type { VendorName } from '../../src/emulators/start';
import type { WriteName } from './invite-mutations';

/** The id of an Ecwid invite. */
export const ecwidInviteId = (account: string, email: string): string => `${account}:${emailLocalId(email)}`;

const tea = (person: string): string => ecwidInviteId('harbor-tea', `${person}@harbor-tea.example`);
const cafe = (line: number): string => `harbour-cafe:${guid(`demo wix invite harbour-cafe ${line}`)}`;
const contoso = (number: string): string => `contoso:AUSR-2750-9914-${number}`;

/** The ids of invites of the demo seed, by vendor and state. */
export const SEED_INVITES = {
  ecwid: {
    pending: tea('lena'),
    alsoPending: tea('priya'),
    pendingWithEverything: tea('silas'),
    accepted: tea('ines'),
    revoked: tea('season.2025'),
    suspended: ecwidInviteId('maple-books', 'tomas@maple-books.example'),
    unknown: tea('nobody'),
  },
  wix: {
    pending: cafe(0),
    alsoPending: cafe(1),
    accepted: cafe(2),
    revoked: cafe(4),
    declined: cafe(5),
    expired: cafe(6),
    /** Not sent through this API, and Wix offers no read: pending, accepted and expired at Wix, unreadable for the app. */
    unreadable: cafe(7),
    unreadableAccepted: cafe(8),
    unreadableExpired: cafe(9),
  },
  softwareone: {
    pending: contoso('0362'),
    alsoPending: contoso('0363'),
    accepted: contoso('0302'),
    expired: contoso('0365'),
    alsoExpired: contoso('0366'),
    unknown: contoso('9999'),
  },
} as const;

/** The demo account that tests write to, by vendor. */
export const SEED_ACCOUNTS: Record<VendorName, string> = {
  ecwid: 'harbor-tea',
  wix: 'harbour-cafe',
  softwareone: 'contoso',
};

export const VENDORS: readonly VendorName[] = ['ecwid', 'wix', 'softwareone'];

/** The local part of an id. */
export const localIdOf = (id: string): string => id.slice(id.indexOf(':') + 1);

/** The input of one write of each kind that the seed permits, each for a different invite. */
export const PERMITTED_WRITES: Record<VendorName, Record<WriteName, Readonly<Record<string, unknown>>>> = {
  ecwid: {
    resendInvite: { inviteId: SEED_INVITES.ecwid.pending },
    sendNewInvite: { inviteId: SEED_INVITES.ecwid.revoked },
    revokeInvite: { inviteId: SEED_INVITES.ecwid.alsoPending },
    inviteStaffMember: {
      accountId: SEED_ACCOUNTS.ecwid,
      email: 'new.hand@harbor-tea.example',
      roleIds: ['REPORT_ACCESS'],
    },
  },
  wix: {
    resendInvite: { inviteId: SEED_INVITES.wix.pending },
    sendNewInvite: { inviteId: SEED_INVITES.wix.expired },
    revokeInvite: { inviteId: SEED_INVITES.wix.alsoPending },
    inviteStaffMember: {
      accountId: SEED_ACCOUNTS.wix,
      email: 'new.hand@harbour-cafe.example',
      roleIds: ['7046409866117400001'],
    },
  },
  softwareone: {
    resendInvite: { inviteId: SEED_INVITES.softwareone.pending },
    sendNewInvite: { inviteId: SEED_INVITES.softwareone.expired },
    revokeInvite: { inviteId: SEED_INVITES.softwareone.alsoPending },
    inviteStaffMember: {
      accountId: SEED_ACCOUNTS.softwareone,
      email: 'new.hand@contoso.example',
      firstName: 'New',
      lastName: 'Hand',
      roleIds: ['UGR-6104-2290'],
    },
  },
};

export const WRITE_NAMES: readonly WriteName[] = [
  'resendInvite',
  'sendNewInvite',
  'revokeInvite',
  'inviteStaffMember',
];

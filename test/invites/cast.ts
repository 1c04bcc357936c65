import { emailLocalId } from '../../src/email';
import { guid } from '../../src/emulators/seeded';
import type { VendorName } from '../../src/emulators/start';
import type { WriteName } from './writes';

/** An Ecwid invite's id. */
export const ecwidInvite = (account: string, email: string): string => `${account}:${emailLocalId(email)}`;

const tea = (person: string): string => ecwidInvite('harbor-tea', `${person}@harbor-tea.example`);
const cafe = (line: number): string => `harbour-cafe:${guid(`demo wix invite harbour-cafe ${line}`)}`;
const contoso = (number: string): string => `contoso:AUSR-2750-9914-${number}`;

/** Ids of the demo's invites, by vendor and state. */
export const CAST = {
  ecwid: {
    pending: tea('lena'),
    alsoPending: tea('priya'),
    pendingWithEverything: tea('silas'),
    accepted: tea('ines'),
    revoked: tea('season.2025'),
    suspended: ecwidInvite('maple-books', 'tomas@maple-books.example'),
    unknown: tea('nobody'),
  },
  wix: {
    pending: cafe(0),
    alsoPending: cafe(1),
    accepted: cafe(2),
    revoked: cafe(4),
    declined: cafe(5),
    expired: cafe(6),
    /** Sent by somebody else: pending, accepted and expired at Wix, and none of that can be read. */
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

/** The demo account that each vendor's tests write to. */
export const ACCOUNTS: Record<VendorName, string> = {
  ecwid: 'harbor-tea',
  wix: 'harbour-cafe',
  softwareone: 'contoso',
};

export const VENDORS: readonly VendorName[] = ['ecwid', 'wix', 'softwareone'];

/** The local part of an id. */
export const localOf = (id: string): string => id.slice(id.indexOf(':') + 1);

/** One write of each kind that is permitted at the seed, each on an invite of its own. */
export const DEEDS: Record<VendorName, Record<WriteName, Readonly<Record<string, unknown>>>> = {
  ecwid: {
    resendInvite: { inviteId: CAST.ecwid.pending },
    sendNewInvite: { inviteId: CAST.ecwid.revoked },
    revokeInvite: { inviteId: CAST.ecwid.alsoPending },
    inviteStaffMember: {
      accountId: ACCOUNTS.ecwid,
      email: 'new.hand@harbor-tea.example',
      roleIds: ['REPORT_ACCESS'],
    },
  },
  wix: {
    resendInvite: { inviteId: CAST.wix.pending },
    sendNewInvite: { inviteId: CAST.wix.expired },
    revokeInvite: { inviteId: CAST.wix.alsoPending },
    inviteStaffMember: {
      accountId: ACCOUNTS.wix,
      email: 'new.hand@harbour-cafe.example',
      roleIds: ['7046409866117400001'],
    },
  },
  softwareone: {
    resendInvite: { inviteId: CAST.softwareone.pending },
    sendNewInvite: { inviteId: CAST.softwareone.expired },
    revokeInvite: { inviteId: CAST.softwareone.alsoPending },
    inviteStaffMember: {
      accountId: ACCOUNTS.softwareone,
      email: 'new.hand@contoso.example',
      firstName: 'New',
      lastName: 'Hand',
      roleIds: ['UGR-6104-2290'],
    },
  },
};

export const WRITES: readonly WriteName[] = [
  'resendInvite',
  'sendNewInvite',
  'revokeInvite',
  'inviteStaffMember',
];

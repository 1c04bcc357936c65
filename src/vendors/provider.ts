import type {
  Account,
  AccountProfile,
  Capability,
  ConnectionHealth,
  Invite,
  Role,
  StaffMember,
} from '../model';
import type { AbortSignalLike } from '../abort';
import type { Clock } from '../clock';
import type { Page, PageRequest } from '../pagination';
import type { Transport } from './call';
import type { Outcome } from './outcome';
import type { Asking, Seen } from './shared-reads';
import type { StartWindow } from './start-window';

/**
 * All this service asks of a vendor, for one account. Reads take many ids and answer in any order, leaving out what
 * does not exist: only the vendor knows whether that is one call or many. A read that fails rejects with
 * `VendorFailure`; a write never rejects. Nothing vendor-shaped crosses this line.
 */
export interface Provider {
  /** What this account's vendor supports, and how. */
  readonly capabilities: readonly Capability[];
  /** How the connection stands, as last seen. */
  health(): ConnectionHealth;
  profile(reading: Reading): Promise<AccountProfile>;
  roles(reading: Reading): Promise<readonly Role[]>;
  staffPage(reading: Reading, page: PageRequest, filter: StaffFilter): Promise<Page<StaffMember>>;
  staffByIds(reading: Reading, localIds: readonly string[]): Promise<readonly StaffMember[]>;
  invitePage(reading: Reading, page: PageRequest, filter: InviteFilter): Promise<Page<Invite>>;
  invitesByIds(reading: Reading, localIds: readonly string[]): Promise<readonly Invite[]>;
  /** Whether this can be a place in one of the account's lists: a cursor is the caller's to change. */
  isPosition(position: string): boolean;
  /** The local id of the invite that the vendor itself calls so; null where that cannot be an id of this vendor's. */
  localIdOfInvite(externalId: string): string | null;
  /** Sends the email of an invite again: one request, never repeated. */
  resend(invite: Invite, options: WriteOptions): Promise<Outcome<Invite>>;
  /** Puts a new invite in the place of one that can no longer be accepted: one request, never repeated. */
  sendNew(invite: Invite, options: WriteOptions): Promise<Outcome<Invite>>;
  /** Invites someone: one request, never repeated. */
  create(invitee: Invitee, options: WriteOptions): Promise<Outcome<Invite>>;
  /** Withdraws an invite: one request, never repeated. */
  revoke(invite: Invite, options: WriteOptions): Promise<Outcome<Invite>>;
  /** An invite with the link that accepts it, read at this moment and kept nowhere; null for an unknown one. */
  reveal(reading: Reading, localId: string): Promise<{ invite: Invite; link: string | null } | null>;
  /** When the vendor last sent this invite, in milliseconds; null where it does not tell. */
  lastInvited(reading: Reading, localId: string): Promise<number | null>;
  /** What a new invite cannot do without, and what no roles at all would mean. */
  readonly inviteNeeds: {
    readonly names: boolean;
    readonly roles: boolean;
    readonly noRolesGrantEverything: boolean;
  };
  /** What of invites this service has to remember, because the vendor does not tell it. */
  readonly remembers: 'EVERY_INVITE' | 'WITHDRAWN_INVITES' | 'NOTHING';
}

/** How a write is to be done. */
export interface WriteOptions {
  /** Language of the email, BCP 47; the vendor's choice where null, or where the vendor does not let it be chosen. */
  readonly language: string | null;
  /** How long the operation can still wait. */
  readonly timeoutMs: number;
  /** When the write was recorded, in milliseconds: the time that reads know it by from then on. */
  readonly recordedAt: number;
  /** When this is over, the request must not begin to leave any more: its receipt may be taken for lost. */
  readonly window: StartWindow;
}

/** Who is to be invited. */
export interface Invitee {
  /** As the caller spells it. */
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly roleIds: readonly string[];
}

/** What an operation asks for, and what its reads share. */
export interface Reading {
  /** The fields that the operation selects: a vendor is asked for no others. */
  readonly fields: Fields;
  /** Fires when nobody waits for the answer any more. */
  readonly signal: AbortSignalLike;
  /** How long the operation can still wait, in milliseconds. */
  timeLeft(): number;
  /** How many vendor calls the operation may still make. */
  callsLeft(): number;
  /** Asks an account's vendor: the same question once per operation, and together with whoever asks it right now. */
  ask<T>(account: string, question: string, ask: (asking: Asking) => Promise<T>): Promise<Seen<T>>;
  /** The same reading, for as long as this signal lets it. */
  until(signal: AbortSignalLike): Reading;
  /** The same reading, but nothing that was read before will do. */
  unshared(): Reading;
}

/** Selected fields by type, named as in the schema. */
export interface Fields {
  readonly account: ReadonlySet<string>;
  readonly staffMember: ReadonlySet<string>;
  readonly invite: ReadonlySet<string>;
  readonly role: ReadonlySet<string>;
  readonly person: ReadonlySet<string>;
}

/** Which staff are wanted; null is no condition. */
export interface StaffFilter {
  readonly status: readonly StaffMember['status'][] | null;
  /** Any of these addresses, in any spelling. */
  readonly emails: readonly string[] | null;
  readonly search: string | null;
}

/** Which invites are wanted. */
export interface InviteFilter {
  readonly status: readonly Invite['status'][];
  /** Any of these addresses, in any spelling. */
  readonly emails: readonly string[] | null;
  /** Milliseconds since 1970. */
  readonly expiresBefore: number | null;
}

/** What this service remembers of one account's invites, for vendors that cannot say it themselves. */
export interface InviteMemory {
  /** Invites that this service has sent, withdrawn or seen in a vendor's answer. */
  remembered(signal: AbortSignalLike): Promise<readonly RememberedInvite[]>;
  /** When an email was last requested for these invites, by local id; those never sent from here are left out. */
  lastSends(localIds: readonly string[], signal: AbortSignalLike): Promise<ReadonlyMap<string, number>>;
}

/** A remembered invite; its link never is. Times in milliseconds since 1970. */
export interface RememberedInvite {
  readonly localId: string;
  readonly email: string | null;
  readonly status: Invite['status'];
  readonly vendorStatus: string | null;
  readonly roleIds: readonly string[];
  readonly createdAt: number | null;
  readonly expiresAt: number | null;
  /** The vendor's id of the person who accepted it. */
  readonly acceptedBy: string | null;
  /** The local id of the invite that took its place. */
  readonly replacedBy: string | null;
}

/** What a provider is given to work with. */
export interface ProviderParts {
  readonly account: Account;
  readonly transport: Transport;
  readonly baseUrl: string;
  readonly memory: InviteMemory;
  readonly clock: Clock;
}

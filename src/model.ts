import type { Cursor } from './pagination';
import type * as Schema from './generated/graphql';

export type {
  InviteAction,
  InviteAttempt,
  InviteUserError,
  AccountStatus,
  Capability,
  ConnectionHealth,
  InviteActions,
  InviteErrorCode,
  InviteStatus,
  InviteVerb,
  Operation,
  Role,
  SendOutcome,
  SourceErrorCode,
  SourceState,
  StaffStatus,
  Support,
  Vendor,
} from './generated/graphql';

/** Whatever an invite may be: the compiler asks for each status that the schema has. */
export const INVITE_STATUSES = Object.keys({
  PENDING: true,
  ACCEPTED: true,
  EXPIRED: true,
  DECLINED: true,
  REVOKED: true,
  UNKNOWN: true,
} satisfies Record<Schema.InviteStatus, true>) as readonly Schema.InviteStatus[];

/** An account as configured: what is known of it without asking its vendor. */
export interface Account {
  readonly id: string;
  readonly tenant: string;
  readonly vendor: Schema.Vendor;
  readonly externalId: string;
}

/** What only the vendor knows of an account. */
export type AccountProfile = Readonly<Pick<Schema.Account, 'name' | 'status' | 'url'>>;

/** The schema's staff member with its links as plain data, so that nested fields resolve without a promise. */
export type StaffMember = Readonly<Omit<Schema.StaffMember, '__typename' | 'account' | 'invite'>> & {
  readonly accountId: string;
  readonly invite: Invite | null;
};

/** The schema's invite with its links as plain data. */
export type Invite = Readonly<
  Omit<Schema.Invite, '__typename' | 'account' | 'staffMember' | 'actions' | 'attempts'>
> & {
  readonly accountId: string;
  readonly staffMember: StaffMember | null;
  /** The person's id where the person is still to be read. */
  readonly staffMemberId: string | null;
  /**
   * What neither the vendor nor this API's memory can tell: its whole state, or the roles it would carry again. GONE: its
   * vendor knows it no more, though we have just seen it.
   */
  readonly unreadable: 'STATE' | 'ROLES' | 'GONE' | null;
  /** Sent anew as it is, it would grant every permission. */
  readonly grantsEverything: boolean;
  /** When the vendor last sent it, by the vendor's own clock; left out where the vendor does not tell. */
  readonly sentAt?: string | null;
  /** The local id of the invite that took this one's place; null while it is the newest. */
  readonly replacedBy: string | null;
};

/** One address across accounts; read when its fields are asked for. */
export interface Person {
  readonly email: string;
}

/** How one account answered a list. */
export type Source = Readonly<Omit<Schema.SourceReport, '__typename' | 'account'>> & {
  readonly account: Account;
};

/** One row of a list, with all that its cursor is made of. */
export interface Edge<T> {
  readonly node: T;
  readonly accountId: string;
  /** The vendor's or the pager's place behind this row, within its account. */
  readonly position: string;
  /** The list this row was read in: a cursor is good for that list alone. */
  readonly question: string;
}

/** One page of a list across accounts. */
export interface List<T> {
  readonly edges: readonly Edge<T>[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** The list's question, for its cursors. */
  readonly question: string;
  /** Where the next page begins; null where nothing was read. */
  readonly next: Cursor | null;
  readonly sources: readonly Source[];
  /** Counts all that match, asking accounts beyond the page if it must; null where one cannot count. */
  readonly total: () => Promise<number | null> | number | null;
}

export type AccountList = List<Account>;
export type AccountEdge = Edge<Account>;
export type StaffList = List<StaffMember>;
export type StaffEdge = Edge<StaffMember>;
export type InviteList = List<Invite>;
export type InviteEdge = Edge<Invite>;

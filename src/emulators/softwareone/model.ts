/** What happened last, and who did it; `by` is left out where the platform names nobody. */
export interface AuditEvent {
  at: string;
  by?: { id: string; name: string };
}

/** The latest occurrence of each thing that happens to a membership. What never happened is absent. */
export interface MembershipAudit {
  created: AuditEvent;
  updated: AuditEvent;
  /** Named by newer descriptions of the platform only, so rows may lack it. */
  invited?: AuditEvent;
  access?: AuditEvent;
  joined?: AuditEvent;
  invitationAcceptedAt?: string;
}

/** A person, one for the whole platform, unique by email. Names may be missing. */
export interface SwoUser {
  readonly id: string;
  email: string;
  firstName?: string;
  lastName?: string;
  phone?: { prefix: string; number: string };
  blocked: boolean;
  lastLoginAt?: string;
}

/** The link between one user and one account; it carries the invitation. */
export interface SwoMembership {
  readonly id: string;
  readonly userId: string;
  readonly accountId: string;
  groupIds: string[];
  readonly buyerIds: readonly string[];
  /** Expiry is not stored: it follows from `invitedAt` and the clock. */
  joined: boolean;
  invitedAt: string;
  inviteCode: string;
  lastLoginAt?: string;
  audit: MembershipAudit;
}

/** A tenant. */
export interface SwoAccount {
  /** The account key; null for the platform's own account. */
  readonly key: string | null;
  readonly id: string;
  readonly name: string;
  readonly type: 'Client' | 'Vendor' | 'Operations';
  readonly status: 'Active' | 'Enabled' | 'Disabled';
  readonly country: string;
  readonly createdAt: string;
  /** Id and secret of its API token, and the name it signs with. */
  readonly token: { readonly id: string; readonly name: string; readonly value: string };
}

/** A group of users of one account; modules come with it. */
export interface SwoGroup {
  readonly id: string;
  readonly accountId: string;
  readonly name: string;
  readonly description?: string;
  readonly isDefault: boolean;
  readonly moduleIds: readonly string[];
}

/** A part of the platform that a group opens. */
export interface SwoModule {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** The key holds a literal dot. */
  readonly filters?: { readonly 'group.buyers': readonly string[] };
  readonly paid: boolean;
}

/** A party that buys; memberships may be limited to some. */
export interface SwoBuyer {
  readonly id: string;
  readonly name: string;
}

/** The platform as the world describes it. */
export interface SwoWorld {
  readonly accounts: readonly SwoAccount[];
  readonly users: readonly SwoUser[];
  readonly memberships: readonly SwoMembership[];
  readonly groups: readonly SwoGroup[];
  readonly modules: readonly SwoModule[];
  readonly buyers: readonly SwoBuyer[];
}

/** How long an invitation can be accepted. */
export const invitationLifeMs = 7 * 24 * 60 * 60 * 1000;

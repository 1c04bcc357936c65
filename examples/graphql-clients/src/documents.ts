import type { CachedInvite, Row, Source } from './rollcall-client';

/** The documents of Apollo Client and urql; Relay compiles its own. In an application, generate the types below. */

/** A page of a connection. `edges`, not `nodes`: both libraries merge pages by their edges. */
const PAGE = `
  pageInfo { hasNextPage endCursor }
  sources { account { id } state code }`;

export const INVITE_ROW = `
  fragment InviteRow on Invite {
    id
    email
    status
    account { id name }
    actions { resend { allowed reason } }
  }`;

const STAFF_ROW = `
  fragment StaffRow on StaffMember {
    id
    status
    invite { id status }
  }`;

export const STAFF_MEMBERS = `
  query StaffMembers($first: Int!, $after: String, $filter: StaffMemberFilter) {
    staffMembers(first: $first, after: $after, filter: $filter) {
      edges { cursor node { ...StaffRow } }
      ${PAGE}
    }
  }
  ${STAFF_ROW}`;

export const INVITES = `
  query Invites($first: Int!, $after: String, $filter: InviteFilter) {
    invites(first: $first, after: $after, filter: $filter) {
      edges { cursor node { ...InviteRow } }
      ${PAGE}
    }
  }
  ${INVITE_ROW}`;

export const ACCOUNT_STAFF_MEMBERS = `
  query AccountStaffMembers($accountId: ID!, $first: Int!, $after: String) {
    account(id: $accountId) {
      id
      staffMembers(first: $first, after: $after) {
        edges { cursor node { ...StaffRow } }
        ${PAGE}
      }
    }
  }
  ${STAFF_ROW}`;

export const RESEND_INVITE = `
  mutation ResendInvite($input: ResendInviteInput!) {
    resendInvite(input: $input) {
      outcome
      invite { ...InviteRow }
      userErrors { code message }
    }
  }
  ${INVITE_ROW}`;

export interface Connection {
  readonly edges: readonly { readonly cursor: string; readonly node: Row }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly sources: readonly Source[];
}

/** A list is null where it was refused or failed as a whole; `errors` then says why. */
export interface ListData {
  readonly staffMembers?: Connection | null;
  readonly invites?: Connection | null;
  readonly account?: { readonly staffMembers: Connection | null } | null;
}

export interface ListVariables {
  readonly first: number;
  readonly after?: string | null;
  readonly accountId?: string;
  readonly filter?: { readonly accountIds: readonly string[] };
}

export interface ResendData {
  readonly resendInvite: {
    readonly outcome: string;
    readonly invite: CachedInvite | null;
    readonly userErrors: readonly { readonly code: string }[];
  } | null;
}

export interface ResendVariables {
  readonly input: { readonly inviteId: string; readonly idempotencyKey: string };
}

import { graphql } from 'relay-runtime';

/** What relay-compiler compiles. Programs import what it writes to `src/generated`, never this file. */
export const documents = [
  graphql`
    fragment InviteRow_invite on Invite @inline {
      id
      email
      status
      account {
        id
        name
      }
      actions {
        resend {
          allowed
          reason
        }
      }
    }
  `,
  graphql`
    fragment StaffList_query on Query
    @refetchable(queryName: "StaffListPaginationQuery")
    @argumentDefinitions(
      first: { type: "Int!" }
      after: { type: "String" }
      filter: { type: "StaffMemberFilter" }
    ) {
      staffMembers(first: $first, after: $after, filter: $filter) @connection(key: "StaffList_staffMembers") {
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          node {
            id
            status
            invite {
              id
              status
            }
          }
        }
      }
    }
  `,
  graphql`
    query StaffListQuery($first: Int!, $filter: StaffMemberFilter) {
      ...StaffList_query @arguments(first: $first, filter: $filter)
    }
  `,
  graphql`
    fragment InviteList_query on Query
    @refetchable(queryName: "InviteListPaginationQuery")
    @argumentDefinitions(
      first: { type: "Int!" }
      after: { type: "String" }
      filter: { type: "InviteFilter" }
    ) {
      invites(first: $first, after: $after, filter: $filter) @connection(key: "InviteList_invites") {
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          node {
            id
            status
            ...InviteRow_invite
          }
        }
      }
    }
  `,
  graphql`
    query InviteListQuery($first: Int!, $filter: InviteFilter) {
      ...InviteList_query @arguments(first: $first, filter: $filter)
    }
  `,
  // On `Query`, not on `Account`: Relay can fetch a fragment again only where it can reach its type by itself.
  graphql`
    fragment AccountStaffList_query on Query
    @refetchable(queryName: "AccountStaffListPaginationQuery")
    @argumentDefinitions(accountId: { type: "ID!" }, first: { type: "Int!" }, after: { type: "String" }) {
      account(id: $accountId) {
        staffMembers(first: $first, after: $after) @connection(key: "AccountStaffList_staffMembers") {
          pageInfo {
            hasNextPage
            endCursor
          }
          edges {
            node {
              id
              status
            }
          }
        }
      }
    }
  `,
  graphql`
    query AccountStaffListQuery($accountId: ID!, $first: Int!) {
      ...AccountStaffList_query @arguments(accountId: $accountId, first: $first)
    }
  `,
  graphql`
    mutation ResendInviteMutation($input: ResendInviteInput!) {
      resendInvite(input: $input) {
        outcome
        invite {
          id
          ...InviteRow_invite
        }
        userErrors {
          code
          message
        }
      }
    }
  `,
];

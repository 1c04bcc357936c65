import { skipToken, useApolloClient, useQuery } from '@apollo/client/react';
import { useState } from 'react';
import type { Filters } from './address';
import { FRESH } from './client';
import { problemsOf } from './problems';
import {
  AccountsDocument,
  type InviteStatus,
  InvitesDocument,
  PeopleDocument,
  type SourceFragment,
  type StaffStatus,
} from './generated/graphql';
import { type Row, toInviteRow, toMemberRow } from './rows';

/** A page never holds more than `resendInvites` takes, so whatever is selected on it can be sent in one call. */
export const PAGE_SIZE = 25;

/** One page of the list that the filters ask for. */
export interface Roll {
  /** Null while nothing is known yet. */
  readonly rows: readonly Row[] | null;
  readonly total: number | null;
  readonly sources: readonly SourceFragment[];
  readonly loading: boolean;
  readonly problems: readonly string[];
  readonly page: number;
  /** Null on the last page. */
  readonly next: (() => void) | null;
  /** Null on the first page. */
  readonly previous: (() => void) | null;
  /** Asks the vendors anew. */
  refresh(): Promise<void>;
}

/** Reads the page. Cursors lead forward only, so the way back is remembered. */
export function useRoll(filters: Filters): Roll {
  const client = useApolloClient();
  const [asking, setAsking] = useState(false);
  const question = JSON.stringify(filters);
  /** What the last refresh ended with: the query itself does not hear of it. */
  const [failed, setFailed] = useState<{ question: string; error: unknown } | null>(null);
  const [trail, setTrail] = useState<{ question: string; cursors: readonly string[] }>({
    question,
    cursors: [],
  });
  const cursors = trail.question === question ? trail.cursors : [];
  const isInvites = filters.view === 'invites';

  const { vendor, account, status, search } = filters;
  const page = { first: PAGE_SIZE, after: cursors.at(-1) ?? null };
  const common = { vendor, accountIds: account ? [account] : null };
  const inviteVariables = {
    ...page,
    filter: { ...common, status: status ? [status as InviteStatus] : null, email: search || null },
  };
  const peopleVariables = {
    ...page,
    filter: { ...common, status: status ? [status as StaffStatus] : null, search: search || null },
  };
  const invites = useQuery(InvitesDocument, isInvites ? { variables: inviteVariables } : skipToken);
  const people = useQuery(PeopleDocument, isInvites ? skipToken : { variables: peopleVariables });

  const shown = isInvites ? invites : people;
  const invitePage = (invites.data ?? (invites.loading ? invites.previousData : null))?.invites;
  const peoplePage = (people.data ?? (people.loading ? people.previousData : null))?.staffMembers;
  const list = isInvites ? invitePage : peoplePage;
  const rows = isInvites ? invitePage?.nodes.map(toInviteRow) : peoplePage?.nodes.map(toMemberRow);
  const endCursor = list?.pageInfo.hasNextPage ? list.pageInfo.endCursor : null;
  const go = (to: readonly string[]): void => {
    setTrail({ question, cursors: to });
  };

  return {
    rows: rows ?? null,
    total: list?.totalCount ?? null,
    sources: list?.sources ?? [],
    loading: shown.loading || asking,
    problems: problemsOf(shown.error ?? (failed?.question === question ? failed.error : null)),
    page: cursors.length + 1,
    next: endCursor
      ? () => {
          go([...cursors, endCursor]);
        }
      : null,
    previous:
      cursors.length > 0
        ? () => {
            go(cursors.slice(0, -1));
          }
        : null,
    refresh: async () => {
      setAsking(true);
      const options = { fetchPolicy: 'network-only', context: FRESH } as const;
      const { error } = await (isInvites
        ? client.query({ query: InvitesDocument, variables: inviteVariables, ...options })
        : client.query({ query: PeopleDocument, variables: peopleVariables, ...options }));
      setFailed({ question, error });
      // After the list: a vendor that has just failed is asked as little as can be, and its connection shows it.
      await client.query({ query: AccountsDocument, ...options });
      setAsking(false);
    },
  };
}

import {
  commitLocalUpdate,
  commitMutation,
  type Environment,
  readInlineData,
  type RecordProxy,
} from 'relay-runtime';
import InviteRow, { type InviteRow_invite$key } from '../generated/InviteRow_invite.graphql';
import ResendInviteMutation, {
  type ResendInviteMutation as ResendInvite,
} from '../generated/ResendInviteMutation.graphql';
import type {
  CachedInvite,
  ClientOptions,
  List,
  MergedList,
  Resent,
  RollcallClient,
} from '../rollcall-client';
import { codeOf, createEnvironment } from './environment';
import * as lists from './lists';

/** What the tests ask, in Relay's own way. */
export function createClient(url: string, options: ClientOptions = {}): RollcallClient {
  const environment = createEnvironment(url, options);
  return {
    readAll: (list) => readAll(environment, list),
    resendInvite: (inviteId, idempotencyKey) => resendInvite(environment, { inviteId, idempotencyKey }),
    cachedInvite: (inviteId) => cachedInvite(environment, inviteId),
    codesOf: (error) => {
      const { source } = error as { readonly source?: { readonly errors?: readonly object[] } };
      return (source?.errors ?? []).map((each) => String(codeOf(each)));
    },
  };
}

async function readAll(environment: Environment, list: List): Promise<MergedList> {
  const { first } = list;
  if (list.name === 'accountStaffMembers') {
    const { account, pages } = await lists.readAccountStaff(environment, {
      accountId: list.accountId,
      first,
    });
    return { ...rowsOf(account?.staffMembers?.edges), pages };
  }
  const variables = { first, ...(list.accountIds && { filter: { accountIds: [...list.accountIds] } }) };
  if (list.name === 'staffMembers') {
    const { staffMembers, pages } = await lists.readStaff(environment, variables);
    return { ...rowsOf(staffMembers?.edges), pages };
  }
  const { invites, pages } = await lists.readInvites(environment, variables);
  const rows = invites?.edges.map(({ node }) => ({ node: readInvite(node) }));
  return { ...rowsOf(rows), pages };
}

/** The compiled `ConnectionHandler` merges rows; other fields of a connection are those of the last page. */
function rowsOf<Row>(edges: readonly { readonly node: Row }[] | undefined) {
  if (!edges) throw new Error('The list could not be read.');
  return { rows: edges.map(({ node }) => node), sources: null };
}

const readInvite = (invite: InviteRow_invite$key) => readInlineData(InviteRow, invite);

const resendInvite = (environment: Environment, input: ResendInvite['variables']['input']): Promise<Resent> =>
  new Promise((resolve, reject) => {
    commitMutation<ResendInvite>(environment, {
      mutation: ResendInviteMutation,
      variables: { input },
      onError: reject,
      onCompleted: ({ resendInvite }) => {
        if (!resendInvite) reject(new Error('The mutation answered nothing.'));
        else
          resolve({ outcome: resendInvite.outcome, codes: resendInvite.userErrors.map(({ code }) => code) });
      },
    });
  });

function cachedInvite(environment: Environment, id: string): CachedInvite | null {
  let found: CachedInvite | null = null;
  commitLocalUpdate(environment, (store) => {
    const invite = store.get(`Invite:${id}`);
    if (!invite) return;
    // Relay's types say that it is always there.
    const actions = invite.getLinkedRecord('actions') as RecordProxy | null | undefined;
    const resend = actions?.getLinkedRecord('resend');
    found = {
      id,
      status: String(invite.getValue('status')),
      actions: resend
        ? {
            resend: {
              allowed: resend.getValue('allowed') === true,
              reason: textOf(resend.getValue('reason')),
            },
          }
        : null,
    };
  });
  return found;
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

import type { ApolloCache, ApolloClient } from '@apollo/client';
import { ResendDocument, ResendManyDocument, RevokeDocument, SendNewDocument } from '../generated/graphql';
import { nothingDone, problemsOf } from '../problems';
import type { Answer, Intent, Problem } from './intent';

/** A payload of any of the mutations, as far as they are alike. */
interface Payload extends Omit<Answer, 'newInviteId'> {
  readonly replacedInviteId?: string | null;
  readonly invite?: { readonly id: string } | null;
}

/**
 * Asks Rollcall once. One answer per invite, in order; rejects where none came, and then nobody here knows whether
 * something was sent.
 */
export async function ask(client: ApolloClient, intent: Intent): Promise<readonly Answer[]> {
  const payloads = await mutate(client, intent);
  return payloads.map(({ outcome, userErrors, replacedInviteId, invite }) => ({
    outcome,
    userErrors,
    newInviteId: replacedInviteId && invite && invite.id !== replacedInviteId ? invite.id : null,
  }));
}

async function mutate(
  client: ApolloClient,
  { verb, inviteIds, consent, key }: Intent,
): Promise<readonly Payload[]> {
  const [inviteId = ''] = inviteIds;
  const common = { inviteId, idempotencyKey: key };
  if (inviteIds.length > 1) {
    const variables = { input: { inviteIds: [...inviteIds], idempotencyKey: key } };
    const { data, error } = await client.mutate({ mutation: ResendManyDocument, variables });
    const payload = data?.resendInvites;
    if (!payload) return inviteIds.map(() => refusal(error));
    // A call that is refused as a whole has no results.
    return inviteIds.map((_, index) => payload.results[index] ?? nothingSent(payload.userErrors));
  }
  if (verb === 'RESEND') {
    const { data, error } = await client.mutate({ mutation: ResendDocument, variables: { input: common } });
    return [data?.resendInvite ?? refusal(error)];
  }
  if (verb === 'REVOKE') {
    const { data, error } = await client.mutate({ mutation: RevokeDocument, variables: { input: common } });
    return [data?.revokeInvite ?? refusal(error)];
  }
  const { data, error } = await client.mutate({
    mutation: SendNewDocument,
    variables: { input: { ...common, ...consent } },
  });
  return [data?.sendNewInvite ?? refusal(error)];
}

/** Shows a new invite where the one stood that it replaces. */
export function putInPlace(cache: ApolloCache, oldId: string, newId: string): void {
  cache.modify<{ invites: { nodes: readonly { __ref: string }[] } }>({
    fields: {
      invites: (list, { readField, toReference }) => {
        const fresh = toReference({ __typename: 'Invite', id: newId });
        if (!('nodes' in list) || !fresh) return list;
        return { ...list, nodes: list.nodes.map((node) => (readField('id', node) === oldId ? fresh : node)) };
      },
    },
  });
}

const nothingSent = (userErrors: readonly Problem[]): Payload => ({
  outcome: 'NOT_SENT',
  userErrors,
});

/** Rollcall's refusal outside of `userErrors`; whatever else went wrong is thrown on, for it may have come too late. */
function refusal(error: unknown): Payload {
  if (!nothingDone(error)) throw error;
  return nothingSent(
    problemsOf(error).map((message) => ({
      code: null,
      message,
      suggestedAction: null,
      availableAt: null,
      vendorCode: null,
    })),
  );
}

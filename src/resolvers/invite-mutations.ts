import type { Resolvers } from '../generated/graphql';
import { userError } from '../invites/result';

/** Every write. Defaults are filled in here; what may be done, and how often, is decided in invites/. */
export const inviteMutations: Resolvers = {
  Mutation: {
    resendInvite: (_root, { input }, { writes }) =>
      writes().send({ ...common(input), verb: 'RESEND', inviteId: input.inviteId, ofMany: false }),
    sendNewInvite: (_root, { input }, { writes }) =>
      writes().send({ ...common(input), verb: 'SEND_NEW', inviteId: input.inviteId, ofMany: false }),
    revokeInvite: (_root, { input }, { writes }) =>
      writes().send({ ...common(input), verb: 'REVOKE', inviteId: input.inviteId, ofMany: false }),
    inviteStaffMember: (_root, { input }, { writes }) =>
      writes().send({
        ...common(input),
        verb: 'INVITE',
        accountId: input.accountId,
        email: input.email,
        firstName: input.firstName ?? null,
        lastName: input.lastName ?? null,
        roleIds: input.roleIds ?? [],
      }),
    resendInvites: async (_root, { input }, { writes }) => {
      const results = await writes().resendMany({ ...common(input), inviteIds: input.inviteIds });
      return Array.isArray(results)
        ? { results, userErrors: [] }
        : { results: [], userErrors: [userError({ code: 'INVALID_INPUT', ...results })] };
    },
    revealInviteLink: (_root, { input }, { writes }) => writes().revealLink(input.inviteId),
  },
};

interface CommonInput {
  readonly language?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
  readonly acknowledgeDeclined?: boolean | null | undefined;
  readonly grantFullAccess?: boolean | null | undefined;
}

const common = ({ language, idempotencyKey, acknowledgeDeclined, grantFullAccess }: CommonInput) => ({
  language: language ?? null,
  idempotencyKey: idempotencyKey ?? null,
  consent: { acknowledgeDeclined: acknowledgeDeclined ?? false, grantFullAccess: grantFullAccess ?? false },
});

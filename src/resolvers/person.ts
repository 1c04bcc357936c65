import type { Resolvers } from '../generated/graphql';
import { normaliseEmail } from '../email';
import { badInput } from './arguments';
import { textIn } from './links';

/** One address across accounts. */
export const person: Resolvers = {
  Query: {
    person: (_root, { email }) => {
      const normalised = normaliseEmail(email);
      if (normalised === null) throw badInput('email', 'is no email address');
      return { email: normalised };
    },
  },

  Person: {
    __resolveReference: (reference) => {
      const email = normaliseEmail(textIn(reference, 'email') ?? '');
      return email === null ? null : { email };
    },
    staffMembers: async ({ email }, _args, { loaders }) => [
      ...(await loaders.person.load(email)).staffMembers,
    ],
    invites: async ({ email }, _args, { loaders }) => [...(await loaders.person.load(email)).invites],
    sources: async ({ email }, _args, { loaders }) => [...(await loaders.person.load(email)).sources],
  },
};

import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/resolverMap.js';
import { onCallNotes, type OnCallNote, type Team, teams } from './data.ts';

type Key<Name extends string> = Readonly<Record<Name, string>>;

/** A reference is a key and nothing else: the gateway asks Rollcall for the rest, many at a time. */
const staffMember = (id: string) => ({ __typename: 'StaffMember', id });

/** Where desk's fields come from. */
export const resolvers: GraphQLResolverMap<unknown> = {
  Query: {
    teams: () => teams,
    team: (_root: unknown, { id }: Key<'id'>) => teamById(id),
  },
  Team: {
    __resolveReference: ({ id }: Key<'id'>) => teamById(id),
    account: ({ account }: Team) => ({ __typename: 'Account', ...account }),
    members: ({ memberIds }: Team) => memberIds.map(staffMember),
    onCall: ({ onCallId }: Team) => staffMember(onCallId),
  },
  OnCallNote: {
    author: ({ authorEmail }: OnCallNote) => ({ __typename: 'Person', email: authorEmail }),
  },
  Account: {
    teams: ({ vendor, externalId }: Key<'vendor' | 'externalId'>) =>
      teams.filter(({ account }) => account.vendor === vendor && account.externalId === externalId),
  },
  StaffMember: {
    team: ({ id }: Key<'id'>) => teams.find(({ memberIds }) => memberIds.includes(id)) ?? null,
    onCallNotes: ({ id }: Key<'id'>) => onCallNotes.filter(({ staffMemberId }) => staffMemberId === id),
  },
  Person: {
    writtenNotes: ({ email }: Key<'email'>) =>
      onCallNotes.filter(({ authorEmail }) => authorEmail === email.trim().toLowerCase()),
  },
};

const teamById = (id: string) => teams.find((team) => team.id === id) ?? null;

const query = `mutation W5($input: ResendInviteInput!) {
  resendInvite(input: $input) { outcome invite { id email status } userErrors { code } }
}`;

/** Sends pending invites again, each another one, under a key of its own. */
export const w5 = {
  name: 'W5',
  title: 'resendInvite, distinct invites',
  scale: 'wide',
  connections: 16,
  // Has more code to compile than a read, and comes to fewer operations in the same time.
  warmUps: 3,
  operation: ({ pending }, index, run) => ({
    query,
    variables: { input: { inviteId: pending[index % pending.length], idempotencyKey: `${run}-${index}` } },
  }),
  /** A refusal is a good GraphQL answer, and not the work that is measured. */
  isDone: (body) => body.includes('"REQUESTED"'),
};

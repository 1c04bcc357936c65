import { ROW } from './fields.mjs';

const query = `query W1($id: ID!) {
  account(id: $id) { id vendor externalId name status staffMembers(first: 50) { nodes { ...Row } } }
}
${ROW}`;

/** One account with its 50 staff and their invites; the accounts take turns. */
export const w1 = {
  name: 'W1',
  title: 'one account, 50 staff, their invites',
  scale: 'even',
  connections: 16,
  operation: ({ accounts }, index) => ({ query, variables: { id: accounts[index % accounts.length].key } }),
};

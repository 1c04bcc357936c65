import { ROW } from './fields.mjs';

const query = `query W2 {
  ecwid: accounts(first: 7, filter: { vendor: ECWID }) { ...Page }
  softwareone: accounts(first: 7, filter: { vendor: SOFTWAREONE }) { ...Page }
  wix: accounts(first: 6, filter: { vendor: WIX }) { ...Page }
}
fragment Page on AccountConnection {
  nodes { id vendor externalId name status staffMembers(first: 50) { nodes { ...Row } } }
}
${ROW}`;

/** 20 accounts of three vendors with 50 staff each, nested. */
export const w2 = {
  name: 'W2',
  title: '20 accounts × 50 staff, account and invite nested',
  scale: 'even',
  connections: 4,
  operation: () => ({ query, variables: {} }),
};

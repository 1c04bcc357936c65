import { ROW } from './fields.mjs';

const query = `query W4($id: ID!) { staffMember(id: $id) { ...Row } }
${ROW}`;

/** One staff member; accounts and people take turns. */
export const w4 = {
  name: 'W4',
  title: 'one staff member',
  scale: 'even',
  connections: 16,
  operation: ({ accounts }, index) => {
    const { staff } = accounts[index % accounts.length];
    return { query, variables: { id: staff[Math.floor(index / accounts.length) % staff.length] } };
  },
};

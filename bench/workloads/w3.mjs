import { ROW } from './fields.mjs';

const query = `query W3($representations: [_Any!]!) {
  _entities(representations: $representations) { ...Row }
}
${ROW}`;

/** What a router asks for: 100 staff of 20 accounts. */
export const w3 = {
  name: 'W3',
  title: '_entities: 100 staff in 20 accounts',
  scale: 'even',
  connections: 16,
  operation: ({ accounts }, index) => {
    const third = accounts.length / 3;
    const picked = [7, 7, 6].flatMap((count, vendor) =>
      Array.from({ length: count }, (_, turn) => accounts[vendor + 3 * ((index + turn) % third)]),
    );
    const representations = picked.flatMap(({ staff }) =>
      Array.from({ length: 5 }, (_, turn) => ({
        __typename: 'StaffMember',
        id: staff[(index + turn * 7) % staff.length],
      })),
    );
    return { query, variables: { representations } };
  },
};

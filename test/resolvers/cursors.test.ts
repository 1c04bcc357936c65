import { at } from '../support/at';
import { closeAll } from '../support/close-all';
import { type Rollcall, startRollcall, UNCACHED } from '../support/start';

let acme: Rollcall;
let globex: Rollcall;
beforeAll(async () => {
  acme = await startRollcall({
    limits: UNCACHED,
    viewer: { tenant: 'acme', accounts: null, subject: 'ada', scopes: 'ALL' },
  });
  globex = await startRollcall({
    limits: UNCACHED,
    emulators: acme.emulators,
    viewer: { tenant: 'globex', accounts: null, subject: 'gus', scopes: 'ALL' },
  });
});
beforeEach(() => {
  acme.forgetRequests();
});
afterAll(() => closeAll(globex, acme));

/** Every list of the schema, by the path of its connection. */
const LISTS = {
  accounts: `query ($first: Int, $after: String, $filter: AccountFilter) {
    accounts(first: $first, after: $after, filter: $filter) { edges { cursor } } }`,
  staffMembers: `query ($first: Int, $after: String, $filter: StaffMemberFilter) {
    staffMembers(first: $first, after: $after, filter: $filter) { edges { cursor } } }`,
  invites: `query ($first: Int, $after: String, $filter: InviteFilter) {
    invites(first: $first, after: $after, filter: $filter) { edges { cursor } } }`,
  'account.staffMembers': `query ($first: Int, $after: String, $filter: StaffMemberFilter) {
    account(id: "contoso") { staffMembers(first: $first, after: $after, filter: $filter) { edges { cursor } } } }`,
  'account.invites': `query ($first: Int, $after: String, $filter: InviteFilter) {
    account(id: "contoso") { invites(first: $first, after: $after, filter: $filter) { edges { cursor } } } }`,
} as const;
type ListName = keyof typeof LISTS;
const lists = Object.keys(LISTS) as ListName[];

async function cursorOf(app: Rollcall, list: ListName, filter?: object): Promise<string> {
  const { data, errors } = await app.query(LISTS[list], { first: 1, filter });
  expect(errors).toEqual([]);
  app.forgetRequests();
  return String(at(data, `${list}.edges.0.cursor`));
}

async function expectMistake(list: ListName, variables: object, argument: string): Promise<void> {
  const { data, errors } = await acme.query(LISTS[list], { ...variables });
  expect(at(data, list)).toBeNull();
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatchObject({
    path: list.split('.'),
    extensions: { code: 'BAD_USER_INPUT', argument },
  });
  expect(errors[0]?.message).toContain(argument);
  expect(acme.vendorRequests()).toEqual([]);
}

describe.each(lists)('pagination arguments: %s', (list) => {
  it.each([0, 101, -1, 2_147_483_647, -2_147_483_648])(
    'refuses first %i before any vendor call',
    async (first) => {
      await expectMistake(list, { first }, 'first');
    },
  );

  it.each([1, 100, null])('accepts first %s', async (first) => {
    const { data, errors } = await acme.query(LISTS[list], { first });
    expect(errors).toEqual([]);
    expect(at(data, `${list}.edges.0.cursor`)).toEqual(expect.any(String));
  });

  it.each([
    ['nothing', ''],
    ['a word', 'abc'],
    ['no base64', '%%%'],
    ['10 kB', 'A'.repeat(10_240)],
    ['an account and a place in plain', Buffer.from('contoso:5').toString('base64url')],
  ])('refuses a cursor that is %s', async (_what, after) => {
    await expectMistake(list, { first: 1, after }, 'after');
  });

  it('refuses its own cursor with any changed character', async () => {
    const cursor = await cursorOf(acme, list);
    for (const index of [0, 5, 12, Math.floor(cursor.length / 2), cursor.length - 2]) {
      const other = cursor[index] === 'A' ? 'B' : 'A';
      await expectMistake(
        list,
        { first: 1, after: cursor.slice(0, index) + other + cursor.slice(index + 1) },
        'after',
      );
    }
    await expectMistake(list, { first: 1, after: cursor.slice(0, -4) }, 'after');
  });

  it('refuses the cursor of another list', async () => {
    for (const other of lists.filter((name) => name !== list))
      await expectMistake(list, { first: 1, after: await cursorOf(acme, other) }, 'after');
  });

  it('refuses its own cursor with another filter, and accepts it with another page size', async () => {
    const after = await cursorOf(acme, list, { vendor: 'SOFTWAREONE' });
    await expectMistake(list, { first: 1, after, filter: { vendor: 'ECWID' } }, 'after');
    await expectMistake(list, { first: 1, after }, 'after');
    const { errors } = await acme.query(LISTS[list], { first: 7, after, filter: { vendor: 'SOFTWAREONE' } });
    expect(errors).toEqual([]);
  });
});

describe('tenant isolation: the cursor of another tenant', () => {
  it.each(['accounts', 'staffMembers', 'invites'] as const)('is refused in %s', async (list) => {
    await expectMistake(list, { first: 1, after: await cursorOf(globex, list) }, 'after');
  });

  it('is refused for a viewer who is restricted to fewer accounts', async () => {
    const after = await cursorOf(acme, 'staffMembers');
    const narrow = await startRollcall({
      emulators: acme.emulators,
      viewer: { tenant: 'acme', accounts: ['contoso'], subject: 'ada', scopes: 'ALL' },
    });
    const { errors } = await narrow.query(LISTS.staffMembers, { first: 1, after });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'after' } }]);
    await narrow.close();
  });
});

describe('filter arguments', () => {
  it.each([
    ['staffMembers', { email: 'nobody' }, 'filter.email'],
    ['staffMembers', { search: 'x'.repeat(201) }, 'filter.search'],
    ['invites', { email: 'a b@c.example' }, 'filter.email'],
    ['invites', { expiresBefore: 'tomorrow' }, 'filter.expiresBefore'],
    ['account.staffMembers', { email: 'nobody' }, 'filter.email'],
    ['account.invites', { expiresBefore: '2026-13-45' }, 'filter.expiresBefore'],
  ] as const)('of %s that are %j are refused by name', async (list, filter, argument) => {
    await expectMistake(list, { first: 1, filter }, argument);
  });
});

describe('pagination arguments: attempts', () => {
  it.each([0, 101, -1])('refuse first %i, and the invite is complete', async (first) => {
    const { data, errors } = await acme.query(
      'query ($first: Int) { invite(id: "contoso:AUSR-2750-9914-0362") { id attempts(first: $first) { id } } }',
      { first },
    );
    expect(data?.invite).toMatchObject({ id: 'contoso:AUSR-2750-9914-0362', attempts: null });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'first' } }]);
  });
});

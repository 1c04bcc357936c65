import { getIntrospectionQuery } from 'graphql';
import { at } from '../support/at';
import { closeAll } from '../support/close-all';
import { type Reply, type Secured, startSecured } from '../support/secured';
import { seconds } from '../support/tokens';

let app: Secured;
let token: string;
beforeAll(async () => {
  app = await startSecured({ limits: { cacheTtl: '0s', staleTtl: '0s' } });
  token = await app.signer.sign({ exp: seconds(3600) });
});
beforeEach(() => {
  app.forgetCalls();
});
afterEach(async () => {
  const { status } = await app.ask('{ __typename }', { token });
  if (status !== 200) throw new Error(`the process no longer serves: ${status}`);
});
afterAll(() => closeAll(app));

const times = (count: number, part: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ');
const ask = (query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<Reply> =>
  app.ask(query, { token, variables });

async function expectInvalid(
  query: string,
  code = 'GRAPHQL_VALIDATION_FAILED',
  variables: Readonly<Record<string, unknown>> = {},
): Promise<Reply> {
  const reply = await ask(query, variables);
  expect(reply.status).toBe(400);
  expect(new Set(reply.codes)).toEqual(new Set([code]));
  expect(reply.data).toBeNull();
  expect(app.vendorCalls()).toEqual([]);
  return reply;
}

/** Fragments on the query's root, each of which spreads the next twice. */
const doubling = (count: number, last: string, type = 'Query'): string =>
  `${times(count, (index) => `fragment F${index} on ${type} { ...F${index + 1} ...F${index + 1} }`)}
   fragment F${count} on ${type} { ${last} }`;

describe('query limits: depth', () => {
  const deep = (levels: number): string =>
    `{ staffMembers { nodes { ${'account { staffMembers { nodes { '.repeat(levels)} id ${'} } }'.repeat(levels)} } } }`;

  it('refuses more than ten levels, and accepts ten', async () => {
    const atLimit = `{ accounts(first: 1) { nodes { staffMembers(first: 1) { nodes {
      account { staffMembers(first: 1) { nodes {
      account { connection { state } } } } } } } } } }`;
    expect((await ask(atLimit)).errors).toEqual([]);
    app.forgetCalls();
    const { errors } = await expectInvalid(
      atLimit.replace('account { connection { state } }', 'invite { account { connection { state } } }'),
    );
    expect(errors[0]?.message).toMatch(/depth/i);
    await expectInvalid(deep(3));
    await expectInvalid(deep(40));
  });

  it('counts levels through fragments', async () => {
    const chain = times(12, (index) =>
      index % 2 === 0
        ? `fragment F${index} on StaffMember { account { ...F${index + 1} } }`
        : `fragment F${index} on Account { staffMembers { nodes { ...F${index + 1} } } }`,
    );
    await expectInvalid(`{ staffMembers { nodes { ...F0 } } } ${chain} fragment F12 on StaffMember { id }`);
    await expectInvalid(`{ ... { ...on Query { ${deep(3).slice(1, -1)} } } }`);
  });

  it('counts levels in each operation of a document, and below names that look like introspection', async () => {
    await expectInvalid(`query __schema ${deep(3)}`);
    await expectInvalid(`query A { __typename } query B ${deep(3)}`);
    await expectInvalid(`{ ...__schema } fragment __schema on Query ${deep(3)}`);
    await expectInvalid(deep(3).replace('staffMembers', '__schema: staffMembers'));
  });

  it('accepts the standard introspection query, and refuses a heavier one', async () => {
    const { status, errors, data } = await ask(getIntrospectionQuery());
    expect([status, errors]).toEqual([200, []]);
    expect(at(data, '__schema.queryType.name')).toBe('Query');
    const types = 'fields { type { '.repeat(5);
    await expectInvalid(`{ __schema { types { ${types} name ${'} }'.repeat(5)} } } }`);
  });
});

describe('query limits: aliases, fragments and directives', () => {
  const alias = (index: number): string => `a${index}: account(id: "harbor-tea") { id }`;

  it('refuses more than fifteen aliases, and accepts fifteen', async () => {
    expect((await ask(`{ ${times(15, alias)} }`)).errors).toEqual([]);
    const { errors } = await expectInvalid(`{ ${times(16, alias)} }`);
    expect(errors[0]?.message).toMatch(/alias/i);
    await expectInvalid(
      `{ ... { ${times(8, alias)} } ...F } fragment F on Query { ${times(9, (n) => alias(n + 8))} }`,
    );
  });

  it('refuses fragments that double twenty times, quickly', async () => {
    await expectInvalid(`{ ...F0 } ${doubling(20, times(16, alias))}`);
    await expectInvalid(`{ ...F0 } ${doubling(20, 'nonsense')}`);
    const harmless = await ask(`{ ...F0 } ${doubling(60, 'account(id: "harbor-tea") { id }')}`);
    expect([harmless.status, harmless.data]).toEqual([200, { account: { id: 'harbor-tea' } }]);
  });

  it('refuses fragment cycles', async () => {
    await expectInvalid(`{ ...A } fragment A on Query { ...B ...B } fragment B on Query { ...A ...A }`);
    await expectInvalid(`mutation { ...A } fragment A on Mutation { ...A ...A }`);
  });

  it.each([
    ['on one field', `{ __typename ${'@include(if: true) '.repeat(51)} }`],
    ['that nobody knows', `{ __typename ${'@a '.repeat(60)} }`],
    ['over many fields', `{ ${times(51, () => '__typename @include(if: true)')} }`],
    [
      'on spreads of one fragment',
      `{ ${times(51, () => '...F @include(if: true)')} } fragment F on Query { __typename }`,
    ],
    ['in a fragment', `{ ...F } fragment F on Query { ${times(51, () => '__typename @skip(if: false)')} }`],
  ])('refuses more than fifty directives %s', async (_where, query) => {
    const { errors } = await expectInvalid(query);
    expect(errors.length).toBeLessThanOrEqual(110);
  });

  it('accepts fifty directives', async () => {
    expect((await ask(`{ ${times(50, () => '__typename @include(if: true)')} }`)).status).toBe(200);
  });
});

describe('query limits: fields of one name', () => {
  it('refuses more than fifty that have arguments or fields of their own, in one error, and accepts fifty', async () => {
    const list = (count: number, field: string): string =>
      `{ accounts(first: 1) { ${times(count, () => field)} } }`;
    expect((await ask(list(50, 'nodes { id }'))).data).toEqual({ accounts: { nodes: [{ id: 'contoso' }] } });
    app.forgetCalls();
    for (const field of [
      'nodes { id }',
      'nodes { account: id }',
      '... { nodes { id } }',
      'nodes: totalCount { x }',
    ])
      expect((await expectInvalid(list(51, field))).errors).toMatchObject([
        { message: 'At most 50 fields of a document may have one name, as "nodes" here has.' },
      ]);
    const parts = times(51, (n) => `fragment F${n} on AccountConnection { nodes { id } }`);
    await expectInvalid(`{ accounts { ${times(51, (n) => `...F${n}`)} } } ${parts}`);
    await expectInvalid(`{ ${times(51, (n) => `account(id: "a${n}") { id }`)} }`);
  });

  it('accepts any number of fields without arguments and fields of their own', async () => {
    expect((await ask(`{ accounts(first: 1) { nodes { ${times(400, () => 'id')} } } }`)).errors).toEqual([]);
  });
});

describe('query limits: mutations of one operation', () => {
  const withdraw = 'revokeInvite(input: { inviteId: "nowhere:x" }) { outcome }';
  const aliased = (index: number): string => `m${index}: ${withdraw}`;

  it('accepts five', async () => {
    const { errors, data } = await ask(`mutation { ${times(5, aliased)} }`);
    expect(errors).toEqual([]);
    expect(Object.values(data as object)).toEqual(Array.from({ length: 5 }, () => ({ outcome: 'NOT_SENT' })));
  });

  it.each([
    ['under aliases', `mutation { ${times(6, aliased)} }`],
    ['in inline fragments', `mutation { ${times(6, (index) => `... { ${aliased(index)} }`)} }`],
    [
      'in fragments',
      `mutation { ${times(3, aliased)} ...F } fragment F on Mutation { ${times(3, (index) => aliased(index + 3))} }`,
    ],
    ['repeated word for word', `mutation { ${times(6, () => withdraw)} }`],
    [
      'of several kinds',
      `mutation { ${times(5, aliased)} sendNewInvite(input: { inviteId: "a:b" }) { outcome } }`,
    ],
    ['in the second operation', `query A { __typename } mutation B { ${times(6, aliased)} }`],
    ['in fragments that double', `mutation { ...F0 } ${doubling(20, withdraw, 'Mutation')}`],
    ['in fragments that double often', `mutation { ...F0 } ${doubling(80, withdraw, 'Mutation')}`],
  ])('refuses more than five: %s', async (_how, query) => {
    const { errors } = await expectInvalid(query);
    expect(errors.map(({ message }) => message).join('\n')).toMatch(/at most 5 mutations/i);
  });
});

describe('query limits: document size', () => {
  it('refuses more than a thousand tokens before parsing', async () => {
    await expectInvalid(`{ ${'__typename '.repeat(1000)} }`, 'GRAPHQL_PARSE_FAILED');
    await expectInvalid('{'.repeat(100_000), 'GRAPHQL_PARSE_FAILED');
    await expectInvalid(`{ account(id: ${'['.repeat(50_000)}) { id } }`, 'GRAPHQL_PARSE_FAILED');
    const ids = times(970, () => '"nowhere"');
    const { errors } = await ask(`{ staffMembers(filter: { accountIds: [${ids}] }) { totalCount } }`);
    expect(errors).toEqual([]);
  });

  const ENTITIES = `query ($list: [_Any!]!) { _entities(representations: $list) { ... on Account { id } } }`;
  const account = { __typename: 'Account', id: 'harbor-tea' };

  it('refuses 501 representations, and accepts 500', async () => {
    const list = (count: number) => ({ list: Array.from({ length: count }, () => account) });
    const { errors, data } = await ask(ENTITIES, list(500));
    expect(errors).toEqual([]);
    expect(at(data, '_entities')).toHaveLength(500);
    await expectInvalid(ENTITIES, 'GRAPHQL_VALIDATION_FAILED', list(501));
    const renamed = ENTITIES.replace('_entities', 'other: _entities');
    await expectInvalid(
      `${renamed.slice(0, -1)} ...F } fragment F on Query { __typename }`,
      undefined,
      list(501),
    );
  });

  it('counts representations over the whole operation', async () => {
    const both = `query ($one: [_Any!]!, $two: [_Any!]!) {
      a: _entities(representations: $one) { __typename } b: _entities(representations: $two) { __typename } }`;
    const half = Array.from({ length: 300 }, () => account);
    await expectInvalid(both, 'GRAPHQL_VALIDATION_FAILED', { one: half, two: half });
  });
});

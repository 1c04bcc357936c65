import { getIntrospectionQuery } from 'graphql';
import { closeAll } from '../support/close-all';
import { at } from '../support/at';
import { type Reply, type Secured, startSecured } from '../support/secured';
import { seconds } from '../support/tokens';

let app: Secured;
let token: string;
beforeAll(async () => {
  app = await startSecured({ limits: { cacheTtl: '0s', staleTtl: '0s', aliases: 40 } });
  token = await app.signer.sign({ exp: seconds(3600) });
});
beforeEach(() => {
  app.forgetCalls();
});
afterAll(() => closeAll(app));

const ask = (query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<Reply> =>
  app.ask(query, { token, variables });
const times = (count: number, part: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ');

function expectTooMany({ status, codes, errors, data, text }: Reply): void {
  expect([status, codes, data]).toEqual([400, ['GRAPHQL_VALIDATION_FAILED'], null]);
  expect(errors[0]?.message).toMatch(/20000 objects \(limits\.nodes\)/);
  expect(text.length).toBeLessThan(1024);
  expect(app.vendorCalls()).toEqual([]);
}

const nested = (first: string): string =>
  `staffMembers(first: ${first}) { nodes { account { staffMembers(first: ${first}) { nodes { account { staffMembers(first: ${first}) { nodes { id } } } } } } } }`;

describe('static query cost (limits.nodes)', () => {
  it('refuses lists nested in lists by the product of their sizes', async () => {
    expectTooMany(await ask(`{ ${nested('100')} }`));
    expectTooMany(await ask(`query ($n: Int) { ${nested('$n')} }`, { n: 100 }));
    expectTooMany(await ask(`query ($n: Int = 100) { ${nested('$n')} }`));
    expectTooMany(await ask(`query ($n: Int! = 100) { ${nested('$n')} }`));
  });

  it('answers the same document with smaller pages', async () => {
    for (const n of [1, 5]) {
      const { errors } = await ask(`query ($n: Int) { ${nested('$n')} }`, { n });
      expect(errors).toEqual([]);
    }
  });

  it('counts a page size that is left out or null as its default', async () => {
    const lists = `nodes { staffMembers { nodes { account { invites { nodes { id account { id } } } } } } }`;
    expectTooMany(await ask(`{ accounts(first: 100) { ${lists} } }`));
    expectTooMany(
      await ask(
        `query ($n: Int) { accounts(first: 100) { ${lists.replace('staffMembers', 'staffMembers(first: $n)')} } }`,
        { n: null },
      ),
    );
    expect((await ask(`{ accounts(first: 2) { ${lists} } }`)).errors).toEqual([]);
  });

  it.each([0, -1, -2_147_483_648, 2_147_483_647, 101])(
    'leaves a page size of %i to the rule that refuses it',
    async (first) => {
      const { status, codes } = await ask(
        `{ staffMembers(first: ${first}) { nodes { account { invites(first: 100) { nodes { id } } } } } }`,
      );
      expect([status, codes]).toEqual([200, ['BAD_USER_INPUT']]);
    },
  );

  it('adds aliases up, also through fragments', async () => {
    const list = (index: number): string =>
      `a${index}: invites(first: 100) { edges { node { roles { id } } } }`;
    expectTooMany(await ask(`{ ${times(40, list)} }`));
    expectTooMany(
      await ask(
        `{ ...F } fragment F on Query { ${times(20, list)} ...G } fragment G on Query { ${times(20, (n) => list(n + 20))} }`,
      ),
    );
    expect((await ask(`{ ${times(10, list)} }`)).errors).toEqual([]);
  });

  it('counts what is merged once, however often fragments spread it', async () => {
    const chain = times(41, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`);
    const { errors } = await ask(
      `{ ...F0 } ${chain} fragment F41 on Query { staffMembers(first: 100) { nodes { id } } }`,
    );
    expect(errors).toEqual([]);
    const nestedChain = times(
      30,
      (n) =>
        `fragment S${n} on StaffMember { ...S${n + 1} account { id ...on Account { id } } ...S${n + 1} }`,
    );
    expect(
      (
        await ask(
          `{ staffMembers(first: 100) { nodes { ...S0 } } } ${nestedChain} fragment S30 on StaffMember { id }`,
        )
      ).errors,
    ).toEqual([]);
  });

  it('counts edges and nodes, and what a condition leaves out not at all', async () => {
    const both = `query ($with: Boolean!) { accounts(first: 100) { nodes { staffMembers(first: 100) { nodes { id } edges @include(if: $with) { node { id } } } } } }`;
    expectTooMany(await ask(both, { with: true }));
    expect((await ask(both, { with: false })).errors).toEqual([]);
  });

  it('multiplies with the representations of `_entities`, by the type that costs most', async () => {
    const entities = `query ($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Account { staffMembers(first: 100) { nodes { id } } } ... on Invite { id } } }`;
    const accounts = (count: number) => ({
      r: Array.from({ length: count }, () => ({ __typename: 'Account', id: 'harbor-tea' })),
    });
    expectTooMany(await ask(entities, accounts(500)));
    expect((await ask(entities, accounts(100))).errors).toEqual([]);
    app.forgetCalls();
    const literal = (count: number) =>
      `{ _entities(representations: [${times(count, () => '{__typename: "Account", id: "harbor-tea"}')}]) { ... on Account { staffMembers(first: 100) { nodes { account { staffMembers(first: 100) { nodes { id } } } } } } } }`;
    expectTooMany(await ask(literal(2)));
  });

  it('assumes a size for lists without a page size', async () => {
    const person = (inner: string) =>
      `{ ${times(20, (n) => `p${n}: person(email: "a${n}@example.com") { staffMembers { account { ${inner} } } invites { roles { id } } }`)} }`;
    expectTooMany(await ask(person('staffMembers(first: 100) { nodes { id } }')));
    const resend = `mutation ($ids: [ID!]!) { resendInvites(input: { inviteIds: $ids }) { results { invite { account { staffMembers(first: 100) { nodes { roles { id } account { capabilities { note } } } } } } } } }`;
    expectTooMany(await ask(resend, { ids: [] }));
  });

  it('answers the standard introspection, and refuses one that multiplies', async () => {
    const { errors, data } = await ask(getIntrospectionQuery());
    expect(errors).toEqual([]);
    expect(at(data, '__schema.types')).toBeDefined();
    const fields =
      'fields { args { type { name } } type { fields { name args { type { name kind } } type { name kind ofType { name } } } } }';
    expectTooMany(await ask(`{ ${times(12, (n) => `s${n}: __schema { types { ${fields} } }`)} }`));
    expectTooMany(
      await ask(`{ ${times(40, (n) => `t${n}: __schema { types { fields { name type { name } } } }`)} }`),
    );
  });
});

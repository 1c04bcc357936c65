import { at } from '../support/at';
import { hostileStage, LENA, LONG } from './hostile';

const stage = hostileStage();
const { ask, expectBadInput } = stage;

describe('input validation: list arguments', () => {
  const LISTS = ['accounts', 'staffMembers', 'invites'];

  it.each([-1, 0, 101, 2_147_483_647, -2_147_483_648])('refuse first: %d by name', async (first) => {
    for (const list of LISTS)
      expectBadInput(
        await ask(`query ($first: Int) { ${list}(first: $first) { totalCount } }`, { first }),
        'first',
      );
    for (const list of ['staffMembers', 'invites'])
      expectBadInput(
        await ask(
          `query ($first: Int) { account(id: "contoso") { ${list}(first: $first) { totalCount } } }`,
          { first },
        ),
        'first',
      );
    const attempts = await ask(
      `query ($first: Int) { invite(id: "${LENA}") { attempts(first: $first) { id } } }`,
      { first },
    );
    expect(attempts.errors.map(({ extensions }) => extensions)).toEqual([
      { code: 'BAD_USER_INPUT', argument: 'first' },
    ]);
  });

  it.each([2_147_483_648, 1.5, '1', true, [1, 2], { a: 1 }])('refuse first: %j', async (first) => {
    const { status, codes } = await ask(
      'query ($first: Int) { staffMembers(first: $first) { totalCount } }',
      { first },
    );
    expect([status, codes]).toEqual([400, ['BAD_USER_INPUT']]);
    expect(stage.app.vendorCalls()).toEqual([]);
  });

  it.each(LISTS)('refuse after by name in %s unless it is a cursor of that list', async (list) => {
    const page = `query ($after: String) { ${list}(first: 1, after: $after) { pageInfo { endCursor } } }`;
    const own = String(at((await ask(page)).data, `${list}.pageInfo.endCursor`));
    const other = list === 'invites' ? 'staffMembers' : 'invites';
    const borrowed = String(at((await ask(page.replace(list, other))).data, `${other}.pageInfo.endCursor`));
    const filtered = String(
      at(
        (await ask(page.replace('first: 1,', 'first: 1, filter: { vendor: ECWID },'))).data,
        `${list}.pageInfo.endCursor`,
      ),
    );
    expect((await ask(page, { after: own })).errors).toEqual([]);
    const flipped = (own.startsWith('A') ? 'B' : 'A') + own.slice(1);
    const odd = [
      '',
      ' ',
      '%',
      '..',
      '\r\n',
      'null',
      '__proto__',
      LONG,
      flipped,
      own.slice(0, -4),
      borrowed,
      filtered,
    ];
    for (const after of odd) {
      stage.app.forgetCalls();
      expectBadInput(await ask(page, { after }), 'after');
    }
  });

  it.each(['', 'tomorrow', '2026-13-01T00:00:00Z', '1', LONG, '2026-03-10T00:00:00Z\r\n'])(
    'refuse expiresBefore: %j by name',
    async (at) => {
      const query = 'query ($at: DateTime) { invites(filter: { expiresBefore: $at }) { totalCount } }';
      expectBadInput(await ask(query, { at }), 'filter.expiresBefore');
    },
  );

  it('refuse a search of more than 200 characters by name', async () => {
    const query = 'query ($search: String) { staffMembers(filter: { search: $search }) { totalCount } }';
    expectBadInput(await ask(query, { search: 'x'.repeat(201) }), 'filter.search');
    expectBadInput(await ask(query, { search: LONG }), 'filter.search');
  });

  it('match nothing for accountIds that are unknown or are property names of every object', async () => {
    const ids = ['__proto__', 'constructor', 'toString', '', '..', LONG, 'harbor-tea\u0000', 'HARBOR-TEA'];
    const { data, errors } = await ask(
      'query ($ids: [ID!]) { staffMembers(filter: { accountIds: $ids }) { totalCount nodes { id } } }',
      { ids },
    );
    expect([errors, data]).toEqual([[], { staffMembers: { totalCount: 0, nodes: [] } }]);
    expect(stage.app.vendorCalls()).toEqual([]);
  });
});

describe('input validation: the condition of @include', () => {
  const query = (type: string) =>
    `query ($with: ${type}) { accounts(first: 1) { nodes { id @include(if: $with) } } }`;

  it('uses its default without a value', async () => {
    const { errors, data } = await ask(query('Boolean! = true'));
    expect([errors, data]).toEqual([[], { accounts: { nodes: [{ id: 'contoso' }] } }]);
  });

  it('is a validation error when it is missing', async () => {
    const { status, codes } = await ask(query('Boolean!'));
    expect([status, codes]).toEqual([400, ['BAD_USER_INPUT']]);
  });
});

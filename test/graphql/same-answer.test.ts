import { getIntrospectionQuery } from 'graphql';
import { at } from '../support/at';
import { closeAll } from '../support/close-all';
import { askEveryWay, askOnce } from '../support/every-way';
import { type Rollcall, startRollcall, UNCACHED } from '../support/start';

let rollcall: Rollcall;
/** Another process' place: it has seen none of the documents that the first has. */
let replica: Rollcall;
beforeAll(async () => {
  const limits = { ...UNCACHED, aliases: 50, depth: 20 };
  rollcall = await startRollcall({ limits });
  replica = await startRollcall({ limits, emulators: rollcall.emulators });
});
afterEach(() => {
  for (const vendor of [rollcall.emulators.ecwid, rollcall.emulators.softwareone, rollcall.emulators.wix])
    vendor.faults.clear();
});
afterAll(async () => {
  await closeAll(replica, rollcall);
});

const INVITE = 'contoso:AUSR-2750-9914-0362';
const SOME = '{ __typename: "Invite", id: "contoso:AUSR-2750-9914-0362" }';

/** Sends an operation by every way, to two replicas; all must answer in the same bytes. */
async function expectTheSame(query: string, variables: object = {}, more: object = {}): Promise<Body> {
  const operation = { query, variables: { ...variables }, ...more };
  const ways = await askEveryWay(rollcall.app.url, operation);
  const { first = '' } = ways;
  ways['another replica'] = await askOnce(replica.app.url, operation);
  ways['another replica, again'] = await askOnce(replica.app.url, operation);
  expect(ways).toEqual(Object.fromEntries(Object.keys(ways).map((way) => [way, first])));
  return { status: Number(first.slice(0, 3)), ...(JSON.parse(first.slice(4)) as object) };
}

/** An answer that is the same by every way. */
interface Body {
  readonly status: number;
  readonly data?: unknown;
  readonly errors?: unknown;
}

describe('operation cache: an operation has the same response in every way of execution', () => {
  it.each([
    [
      'nested lists',
      '{ accounts { nodes { id name staffMembers { nodes { id account { id } invite { id status } } } } } }',
    ],
    [
      'every kind of scalar',
      '{ invites(first: 50) { nodes { id email status createdAt expiresAt expiresAtSource roles { id name } } pageInfo { hasNextPage endCursor } totalCount sources { state code asOf } } }',
    ],
    [
      'aliases of one field',
      '{ a: account(id: "contoso") { id x: id name } b: account(id: "contoso") { name } }',
    ],
    [
      'a field selected twice',
      '{ account(id: "contoso") { id capabilities { operation } capabilities { support note } } }',
    ],
    [
      'fragments within fragments',
      '{ ...A } fragment A on Query { account(id: "contoso") { ...B } } fragment B on Account { id ... on Account { vendor } ...C } fragment C on Account { externalId connection { state } }',
    ],
    [
      'what a person has',
      '{ person(email: "nora.vale@contoso.example") { email staffMembers { id } invites { id } sources { state } } }',
    ],
    ['an unknown id', '{ invite(id: "nobody:x") { id } staffMember(id: "..") { id } }'],
    [
      'a name that is no field elsewhere',
      '{ __proto__: account(id: "contoso") { __proto__: id constructor: vendor toString: externalId } }',
    ],
    ['the schema', getIntrospectionQuery()],
    [
      'types',
      '{ __typename __type(name: "Invite") { name fields { name } } account(id: "contoso") { __typename } }',
    ],
    [
      'what may be done',
      '{ invite(id: "contoso:AUSR-2750-9914-0365") { actions { resend { allowed reason } sendNew { allowed reason availableAt } } attempts { id } } }',
    ],
    [
      'entities',
      `{ _entities(representations: [${SOME}, { __typename: "Account", id: "nobody" }, { __typename: "Person", email: "x@y.example" }]) { __typename ... on Invite { id status } ... on Account { id } ... on Person { email } } }`,
    ],
    [
      'mistakes beside answers',
      '{ staffMembers(first: 0) { nodes { id } } account(id: "contoso") { invites(after: "x") { nodes { id } } id } person(email: "none") { email } }',
    ],
    ['several operations', 'query One { account(id: "contoso") { id } }'],
  ])('for %s', async (_what, document) => {
    const answer = await expectTheSame(document);
    expect(answer).toMatchObject({ status: 200 });
  });

  const conditional =
    'query ($with: Boolean! = true, $without: Boolean = false, $id: ID = "contoso") { account(id: $id) @include(if: true) { id @skip(if: $without) name @include(if: $with) ... @include(if: $with) { vendor } } }';

  it.each([
    {},
    { with: false },
    { without: true },
    { with: false, without: true },
    { id: 'harbor-tea' },
    { id: null },
  ])('with variables %j', async (variables) => {
    await expectTheSame(conditional.replace('$id: ID =', '$id: ID! ='), variables);
  });

  it('with a list, an object and defaults within it as variables', async () => {
    const document =
      'query ($filter: InviteFilter, $first: Int = 3, $these: [_Any!]!) { invites(first: $first, filter: $filter) { nodes { id } } _entities(representations: $these) { __typename } }';
    const these = [{ __typename: 'Invite', id: INVITE }];
    await expectTheSame(document, { filter: { vendor: 'SOFTWAREONE', status: ['PENDING'] }, these });
    await expectTheSame(document, { filter: { vendor: 'NOBODY' }, these });
    await expectTheSame(document, { these: [null] });
    await expectTheSame(document, {});
  });

  it('while a vendor fails, with path, location and code', async () => {
    rollcall.emulators.softwareone.faults.add({ kind: 'status', status: 403, account: 'contoso' });
    const document = `{
      one: invite(id: "${INVITE}") { id }
      staffMembers { nodes { id } sources { account { id } state code } }
      _entities(representations: [${SOME}]) { __typename }
    }`;
    const answer = await expectTheSame(document);
    expect(answer).toMatchObject({ data: { one: null } });
    expect(JSON.stringify(answer)).toContain('"path":["_entities",0]');
  });

  it('for an unexpected error', async () => {
    const broken = await startRollcall({ limits: UNCACHED });
    await broken.app.ledger.close();
    try {
      const query = `{ invite(id: "${INVITE}") { id attempts { id } } }`;
      const ways = await askEveryWay(broken.app.url, { query });
      expect(new Set(Object.values(ways)).size).toBe(1);
      expect(JSON.parse(ways['first']?.slice(4) ?? '')).toMatchObject({
        data: { invite: { id: INVITE, attempts: null } },
        errors: [{ path: ['invite', 'attempts'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
      });
    } finally {
      await broken.close();
    }
  });
});

describe('operation cache: fragments and conditions', () => {
  const rows = 'staffMembers(first: 2, filter: { vendor: SOFTWAREONE })';
  const fragments =
    'fragment Details on StaffMember { email ...Row } fragment Row on StaffMember { id name }';

  it('keeps the fields of a fragment that is also part of an excluded fragment', async () => {
    const query = `query ($open: Boolean!) { ${rows} { nodes { ...Details @include(if: $open) ...Row } } } ${fragments}`;
    const { data } = await expectTheSame(query, { open: false });
    expect(Object.keys(at(data, 'staffMembers.nodes.0') as object)).toEqual(['id', 'name']);
    await expectTheSame(query, { open: true });
  });

  it.each([
    ['the same fragment twice, once excluded', '...Row @skip(if: $yes) ...Row'],
    ['the same fragment twice, the second excluded', '...Row ...Row @skip(if: $yes)'],
    ['two different conditions on one fragment', '...Row @include(if: $no) ...Row @include(if: $yes)'],
    ['a fragment under an excluded inline fragment', '... @include(if: $no) { ...Row } id'],
    [
      'a fragment that spreads an excluded one',
      '...Details @include(if: $yes) ... { ...Row @include(if: $no) }',
    ],
    ['both directives at once', '...Row @include(if: $yes) @skip(if: $yes) email'],
    ['nothing but excluded fields', 'id @skip(if: $yes)'],
  ])('answers %s', async (_what, selection) => {
    const query = `query ($yes: Boolean!, $no: Boolean!) { ${rows} { nodes { ${selection} } } } ${fragments}`;
    const unused = query.replace(
      / fragment Details.*?\}(?= fragment)/,
      selection.includes('Details') ? '$&' : '',
    );
    const needed = selection.includes('...') ? unused : unused.replace(/ fragment .*/, '');
    const declared = needed.replace(/\$(yes|no): Boolean!,? ?/g, (all, name: string) =>
      selection.includes(`$${name}`) ? all : '',
    );
    const values = Object.fromEntries(
      Object.entries({ yes: true, no: false }).filter(([name]) => selection.includes(`$${name}`)),
    );
    expect(await expectTheSame(declared, values)).toMatchObject({ status: 200 });
  });

  it('keeps a fragment of two operations in one document apart', async () => {
    const query = `query A($open: Boolean!) { ${rows} { nodes { ...Row @include(if: $open) id } } }
      query B { ${rows} { nodes { ...Row } } } fragment Row on StaffMember { id name }`;
    const a = await expectTheSame(query, { open: false }, { operationName: 'A' });
    const b = await expectTheSame(query, {}, { operationName: 'B' });
    expect(Object.keys(at(a.data, 'staffMembers.nodes.0') as object)).toEqual(['id']);
    expect(Object.keys(at(b.data, 'staffMembers.nodes.0') as object)).toEqual(['id', 'name']);
    await expectTheSame(query, {}, { operationName: 'C' });
    await expectTheSame(query);
  });

  it.each(['', '__typename', 'id name'])(
    'merges a field that appears twice, once excluded, with %j beside it',
    async (beside) => {
      const query = `query ($d: Boolean!) { ${rows} { nodes { id ${beside} } nodes @include(if: $d) { email name } } }`;
      const { data } = await expectTheSame(query, { d: false });
      expect(JSON.stringify(data)).not.toContain('email');
      await expectTheSame(query, { d: true });
    },
  );

  it.each([
    '@include(if: $with)',
    '@ include ( if : $with )',
    '@ #\n include(if:$with)',
    '@skip(if: $without)',
  ])('calls vendors for what %j includes, each time anew', async (condition) => {
    const name = condition.includes('without') ? 'without' : 'with';
    const query = `query ($${name}: Boolean!) { ${rows} { nodes { id email ${condition} } } }`;
    for (const shown of [false, true, false, true]) {
      const { data } = await expectTheSame(query, { [name]: name === 'with' ? shown : !shown });
      const [row] = at(data, 'staffMembers.nodes') as { email?: unknown }[];
      expect(typeof row?.email).toBe(shown ? 'string' : 'undefined');
    }
  });

  it('returns the fields in the order of the document', async () => {
    const query = `{ ${rows} { sources { state account { vendor id } } ...P nodes { name id } } }
      fragment P on StaffMemberConnection { pageInfo { hasNextPage } nodes { status email } totalCount }`;
    const { data } = await expectTheSame(query);
    expect(Object.keys(at(data, 'staffMembers') as object)).toEqual([
      'sources',
      'pageInfo',
      'nodes',
      'totalCount',
    ]);
    expect(Object.keys(at(data, 'staffMembers.nodes.0') as object)).toEqual([
      'status',
      'email',
      'name',
      'id',
    ]);
  });

  it('allows field names of other types as alias, variable and fragment name', async () => {
    const query = `query ($__proto__: ID!, $constructor: Boolean!) { __proto__: account(id: $__proto__) { ...__proto__ } }
      fragment __proto__ on Account { __proto__: id constructor: vendor @include(if: $constructor) }`;
    await expectTheSame(query, { constructor: true });
    await expectTheSame(query, { constructor: false, toString: 1 });
    await expectTheSame('{ __proto__: account(id: "contoso") { __proto__: id } }');
  });
});

describe('federation: _entities in every way of execution', () => {
  const query = `query ($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Invite { id status } ... on Account { id name } } }`;
  const invite = { __typename: 'Invite', id: INVITE };
  const account = { __typename: 'Account', id: 'harbor-tea' };

  it('returns as many items as requested, in their order, when an account fails', async () => {
    rollcall.emulators.softwareone.faults.add({ kind: 'status', status: 400, account: 'contoso' });
    for (const r of [[invite, account], [account, invite], [invite, invite, account], [invite]]) {
      const { data } = await expectTheSame(query, { r });
      const entities = at(data, '_entities') as ({ __typename: string } | null)[];
      expect(entities.map((entity) => entity?.__typename ?? null)).toEqual(
        r.map(({ __typename }) => (__typename === 'Account' ? 'Account' : null)),
      );
    }
  });

  it.each([
    '{ __typename: "Invite", id: $id }',
    '[{ __typename: "Invite", id: $id }, { __typename: $type, id: "harbor-tea" }]',
    '[{ __typename: "Account", vendor: "ECWID", externalId: $absent }, { __typename: "Invite", id: $id }]',
  ])('reads variables within inline representations: %s', async (representations) => {
    const declared = ['id', 'type', 'absent'].filter((name) => representations.includes(`$${name}`));
    const text = `query (${declared.map((name) => `$${name}: ID`).join(', ')}) {
      _entities(representations: ${representations}) { __typename ... on Invite { id } ... on Account { id } } }`;
    const { data } = await expectTheSame(text, { id: INVITE, type: 'Account' });
    expect(JSON.stringify(data)).toContain(`{"__typename":"Invite","id":"${INVITE}"}`);
  });
});

describe('pagination: cursors', () => {
  const lists = {
    staffMembers: 'StaffMemberFilter',
    invites: 'InviteFilter',
  } as const;

  it.each(Object.keys(lists) as (keyof typeof lists)[])(
    'are valid for the same filter of %s in any notation',
    async (list) => {
      const written = `query ($status: [${list === 'invites' ? 'InviteStatus' : 'StaffStatus'}!], $email: EmailAddress, $after: String) {
        ${list}(first: 1, after: $after, filter: { accountIds: ["contoso"], status: $status, email: $email }) { pageInfo { endCursor } } }`;
      const given = `query ($filter: ${lists[list]}, $after: String) {
        ${list}(first: 1, after: $after, filter: $filter) { pageInfo { endCursor } } }`;
      const accountIds = ['contoso'];
      const spellings: [string, object][] = [
        [written, {}],
        [written, { status: null }],
        [written, { status: null, email: null }],
        [given, { filter: { accountIds } }],
        [given, { filter: { accountIds, status: null } }],
        [given, { filter: { email: null, vendor: null, accountIds: ['contoso', 'contoso'] } }],
      ];
      const answers = [];
      for (const [text, variables] of spellings) answers.push((await expectTheSame(text, variables)).data);
      const cursor = at(answers[0], `${list}.pageInfo.endCursor`);
      expect(cursor).toEqual(expect.any(String));
      for (const answer of answers) expect(at(answer, `${list}.pageInfo.endCursor`)).toBe(cursor);
      const next = [];
      for (const [text, variables] of spellings)
        next.push(await expectTheSame(text, { ...variables, after: cursor }));
      for (const answer of next) {
        expect(answer.errors).toBeUndefined();
        expect(answer.data).toEqual(next[0]?.data);
      }
    },
  );

  it.each([
    [
      'accountIds in any order',
      { accountIds: ['contoso', 'harbor-tea'] },
      { accountIds: ['harbor-tea', 'contoso', 'contoso'] },
    ],
    [
      'statuses in any order',
      { status: ['PENDING', 'EXPIRED'] },
      { status: ['EXPIRED', 'PENDING', 'EXPIRED'] },
    ],
    [
      'no status and all that it stands for',
      {},
      { status: ['PENDING', 'EXPIRED', 'DECLINED', 'REVOKED', 'UNKNOWN'] },
    ],
    [
      'two spellings of an instant',
      { expiresBefore: '2027-01-01T00:00:00Z' },
      { expiresBefore: '2027-01-01T01:00:00.000+01:00' },
    ],
    ['null and nothing', { vendor: null, email: null }, null],
  ])('are the same for %s', async (_what, one, other) => {
    const text = 'query ($filter: InviteFilter) { invites(first: 1, filter: $filter) { edges { cursor } } }';
    const { data, errors } = await expectTheSame(text, { filter: one });
    expect(errors).toBeUndefined();
    expect((await expectTheSame(text, { filter: other })).data).toEqual(data);
    expect(at(data, 'invites.edges.0.cursor')).toEqual(expect.any(String));
  });
});

describe('query limits: documents that branch', () => {
  const branching = (levels: number, last: string): string =>
    [...Array(levels).keys()]
      .map((level) => `fragment F${level} on Query { ...F${level + 1} ...F${level + 1} }`)
      .concat(`fragment F${levels} on Query { ${last} }`)
      .join(' ');

  it.each([41, 80])('answers %i fragments that each spread the next twice, each time', async (levels) => {
    const query = `{ ...F0 } ${branching(levels, 'accounts(first: 1) { nodes { id } }')}`;
    expect(await expectTheSame(query)).toMatchObject({ status: 200, data: { accounts: { nodes: [{}] } } });
  });

  it('answers them under a condition too', async () => {
    const query = `query ($a: Boolean!) { ...F0 } ${branching(41, 'accounts(first: 1) @include(if: $a) { nodes { id } }')}`;
    expect(await expectTheSame(query, { a: false })).toMatchObject({ status: 200, data: {} });
    expect(await expectTheSame(query, { a: true })).toMatchObject({ data: { accounts: {} } });
  });
});

describe('selected fields: vendor requests', () => {
  it.each(['id', 'vendor @skip(if: true) id', 'name @include(if: false) id', 'status @skip(if: $yes) id'])(
    'are never empty: { account { %s } }',
    async (selection) => {
      const declared = selection.includes('$yes') ? 'query ($yes: Boolean = true)' : '';
      rollcall.forgetRequests();
      await expectTheSame(
        `${declared} { accounts { nodes { ${selection} } } account(id: "harbor-tea") { ${selection} } }`,
      );
      expect(rollcall.vendorRequests()).toEqual([]);
      await expectTheSame(
        `${declared} { account(id: "harbor-tea") { ${selection} staffMembers { nodes { id } } } }`,
      );
      const queries = rollcall.emulators.ecwid.requests.map(({ query }) => query);
      expect(queries.length).toBeGreaterThan(0);
      expect(queries).not.toContain('responseFields=');
    },
  );
});

import { hash } from 'node:crypto';
import { closeAll } from '../support/close-all';
import { at } from '../support/at';
import { type Reply, type Secured, startSecured } from '../support/secured';
import { seconds } from '../support/tokens';

const STAFF = 'query Staff($first: Int) { staffMembers(first: $first) { nodes { id } } }';
const RESEND = 'mutation Resend { resendInvite(input: { inviteId: "x:y" }) { outcome } }';

let app: Secured;
let auth: Readonly<Record<string, string>>;
beforeAll(async () => {
  app = await startSecured({ limits: { cacheTtl: '0s', staleTtl: '0s' } });
  auth = {
    'content-type': 'application/json',
    authorization: `Bearer ${await app.signer.sign({ exp: seconds(3600) })}`,
  };
});
afterAll(() => closeAll(app));

/** Nothing of it is told as a mistake of ours: no masked error, no warning in the log, no failed operation. */
async function expectNoAlarm(): Promise<void> {
  const loud = app.logged.filter((line) => (JSON.parse(line) as { level: number }).level >= 40);
  expect(loud).toEqual([]);
  const metrics = await (await fetch(app.app.url.replace('/graphql', '/metrics'))).text();
  expect(metrics).toMatch(/^masked_errors_total 0$/m);
  expect(metrics).not.toContain('outcome="failed"');
}

const post = (body: unknown, headers = {}): Promise<Reply> =>
  app.send({ method: 'POST', headers: { ...auth, ...headers }, body: JSON.stringify(body) });
const get = (search: Readonly<Record<string, string>>): Promise<Reply> =>
  app.send({ headers: auth }, `?${new URLSearchParams(search).toString()}`);
const sha256 = (text: string): string => hash('sha256', text);
const persisted = (sha256Hash: unknown, version: unknown = 1) => ({
  extensions: { persistedQuery: { version, sha256Hash } },
});

describe('a mistake of the caller has a code of the caller, the first time and the n-th', () => {
  const known = STAFF;
  it.each<[string, object, number, string]>([
    [
      'a subscription',
      { query: 'subscription { staffMembers { nodes { id } } }' },
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a subscription to nothing',
      { query: 'subscription S { __typename }' },
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a subscription beside a query',
      { query: 'query Q { __typename } subscription S { __typename }', operationName: 'Q' },
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'an unknown operation name',
      { query: known, operationName: 'Other' },
      400,
      'OPERATION_RESOLUTION_FAILURE',
    ],
    [
      'no operation name where there are two operations',
      { query: 'query A { __typename } query B { __typename }' },
      400,
      'OPERATION_RESOLUTION_FAILURE',
    ],
    ['an empty operation name', { query: known, operationName: '' }, 400, 'OPERATION_RESOLUTION_FAILURE'],
    ['fragments alone', { query: 'fragment F on Query { __typename }' }, 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['an empty query', { query: '' }, 400, 'BAD_REQUEST'],
    ['a query of blanks', { query: ' \n' }, 400, 'GRAPHQL_PARSE_FAILED'],
    ['a query of a comment', { query: '# nothing' }, 400, 'GRAPHQL_PARSE_FAILED'],
    ['no query', {}, 400, 'BAD_REQUEST'],
    ['null for a query', { query: null }, 400, 'BAD_REQUEST'],
    ['a number for a query', { query: 7 }, 400, 'BAD_REQUEST'],
    ['a batch', [{ query: known }], 400, 'BAD_REQUEST'],
    ['an empty batch', [], 400, 'BAD_REQUEST'],
    ['a schema definition', { query: 'type A { b: C }' }, 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['a list for variables', { query: known, variables: [] }, 400, 'BAD_REQUEST'],
    ['a text for a number', { query: known, variables: { first: 'x' } }, 400, 'BAD_USER_INPUT'],
    ['an object for a number', { query: known, variables: { first: {} } }, 400, 'BAD_USER_INPUT'],
    ['a number that is too large', { query: known, variables: { first: 2 ** 40 } }, 400, 'BAD_USER_INPUT'],
    ['a number out of range', { query: known, variables: { first: 101 } }, 200, 'BAD_USER_INPUT'],
    ['a missing variable', { query: 'query ($id: ID!) { account(id: $id) { id } }' }, 400, 'BAD_USER_INPUT'],
    [
      'null for a required variable',
      { query: 'query ($id: ID!) { account(id: $id) { id } }', variables: { id: null } },
      400,
      'BAD_USER_INPUT',
    ],
    [
      'null over the default of a variable for a required argument',
      { query: 'query ($id: ID = "contoso") { account(id: $id) { id } }', variables: { id: null } },
      200,
      'BAD_USER_INPUT',
    ],
    [
      'null within a literal of a required argument',
      {
        query: 'mutation ($id: ID = "contoso:x") { resendInvite(input: { inviteId: $id }) { outcome } }',
        variables: { id: null },
      },
      200,
      'BAD_USER_INPUT',
    ],
    [
      'null for a condition',
      {
        query: 'query ($on: Boolean = true) { accounts { totalCount @include(if: $on) } }',
        variables: { on: null },
      },
      400,
      'BAD_USER_INPUT',
    ],
    [
      'null for a condition at the root',
      { query: 'query ($on: Boolean = true) { __typename @skip(if: $on) }', variables: { on: null } },
      400,
      'BAD_USER_INPUT',
    ],
    ['an unknown field', { query: '{ nothing }' }, 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['an unknown type', { query: '{ ... on Nothing { id } }' }, 400, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'an unknown variable type',
      { query: 'query ($a: Nothing) { __typename }' },
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['an unknown directive', { query: '{ __typename @nothing }' }, 400, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'an unknown enum value',
      { query: '{ staffMembers(filter: { vendor: NONE }) { nodes { id } } }' },
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['an unknown hash', persisted(sha256('unknown')), 200, 'PERSISTED_QUERY_NOT_FOUND'],
    ['a hash that is none', persisted('abc'), 200, 'PERSISTED_QUERY_NOT_FOUND'],
    ['a number for a hash', persisted(7), 200, 'PERSISTED_QUERY_NOT_FOUND'],
    ['an object for a hash', persisted({ a: 1 }), 200, 'PERSISTED_QUERY_NOT_FOUND'],
    ['no hash', persisted(undefined), 200, 'PERSISTED_QUERY_NOT_FOUND'],
    ['a hash of 10 kB', persisted('a'.repeat(10_000)), 200, 'PERSISTED_QUERY_NOT_FOUND'],
    ['a hash that does not fit', { query: known, ...persisted(sha256('other')) }, 400, 'BAD_REQUEST'],
    [
      'another version of persisted queries',
      { query: known, ...persisted(sha256(known), 2) },
      400,
      'BAD_REQUEST',
    ],
    [
      'a text for a persisted query',
      { query: known, extensions: { persistedQuery: 'x' } },
      400,
      'BAD_REQUEST',
    ],
    ['a list for extensions', { query: known, extensions: [] }, 400, 'BAD_REQUEST'],
  ])('%s', async (_what, body, status, code) => {
    const seen = [];
    for (let times = 0; times < 4; times++) {
      const { status, codes } = await post(body);
      seen.push([status, ...new Set(codes)]);
    }
    expect(seen).toEqual(seen.map(() => [status, code]));
    await expectNoAlarm();
  });

  it.each<[string, Readonly<Record<string, string>>, number, string]>([
    ['a mutation', { query: RESEND }, 405, 'BAD_REQUEST'],
    ['a subscription', { query: 'subscription { __typename }' }, 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['variables that are no JSON', { query: STAFF, variables: '{' }, 400, 'BAD_REQUEST'],
    ['extensions that are no JSON', { query: STAFF, extensions: '{' }, 400, 'BAD_REQUEST'],
    [
      'an unknown hash',
      { extensions: JSON.stringify(persisted('x').extensions) },
      200,
      'PERSISTED_QUERY_NOT_FOUND',
    ],
    [
      'a hash of a mutation',
      { extensions: JSON.stringify(persisted(sha256(RESEND)).extensions) },
      405,
      'BAD_REQUEST',
    ],
  ])('by GET: %s', async (_what, search, status, code) => {
    await post({ query: RESEND });
    const reply = await get(search);
    expect([reply.status, reply.codes]).toEqual([status, [code]]);
    await expectNoAlarm();
  });
});

describe('automatic persisted queries (APQ)', () => {
  const query = '{ accounts { totalCount } } # persisted';
  const total = (reply: Reply): unknown => [reply.status, at(reply.data, 'accounts.totalCount')];

  it('are asked for by hash once their text has come, by POST and by GET', async () => {
    const byHash = persisted(sha256(query));
    const miss = await post(byHash);
    expect([miss.status, miss.codes, miss.errors[0]?.message]).toEqual([
      200,
      ['PERSISTED_QUERY_NOT_FOUND'],
      'PersistedQueryNotFound',
    ]);
    expect(miss.headers.get('cache-control')).toMatch(/no-store|no-cache/);
    expect(total(await post({ query, ...byHash }))).toEqual([200, 5]);
    for (let times = 0; times < 4; times++) expect(total(await post(byHash))).toEqual([200, 5]);
    expect(total(await get({ extensions: JSON.stringify(byHash.extensions) }))).toEqual([200, 5]);
    // What else a client says of itself changes nothing.
    const clientLibrary = { name: '@apollo/client', version: '4.0.0' };
    expect(total(await post({ extensions: { ...byHash.extensions, clientLibrary } }))).toEqual([200, 5]);
  });

  it('take variables and an operation name', async () => {
    const text = 'query One($id: ID!) { account(id: $id) { id } } query Two { __typename }';
    const ask = (variables: object) => ({ operationName: 'One', variables, ...persisted(sha256(text)) });
    await post({ query: text, ...ask({ id: 'contoso' }) });
    for (const id of ['contoso', 'maple-books', 'contoso'])
      expect(at((await post(ask({ id }))).data, 'account.id')).toBe(id);
    expect((await post({ ...ask({}), operationName: 'Three' })).codes).toEqual([
      'OPERATION_RESOLUTION_FAILURE',
    ]);
  });

  it('that are not valid are not kept', async () => {
    const invalid = '{ nothing }';
    await post({ query: invalid, ...persisted(sha256(invalid)) });
    expect((await post(persisted(sha256(invalid)))).codes).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
  });

  it('need a token like any other', async () => {
    const reply = await post(persisted(sha256(query)), { authorization: '' });
    expect([reply.status, reply.codes]).toEqual([401, ['UNAUTHENTICATED']]);
  });
});

describe('a representation of an unknown type', () => {
  const ENTITIES = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
    __typename ... on Account { id } } }`;

  it.each<[string, unknown]>([
    ['a type that is not there', { __typename: 'Nothing', id: 'x' }],
    ['a type that is no entity', { __typename: 'Query' }],
    ['a scalar', { __typename: 'DateTime' }],
    ['a word that objects inherit', { __typename: 'constructor' }],
    ['no type', { id: 'contoso' }],
    ['a number for a type', { __typename: 7 }],
    ['a list of types', { __typename: ['Account'] }],
    ['a text', 'Account'],
    ['a number', 7],
    ['a list', ['Account']],
    ['false', false],
  ])('is null alone, its siblings answer: %s', async (_what, odd) => {
    const representations = [
      { __typename: 'Account', id: 'contoso' },
      odd,
      { __typename: 'Account', id: 'maple-books' },
    ];
    for (let times = 0; times < 4; times++) {
      const { status, data, errors } = await post({ query: ENTITIES, variables: { representations } });
      expect([status, at(data, '_entities')]).toEqual([
        200,
        [{ __typename: 'Account', id: 'contoso' }, null, { __typename: 'Account', id: 'maple-books' }],
      ]);
      expect(errors.map(({ path, extensions }) => ({ path, extensions }))).toEqual([
        { path: ['_entities', 1], extensions: { code: 'BAD_USER_INPUT', argument: 'representations' } },
      ]);
    }
    await expectNoAlarm();
  });
});

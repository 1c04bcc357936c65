import { closeAll } from '../support/close-all';
import { type Reply, type Secured, startSecured } from '../support/secured';
import { seconds } from '../support/tokens';

let app: Secured;
let token: string;
beforeAll(async () => {
  app = await startSecured({ limits: { cacheTtl: '0s', staleTtl: '0s', requestBytes: 1 << 20 } });
  token = await app.signer.sign({ exp: seconds(3600) });
});
beforeEach(() => {
  app.forgetCalls();
});
afterAll(() => closeAll(app));

const ask = (query: string, variables: Readonly<Record<string, unknown>>): Promise<Reply> =>
  app.ask(query, { token, variables });
const FILTERED = 'query ($filter: InviteFilter) { invites(filter: $filter) { totalCount } }';
const repeated = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);
const manyKeys = (count: number): Record<string, number> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, index]));

/** A refusal by the caller's code: few short errors, and no vendor asked. */
function expectRefused({ status, codes, errors, text, data }: Reply, most = 5): void {
  expect([status, data]).toEqual([400, null]);
  expect(new Set(codes)).toEqual(new Set(['BAD_USER_INPUT']));
  expect(errors.length).toBeLessThanOrEqual(most);
  for (const { message } of errors) expect(message.length).toBeLessThanOrEqual(200);
  expect(text.length).toBeLessThanOrEqual(4096);
  expect(app.vendorCalls()).toEqual([]);
}

describe('variable coercion', () => {
  it('stops at five errors and never quotes a whole value', async () => {
    const reply = await ask(FILTERED, { filter: manyKeys(22_000) });
    expectRefused(reply);
    expect(reply.errors).toHaveLength(5);
    expect(reply.text).not.toContain('key6000');
  });

  it('stops at five errors over all variables of an operation', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `v${index}`);
    const conditions = `query (${names.map((name) => `$${name}: Boolean!`).join(' ')}) { ${names
      .map((name) => `__typename @include(if: $${name})`)
      .join(' ')} }`;
    const refused = await ask(conditions, Object.fromEntries(names.map((name) => [name, 'x'.repeat(5000)])));
    expectRefused(refused);
    expect(refused.errors).toHaveLength(5);
  });

  it.each([
    ['120,000 numbers for a list of an enum', { status: repeated(120_000, 0) }],
    ['80,000 empty lists for ids', { accountIds: repeated(80_000, []) }],
    ['1,001 good ids', { accountIds: repeated(1001, 'harbor-tea') }],
  ])('refuses %s by its length, with one error', async (_what, filter) => {
    const reply = await ask(FILTERED, { filter });
    expectRefused(reply, 1);
    expect(reply.errors[0]?.message).toMatch(/limits\.listItems/);
  });

  it('takes a list of 1,000 items', async () => {
    const { errors } = await ask(FILTERED, { filter: { accountIds: repeated(1000, 'nowhere') } });
    expect(errors).toEqual([]);
  });

  it('bounds the lists of a mutation’s input too', async () => {
    const invite = `mutation ($input: ResendInvitesInput!) { resendInvites(input: $input) { userErrors { code } } }`;
    expectRefused(await ask(invite, { input: { inviteIds: repeated(50_000, '') } }), 1);
  });

  it.each([
    ['a list 10,000 levels deep', '['.repeat(10_000) + ']'.repeat(10_000)],
    ['an object 10,000 levels deep', '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000)],
    ['a text of 250 kB', JSON.stringify('x'.repeat(250_000))],
    ['a number', '42'],
  ])('refuses %s in place of a filter and of its values', async (_what, json) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    for (const filter of [json, `{"accountIds":[[${json}]],"status":${json}}`]) {
      const body = `{"query":${JSON.stringify(FILTERED)},"variables":{"filter":${filter}}}`;
      expectRefused(await app.send({ method: 'POST', headers, body }));
    }
  });

  it('ignores variables that the operation does not declare, however many', async () => {
    const { status, errors } = await ask(FILTERED, manyKeys(40_000));
    expect([status, errors]).toEqual([200, []]);
  });

  it('takes a variable named like a property of every object', async () => {
    const named = (name: string) =>
      ask(`query ($${name}: Int) { accounts(first: $${name}) { nodes { id } } }`, { [name]: 2 });
    for (const name of ['constructor', 'toString', 'hasOwnProperty'])
      expect((await named(name)).errors).toEqual([]);
    const missing = await ask('query ($toString: Int!) { accounts(first: $toString) { nodes { id } } }', {});
    expectRefused(missing, 1);
  });

  it('refuses a list literal that is too long', async () => {
    const small = await startSecured({ limits: { listItems: 3 } });
    try {
      const literal = (ids: string) => `{ invites(filter: { accountIds: [${ids}] }) { totalCount } }`;
      const own = await small.signer.sign({ exp: seconds(3600) });
      const refused = await small.ask(literal('"a" "b" "c" "d"'), { token: own });
      expect([refused.status, refused.codes]).toEqual([400, ['GRAPHQL_VALIDATION_FAILED']]);
      expect(refused.errors[0]?.message).toMatch(/limits\.listItems/);
      expect((await small.ask(literal('"a" "b" "c"'), { token: own })).errors).toEqual([]);
    } finally {
      await small.close();
    }
  });
});

describe('document size', () => {
  const commented = (bytes: number): string => {
    const document = '{ __typename } #';
    return document + 'ü'.repeat((bytes - document.length) / 2);
  };

  it('is bounded in bytes before the document is parsed, comments included', async () => {
    expect((await ask(commented(32_768), {})).errors).toEqual([]);
    const refused = await ask(commented(32_770), {});
    expect([refused.status, refused.codes]).toEqual([400, ['GRAPHQL_PARSE_FAILED']]);
    expect(refused.errors[0]?.message).toMatch(/limits\.documentBytes/);
    expect((await ask(`{ nonsense ${' '.repeat(40_000)}`, {})).codes).toEqual(['GRAPHQL_PARSE_FAILED']);
  });

  it('is bounded in a GET request and where a persisted query is registered', async () => {
    const small = await startSecured({ limits: { documentBytes: 1024 } });
    try {
      const authorization = `Bearer ${await small.signer.sign({ exp: seconds(3600) })}`;
      const headers = { authorization, 'content-type': 'application/json' };
      const query = `{ __typename } #${'x'.repeat(1100)}`;
      const get = await small.send({ headers }, `?query=${encodeURIComponent(query)}`);
      expect([get.status, get.codes]).toEqual([400, ['GRAPHQL_PARSE_FAILED']]);
      const extensions = { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } };
      const body = JSON.stringify({ query, extensions });
      const registered = await small.send({ method: 'POST', headers, body });
      expect([registered.status, registered.codes]).toEqual([400, ['GRAPHQL_PARSE_FAILED']]);
    } finally {
      await small.close();
    }
  });
});

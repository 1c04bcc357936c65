import { closeAll } from '../support/close-all';
import { type Reply, type Secured, startSecured } from '../support/secured';
import { seconds } from '../support/tokens';

let app: Secured;
let token: string;
let sendOnly: string;
beforeAll(async () => {
  app = await startSecured({ limits: { cacheTtl: '0s', staleTtl: '0s', representations: 2 } });
  token = await app.signer.sign({ exp: seconds(3600) });
  sendOnly = await app.signer.sign({ exp: seconds(3600), scope: 'invites:send' });
});
beforeEach(() => {
  app.emulators.reset();
});
afterAll(() => closeAll(app));

/** What a client can tell one answer from another by. */
const seen = ({ status, headers, text }: Reply) => ({
  status,
  text: text.replace(/"correlationId":"[\w-]+"/g, '"correlationId":""'),
  headers: Object.fromEntries([...headers].filter(([name]) => !['date', 'x-request-id'].includes(name))),
});

/** Asks in the same way until it is known, and once more. */
async function ask(
  query: string,
  body: object = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<ReturnType<typeof seen>[]> {
  const answers = [];
  for (let times = 0; times < 4; times++)
    answers.push(
      seen(
        await app.send({
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
          body: JSON.stringify({ query, ...body }),
        }),
      ),
    );
  return answers;
}

const MEMBER = 'query Member($id: ID!) { staffMember(id: $id) { id name invite { status } } }';
const variables = { id: 'contoso:AUSR-2750-9914-0362' };

describe('operation cache: a repeated operation (fast path)', () => {
  it.each([
    ['nothing', {}],
    ['anything', { accept: '*/*' }],
    ['JSON', { accept: 'application/json' }],
    ['the media type of GraphQL', { accept: 'application/graphql-response+json' }],
    ['either', { accept: 'application/graphql-response+json, application/json;q=0.9' }],
  ])('gives the same bytes as the first time, for the accept header %s', async (_what, headers) => {
    const [first, ...others] = await ask(MEMBER, { variables }, headers);
    expect(first).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
    expect(first?.text).toContain('"name"');
    expect(others).toEqual([first, first, first]);
  });

  it('refuses an unacceptable accept header, even for a cached operation', async () => {
    await ask(MEMBER, { variables });
    const answers = await ask(MEMBER, { variables }, { accept: 'text/html' });
    expect(answers.map(({ status }) => status)).toEqual([406, 406, 406, 406]);
  });

  it.each([
    ['variables that do not fit', MEMBER, { variables: {} }, 400],
    ['variables of the wrong kind', MEMBER, { variables: { id: [] } }, 400],
    ['variables that are none', MEMBER, { variables: [1] }, 400],
    ['an operation that it has not', MEMBER, { variables, operationName: 'Other' }, 400],
    ['a name that is none', MEMBER, { variables, operationName: 3 }, 400],
    ['extensions that are none', MEMBER, { variables, extensions: 'x' }, 400],
    ['a mistake in an argument', '{ staffMembers(first: 0) { totalCount } }', {}, 200],
    [
      'more representations than may be',
      'query ($these: [_Any!]!) { _entities(representations: $these) { __typename } }',
      { variables: { these: Array(3).fill({ __typename: 'Account', id: 'x' }) } },
      400,
    ],
  ])('handles %s like the first time', async (_what, query, body, status) => {
    await ask(MEMBER, { variables });
    const [first, ...others] = await ask(query, body);
    expect(first?.text).toContain('"errors"');
    expect([first?.status, others]).toEqual([status, [first, first, first]]);
  });

  it('refuses a missing token, an unknown token and a missing scope', async () => {
    const [known] = await ask(MEMBER, { variables });
    expect(known?.status).toBe(200);
    app.forgetCalls();
    const refused = [];
    for (const authorization of ['', 'Bearer x.y.z', `Bearer ${sendOnly}`])
      refused.push(
        (await ask(MEMBER, { variables }, { authorization })).map(({ status, text }) => [
          status,
          /"code":"(\w+)"/.exec(text)?.[1],
        ]),
      );
    expect(refused).toEqual([
      Array(4).fill([401, 'UNAUTHENTICATED']),
      Array(4).fill([401, 'UNAUTHENTICATED']),
      Array(4).fill([200, 'FORBIDDEN']),
    ]);
    expect(app.vendorCalls()).toEqual([]);
  });

  it('is cached by operation name and document together, without collisions', async () => {
    const two = 'query One { account(id: "contoso") { id } } query Two { account(id: "contoso") { vendor } }';
    const one = await ask(two, { operationName: 'One' });
    const other = await ask(two, { operationName: 'Two' });
    expect([one[3]?.text, other[3]?.text]).toEqual([
      '{"data":{"account":{"id":"contoso"}}}\n',
      '{"data":{"account":{"vendor":"SOFTWAREONE"}}}\n',
    ]);
    const text = 'query Three { account(id: "contoso") { id } }';
    await ask(text);
    const [half] = await ask(text.slice('query '.length), { operationName: 'query' });
    expect([half?.status, half?.text]).toEqual([400, expect.stringContaining('GRAPHQL_PARSE_FAILED')]);
  });

  it('is logged and counted each time, and traced for a router that requests it', async () => {
    const before = app.logged.length;
    await ask('query Logged { account(id: "contoso") { id } }');
    const lines = app.logged.slice(before).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(
      lines.map(({ operation, type, outcome, vendorCalls }) => [operation, type, outcome, vendorCalls]),
    ).toEqual(Array(4).fill(['Logged', 'query', 'ok', 0]));
    const traced = await ask(
      'query Logged { account(id: "contoso") { id } }',
      {},
      { 'apollo-federation-include-trace': 'ftv1' },
    );
    expect(traced.map(({ text }) => text.includes('"ftv1"'))).toEqual([true, true, true, true]);
  });

  it('executes a mutation once each time, with another idempotency key each time', async () => {
    const query =
      'mutation Again($key: String!) { resendInvite(input: { inviteId: "contoso:AUSR-2750-9914-0362", idempotencyKey: $key }) { outcome userErrors { code } } }';
    const outcomes = [];
    for (let turn = 0; turn < 4; turn++) {
      outcomes.push((await app.ask(query, { token, variables: { key: `turn-${turn}` } })).data);
      app.emulators.clock.advance(61_000);
    }
    expect(outcomes).toEqual(Array(4).fill({ resendInvite: { outcome: 'REQUESTED', userErrors: [] } }));
    const writes = app
      .vendorCalls()
      .filter(({ method, path }) => method === 'POST' && path.includes('resend-invite'));
    expect(writes).toHaveLength(4);
    const again = await app.ask(query, { token, variables: { key: 'turn-3' } });
    expect(again.data).toEqual(outcomes[3]);
    expect(app.vendorCalls().filter(({ method }) => method === 'POST')).toHaveLength(4);
  });
});

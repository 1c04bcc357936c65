import { at } from '../support/at';
import { closeAll } from '../support/close-all';
import { type Asking, type Secured, startSecured } from '../support/secured';

const SECRET = 'a-secret-of-the-router';
const FROM_ROUTER = { 'router-authorization': SECRET };
const REPRESENTATIONS = [{ __typename: 'Account', id: 'harbor-tea' }];
const SERVICE = '{ _service { sdl } }';
const ENTITIES = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on Account { id name } } }`;

/** The same questions in other words. */
const SERVICES = [
  SERVICE,
  '{ __typename _service { sdl } }',
  '{ other: _service { sdl } }',
  '{ ...F } fragment F on Query { ...G } fragment G on Query { _service { sdl } }',
  '{ ... { ... on Query { hidden: _service { sdl } } } }',
  '{ ... @include(if: true) { _service @skip(if: false) { sdl } } }',
];
const HEAD = 'query ($representations: [_Any!]!)';
const ASKED = '_entities(representations: $representations) { ... on Account { id name } }';
const MANY_ENTITIES = [
  ENTITIES,
  `${HEAD} { other: ${ASKED} }`,
  `${HEAD} { ...F } fragment F on Query { ...G } fragment G on Query { ${ASKED} }`,
  `${HEAD} { ... { ... on Query { ${ASKED} } } }`,
  `${HEAD} { _service { sdl } ${ASKED} }`,
];

let guarded: Secured;
let open: Secured;
beforeAll(async () => {
  [guarded, open] = await Promise.all([
    startSecured({ server: { routerSecret: SECRET }, limits: { cacheTtl: '0s', staleTtl: '0s' } }),
    startSecured(),
  ]);
});
beforeEach(() => {
  guarded.forgetCalls();
  open.forgetCalls();
});
afterAll(() => closeAll(guarded, open));

const ask = (app: Secured, query: string, asking: Asking = {}) =>
  app.ask(
    query,
    query.includes('$representations')
      ? { variables: { representations: REPRESENTATIONS }, ...asking }
      : asking,
  );

async function expectRefusal(app: Secured, query: string, asking: Asking = {}): Promise<void> {
  const { status, codes, data, text } = await ask(app, query, asking);
  expect([status, codes, data]).toEqual([401, ['UNAUTHENTICATED'], null]);
  expect(app.vendorCalls()).toEqual([]);
  expect([text, ...app.logged].join('\n')).not.toContain(SECRET);
}

describe('federation: with a router secret', () => {
  it.each(SERVICES)('the SDL requires it: %s', async (query) => {
    const { status, errors, text } = await ask(guarded, query, { headers: FROM_ROUTER });
    expect([status, errors]).toEqual([200, []]);
    expect(text).toContain('type StaffMember');
  });

  it.each(SERVICES)('the SDL is refused without it, with or without a token: %s', async (query) => {
    await expectRefusal(guarded, query);
    await expectRefusal(guarded, query, { token: await guarded.signer.sign() });
  });

  it.each(MANY_ENTITIES)('entities require it and a token: %s', async (query) => {
    const token = await guarded.signer.sign();
    await expectRefusal(guarded, query);
    await expectRefusal(guarded, query, { token });
    await expectRefusal(guarded, query, { headers: FROM_ROUTER });
    const { errors, text } = await ask(guarded, query, { token, headers: FROM_ROUTER });
    expect(errors).toEqual([]);
    expect(text).toContain('"id":"harbor-tea"');
  });

  it.each([
    'wrong',
    SECRET.slice(0, -1),
    `${SECRET}x`,
    SECRET.toUpperCase(),
    `Bearer ${SECRET}`,
    `${SECRET}, ${SECRET}`,
    '',
  ])('a wrong secret is refused: %j', async (secret) => {
    const headers = { 'router-authorization': secret };
    await expectRefusal(guarded, SERVICE, { headers });
    await expectRefusal(guarded, ENTITIES, { headers, token: await guarded.signer.sign() });
  });

  it('is no token, and permits the SDL only', async () => {
    await expectRefusal(guarded, SERVICE, { headers: { authorization: `Bearer ${SECRET}` } });
    await expectRefusal(guarded, '{ accounts { nodes { id } } }', { headers: FROM_ROUTER });
    await expectRefusal(guarded, '{ _service { sdl } accounts { nodes { id } } }', { headers: FROM_ROUTER });
    await expectRefusal(
      guarded,
      '{ _service { sdl } ...F } fragment F on Query { staffMembers { totalCount } }',
      {
        headers: FROM_ROUTER,
      },
    );
    await expectRefusal(guarded, '{ _service { sdl } __schema { queryType { name } } }', {
      headers: FROM_ROUTER,
    });
    await expectRefusal(guarded, 'mutation { revokeInvite(input: { inviteId: "a:b" }) { outcome } }', {
      headers: FROM_ROUTER,
    });
  });

  it('an invalid token together with it is refused', async () => {
    const token = await guarded.signer.sign({ aud: 'payroll' });
    await expectRefusal(guarded, SERVICE, { token, headers: FROM_ROUTER });
    await expectRefusal(guarded, ENTITIES, { token, headers: FROM_ROUTER });
  });

  it('the executed operation decides, not another one of the same document', async () => {
    const both = `query Sdl ${SERVICE} query List { accounts { nodes { id } } }`;
    const send = (operationName: string) =>
      guarded.send({
        method: 'POST',
        headers: { 'content-type': 'application/json', ...FROM_ROUTER },
        body: JSON.stringify({ query: both, operationName }),
      });
    expect((await send('Sdl')).status).toBe(200);
    expect((await send('List')).status).toBe(401);
  });

  it('all other queries require only a token', async () => {
    const { errors, data } = await ask(guarded, '{ accounts { nodes { id } } }', {
      token: await guarded.signer.sign(),
    });
    expect([errors, at(data, 'accounts.nodes')]).toEqual([[], expect.any(Array)]);
  });
});

describe('federation: without a router secret', () => {
  it.each([SERVICE, ENTITIES])('a token is required and sufficient: %s', async (query) => {
    await expectRefusal(open, query);
    await expectRefusal(open, query, { headers: FROM_ROUTER });
    const { status, errors } = await ask(open, query, { token: await open.signer.sign() });
    expect([status, errors]).toEqual([200, []]);
  });
});

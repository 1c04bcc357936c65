import { getIntrospectionQuery } from 'graphql';
import { type Answer, type Rollcall, startRollcall, UNCACHED } from '../support/start';

let rollcall: Rollcall;
beforeAll(async () => {
  rollcall = await startRollcall({ limits: { ...UNCACHED, aliases: 50 } });
});
afterEach(() => {
  for (const vendor of [rollcall.emulators.ecwid, rollcall.emulators.softwareone, rollcall.emulators.wix])
    vendor.faults.clear();
});
afterAll(() => rollcall.close());

const INVITE = 'contoso:AUSR-2750-9914-0362';
const SOME = '{ __typename: "Invite", id: "contoso:AUSR-2750-9914-0362" }';

/** What differs between two equal answers: when they were read, and under which id the log has them. */
const comparable = ({ status, data, errors }: Answer): unknown =>
  JSON.parse(
    JSON.stringify({ status, data, errors }, (key, value: unknown) =>
      key === 'correlationId' || key === 'asOf' ? key : value,
    ),
  );

/** Asks as often as it takes until the query is compiled. */
async function expectTheSame(document: string, variables: object = {}, asked = rollcall): Promise<unknown> {
  const answers: unknown[] = [];
  for (let times = 0; times < 4; times++)
    answers.push(comparable(await asked.query(document, variables as Record<string, unknown>)));
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[2]).toEqual(answers[0]);
  expect(answers[3]).toEqual(answers[0]);
  return answers[0];
}

describe('a query that comes again is answered as it was the first time', () => {
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
  ])('%s', async (_what, document) => {
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

  it('when a vendor fails, with path, place and code', async () => {
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

  it('when something goes wrong here', async () => {
    const broken = await startRollcall({ limits: UNCACHED });
    await broken.app.ledger.close();
    try {
      const answer = await expectTheSame(`{ invite(id: "${INVITE}") { id attempts { id } } }`, {}, broken);
      expect(answer).toMatchObject({
        data: { invite: { id: INVITE, attempts: null } },
        errors: [{ path: ['invite', 'attempts'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
      });
    } finally {
      await broken.close();
    }
  });
});

import { closeAll } from '../support/close-all';
import { type Answer, type Rollcall, startRollcall, UNCACHED } from '../support/start';

let acme: Rollcall;
beforeAll(async () => {
  acme = await startRollcall({
    limits: UNCACHED,
    viewer: { tenant: 'acme', accounts: null, subject: 'ada', scopes: 'ALL' },
  });
});
beforeEach(() => {
  acme.forgetRequests();
});
afterAll(() => closeAll(acme));

const QUERIES = {
  staffMember: 'query ($id: ID!) { found: staffMember(id: $id) { id } }',
  invite: 'query ($id: ID!) { found: invite(id: $id) { id } }',
  account: 'query ($id: ID!) { found: account(id: $id) { id } }',
};

/** An answer without what differs between any two. */
const comparable = ({ status, data, errors, headers }: Answer) => ({
  status,
  data,
  errors,
  headers: [...headers.entries()].filter(([name]) => !['x-request-id', 'date'].includes(name)),
});

const MALFORMED = [
  ...['', ':', 'harbor-tea', 'harbor-tea:', ':p1', 'harbor-tea:..', 'harbor-tea:.', 'harbor-tea:../profile'],
  ...[
    'harbor-tea:a/b',
    'harbor-tea:a?b',
    'harbor-tea:a#b',
    'harbor-tea:%2e%2e',
    'harbor-tea:a b',
    'Harbor-Tea:p1',
  ],
  ...[
    'harbor-tea:p1\r\nx-evil: 1',
    'harbor-tea:p1\u0000',
    `harbor-tea:${'a'.repeat(10_240)}`,
    '__proto__:constructor',
  ],
  ...[
    'contoso:AUSR-2750-9914-0362?select=invitation.url',
    'contoso:"),eq(id,"x',
    '__proto__',
    'constructor',
    'toString',
  ],
];

describe.each(Object.entries(QUERIES))('lookup by id: %s', (kind, document) => {
  it.each(MALFORMED.filter((id) => kind !== 'account' || id !== 'harbor-tea'))(
    'returns null for the malformed id %j, without an error and without a vendor call',
    async (id) => {
      const answer = await acme.query(document, { id });
      expect([answer.data, answer.errors]).toEqual([{ found: null }, []]);
      expect(acme.vendorRequests()).toEqual([]);
    },
  );
});

describe('tenant isolation: the id of another tenant', () => {
  it.each([
    ['staffMember', 'globex-parts:p70300001', 'nowhere-known:p70300001'],
    ['staffMember', 'globex-iberia:AUSR-6620-5151-0001', 'initech-iberia:AUSR-6620-5151-0001'],
    ['invite', 'globex-iberia:AUSR-6620-5151-0004', 'initech-iberia:AUSR-6620-5151-0004'],
    ['account', 'globex-parts', 'nowhere-known'],
  ] as const)(
    'gives the same answer for %s as an id that does not exist: %s',
    async (kind, foreign, unknown) => {
      const found = await acme.query(QUERIES[kind], { id: foreign });
      expect(found.data).toEqual({ found: null });
      expect(comparable(found)).toEqual(comparable(await acme.query(QUERIES[kind], { id: unknown })));
      expect(acme.vendorRequests()).toEqual([]);
    },
  );

  it('matches nothing in a filter, like an id that does not exist', async () => {
    const list = (accountIds: string[]) =>
      acme.query(
        `query ($accountIds: [ID!]) { staffMembers(filter: { accountIds: $accountIds }) {
           totalCount nodes { id } sources { state } pageInfo { hasNextPage } } }`,
        { accountIds },
      );
    const foreign = await list(['globex-parts']);
    expect(foreign.data?.staffMembers).toMatchObject({ nodes: [], totalCount: 0, sources: [] });
    expect(comparable(foreign)).toEqual(comparable(await list(['nowhere'])));
    expect(acme.vendorRequests()).toEqual([]);
  });

  it('gives the same answer by external id as an id that does not exist', async () => {
    const find = (accountId: string) =>
      acme.query(
        'query ($accountId: ID!) { found: inviteByExternalId(accountId: $accountId, externalId: "AUSR-6620-5151-0004") { id } }',
        { accountId },
      );
    const foreign = await find('globex-iberia');
    expect(foreign.data).toEqual({ found: null });
    expect(comparable(foreign)).toEqual(comparable(await find('initech-iberia')));
    expect(acme.vendorRequests()).toEqual([]);
  });
});

describe('lookup by id: an unknown id of a known account', () => {
  it.each([
    ['staffMember', 'harbor-tea:p00000000'],
    ['staffMember', 'contoso:AUSR-0000-0000-0000'],
    ['staffMember', 'harbour-cafe:00000000-0000-4000-8000-000000000000'],
    ['invite', 'harbor-tea:i-AAAAAAAAAAAAAAAAAAAAAA'],
    ['invite', 'contoso:AUSR-0000-0000-0000'],
    ['staffMember', 'contoso:AUSR-6620-5151-0001'],
  ] as const)('is null for %s without an error: %s', async (kind, id) => {
    const { data, errors } = await acme.query(QUERIES[kind], { id });
    expect([data, errors]).toEqual([{ found: null }, []]);
  });
});

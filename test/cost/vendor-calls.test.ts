import { formatCursor } from '../../src/pagination';
import { questionOf } from '../../src/resolvers/arguments';
import type { Source } from '../../src/model';
import { closeAll } from '../support/close-all';
import { type Rollcall, startRollcall, UNCACHED } from '../support/start';

/** Of each of the three vendors. */
const ACCOUNTS_EACH = 10;
const ACCOUNTS = 3 * ACCOUNTS_EACH;
const CALLS = 5;

let app: Rollcall;
beforeAll(async () => {
  app = await startRollcall({
    limits: { ...UNCACHED, vendorCalls: CALLS },
    world: { accounts: ACCOUNTS_EACH, staffPerAccount: 3 },
  });
});
beforeEach(() => {
  app.forgetRequests();
});
afterAll(() => closeAll(app));

const PAGE = `query ($first: Int, $after: String, $filter: StaffMemberFilter) {
  staffMembers(first: $first, after: $after, filter: $filter) {
    nodes { id }
    pageInfo { hasNextPage endCursor }
    sources { account { id } state code }
  } }`;

interface StaffPage {
  readonly nodes: readonly { readonly id: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly sources: readonly Pick<Source, 'account' | 'state' | 'code'>[];
}

/** All pages of a list, and which accounts were asked for each. */
async function pagesOf(first: number, filter: object | null = null): Promise<StaffPage[]> {
  const pages: StaffPage[] = [];
  let after: string | null = null;
  do {
    const { data, errors } = await app.query(PAGE, { first, after, filter });
    expect(errors).toEqual([]);
    const page = data?.staffMembers as unknown as StaffPage;
    pages.push(page);
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    expect(page.pageInfo.hasNextPage).toBe(after !== null);
    expect(pages.length).toBeLessThan(200);
  } while (after !== null);
  return pages;
}

async function allIds(): Promise<string[]> {
  const pages = await pagesOf(100);
  return pages.flatMap(({ nodes }) => nodes.map(({ id }) => id));
}

describe('limits.vendorCalls', () => {
  it('stops a list, which goes on at its cursor and shows every row once', async () => {
    const pages = await pagesOf(100);
    const ids = pages.flatMap(({ nodes }) => nodes.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(ids.map((id) => id.split(':')[0])).size).toBe(ACCOUNTS);
    expect(pages.length).toBeGreaterThanOrEqual(ACCOUNTS / CALLS);
    const [first] = pages;
    const notReached = first?.sources.filter(({ code }) => code === 'NOT_REACHED') ?? [];
    expect(notReached.length).toBe(ACCOUNTS - CALLS);
    expect(first?.sources.filter(({ state }) => state === 'FRESH')).toHaveLength(CALLS);
  });

  it('counts what vendors saw: no operation makes more calls', async () => {
    await app.query(PAGE, { first: 100 });
    expect(app.vendorRequests()).toHaveLength(CALLS);
    app.forgetRequests();
    const aliased = Array.from(
      { length: 10 },
      (_, n) => `a${n}: staffMembers(first: 100, filter: { search: "q${n}" }) { totalCount nodes { id } }`,
    );
    const { errors } = await app.query(`{ ${aliased.join(' ')} }`);
    expect(errors).toEqual([]);
    expect(app.vendorRequests().length).toBeLessThanOrEqual(CALLS);
  });

  it('leads on from empty pages until every account was asked', async () => {
    const pages = await pagesOf(100, { search: 'nobody is called so' });
    expect(pages.flatMap(({ nodes }) => nodes)).toEqual([]);
    const asked = pages
      .flatMap(({ sources }) => sources.filter(({ code }) => code === null))
      .map(({ account }) => account.id);
    expect([asked.length, new Set(asked).size]).toEqual([ACCOUNTS, ACCOUNTS]);
  });

  it('gives the same rows with pages of every size', async () => {
    const expected = await allIds();
    for (const size of [1, 2, 7]) {
      const pages = await pagesOf(size);
      expect(pages.flatMap(({ nodes }) => nodes.map(({ id }) => id))).toEqual(expected);
      expect(pages.at(-1)?.pageInfo.hasNextPage).toBe(false);
    }
  });

  it('leaves `totalCount` null where accounts were not counted', async () => {
    const { data, errors } = await app.query('{ staffMembers(first: 1) { totalCount } }');
    expect([errors, data?.staffMembers?.totalCount]).toEqual([[], null]);
  });

  it('fails single objects after it with NOT_REACHED, and answers their siblings', async () => {
    const ids = await allIds();
    const firstOf = [...new Map(ids.map((id) => [id.split(':')[0], id])).values()];
    app.forgetRequests();
    const fields = firstOf
      .slice(0, 10)
      .map((id, n) => `s${n}: staffMember(id: ${JSON.stringify(id)}) { id }`);
    const { data, errors } = await app.query(`{ ${fields.join(' ')} }`);
    expect(app.vendorRequests()).toHaveLength(CALLS);
    const found = Object.values(data as object).filter((each) => each !== null);
    expect(found).toHaveLength(CALLS);
    expect(errors).toHaveLength(10 - CALLS);
    expect(new Set(errors.map(({ extensions }) => extensions?.['code']))).toEqual(new Set(['NOT_REACHED']));
    const entities = await app.query(
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on StaffMember { id } } }',
      { r: firstOf.slice(0, 8).map((id) => ({ __typename: 'StaffMember', id })) },
    );
    expect(entities.errors.map(({ extensions }) => extensions?.['code'])).toEqual([
      'NOT_REACHED',
      'NOT_REACHED',
      'NOT_REACHED',
    ]);
  });

  it('reports in `sources` which accounts a person was not looked for in', async () => {
    const { data, errors } = await app.query(
      '{ person(email: "a@example.com") { staffMembers { id } sources { code account { id } } } }',
    );
    expect(errors).toEqual([]);
    const sources = data?.person?.sources ?? [];
    expect(new Set(sources.map(({ account }) => account.id)).size).toBe(ACCOUNTS);
    expect(sources.filter(({ code }) => code === 'NOT_REACHED')).toHaveLength(ACCOUNTS - CALLS);
  });

  it('refuses a write before its receipt, and never stops one that has it', async () => {
    const demo = await startRollcall({ limits: { ...UNCACHED, vendorCalls: 4 } });
    try {
      const mutation = `mutation ($ids: [ID!]!) { resendInvites(input: { inviteIds: $ids }) {
        results { outcome attempt { id } userErrors { code message } } } }`;
      const ids = [];
      for (const account of ['harbor-tea', 'contoso']) {
        const list = `{ account(id: "${account}") { invites(filter: { status: [PENDING] }) { nodes { id } } } }`;
        ids.push(...((await demo.query(list)).data?.account?.invites?.nodes ?? []).map(({ id }) => id));
      }
      expect(ids.length).toBeGreaterThan(2);
      demo.forgetRequests();
      const { data, errors } = await demo.query(mutation, { ids });
      expect(errors).toEqual([]);
      const results = data?.resendInvites?.results ?? [];
      expect(demo.vendorRequests()).toHaveLength(4);
      const sent = demo.vendorRequests().filter(({ method }) => method === 'POST');
      expect(sent.length).toBeGreaterThan(0);
      expect(results.filter(({ outcome }) => outcome === 'REQUESTED')).toHaveLength(sent.length);
      const refused = results.filter(({ outcome }) => outcome !== 'REQUESTED');
      expect(refused.length).toBeGreaterThan(0);
      for (const { outcome, attempt, userErrors } of refused) {
        expect([outcome, attempt]).toEqual(['NOT_SENT', null]);
        expect(userErrors[0]?.message).toMatch(/limits\.vendorCalls/);
      }
    } finally {
      await demo.close();
    }
  });
});

describe('a cursor made by hand', () => {
  const scope = { scope: '*' } as Parameters<typeof questionOf>[1];
  const understood = { vendor: null, ids: null, status: null, emails: null, search: null };

  it.each(['-1', 'NaN', '1e9', '1&limit=1000', '0', '01', '1.5', ' 1', '99999999', '../x', '%00', 'null'])(
    'that leads to %j in an account is refused by name, and no vendor is asked',
    async (position) => {
      for (const { id } of app.config.accounts.slice(0, 6)) {
        const after = formatCursor(questionOf('staff', scope, understood), { account: id, position });
        const { data, errors } = await app.query(
          'query ($after: String) { staffMembers(after: $after) { nodes { id } } }',
          { after },
        );
        expect(data).toEqual({ staffMembers: null });
        expect(errors.map(({ extensions }) => extensions)).toEqual([
          { code: 'BAD_USER_INPUT', argument: 'after' },
        ]);
      }
      expect(app.vendorRequests()).toEqual([]);
    },
  );

  it('to a good place is a cursor like any other', async () => {
    const { id } = app.config.accounts[0] ?? { id: '' };
    const after = formatCursor(questionOf('staff', scope, understood), { account: id, position: '' });
    const { errors } = await app.query(
      'query ($after: String) { staffMembers(after: $after) { nodes { id } } }',
      { after },
    );
    expect(errors).toEqual([]);
  });
});

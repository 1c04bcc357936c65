import { at, textsAt } from '../support/at';
import { closeAll } from '../support/close-all';
import { type Rollcall, startRollcall, UNCACHED } from '../support/start';

let rollcall: Rollcall;
beforeAll(async () => {
  rollcall = await startRollcall({ limits: UNCACHED });
});
afterEach(() => {
  rollcall.emulators.reset();
});
afterAll(() => closeAll(rollcall));

const ACCOUNTS = [
  ...['contoso', 'contoso-nordic', 'globex-iberia', 'globex-parts', 'globex-studio', 'harbor-tea'],
  ...['harbour-cafe', 'maple-books'],
];

const FIELDS = '{ id vendor externalId name status url }';

describe('account query', () => {
  it.each([
    ['harbor-tea', 'ECWID', '7700142', 'Harbor Tea', 'ACTIVE', 'https://harbor-tea.example/'],
    ['maple-books', 'ECWID', '7700188', 'Maple Books', 'SUSPENDED', 'https://maple-books.example/'],
    ['contoso', 'SOFTWAREONE', 'ACC-4821-7730', 'Contoso', 'ACTIVE', null],
    [
      'harbour-cafe',
      'WIX',
      '5a1d6c1e-0f43-4f5b-9b7a-2f2d0a1c9e10',
      'Harbour Cafe',
      'ACTIVE',
      'https://harbour-cafe.example/',
    ],
  ])('returns the fields of the vendor: %s', async (id, vendor, externalId, name, status, url) => {
    const answer = await rollcall.query(`query ($id: ID!) { account(id: $id) ${FIELDS} }`, { id });
    expect(answer).toMatchObject({ status: 200, errors: [] });
    expect(answer.data).toEqual({ account: { id, vendor, externalId, name, status, url } });
  });

  it('returns configured fields without a vendor call', async () => {
    const { data } = await rollcall.query(
      '{ account(id: "contoso") { id vendor externalId connection { state } } }',
    );
    expect(data?.account).toMatchObject({ id: 'contoso', externalId: 'ACC-4821-7730' });
    expect(rollcall.vendorRequests()).toEqual([]);
  });

  it('has no name and an unknown status while its vendor fails, and its sibling is complete', async () => {
    rollcall.emulators.ecwid.faults.add({ kind: 'status', status: 501, account: 'harbor-tea' });
    const { data, errors } = await rollcall.query(
      `{ tea: account(id: "harbor-tea") ${FIELDS} books: account(id: "maple-books") ${FIELDS} }`,
    );
    expect(errors).toEqual([]);
    expect(at(data, 'tea')).toMatchObject({ id: 'harbor-tea', name: null, status: 'UNKNOWN', url: null });
    expect(at(data, 'books')).toMatchObject({ name: 'Maple Books', status: 'SUSPENDED' });
  });

  it.each([
    ['harbor-tea', 'REVEAL_INVITE_LINK', 'NONE'],
    ['harbor-tea', 'LIST_STAFF', 'NATIVE'],
    ['contoso', 'REVEAL_INVITE_LINK', 'NATIVE'],
    ['harbour-cafe', 'LIST_INVITES', 'EMULATED'],
  ])('%s reports %s as %s, and has capabilities for every operation', async (id, operation, support) => {
    const { data } = await rollcall.query(
      'query ($id: ID!) { account(id: $id) { capabilities { operation support note } } }',
      { id },
    );
    const capabilities = data?.account?.capabilities ?? [];
    expect(capabilities).toHaveLength(8);
    expect(capabilities.find((each) => each.operation === operation)?.support).toBe(support);
    expect(capabilities.every(({ note }) => note !== null && note !== '')).toBe(true);
  });

  it.each([
    ['harbor-tea', 7, { id: 'SALES_MANAGEMENT', name: 'Sales' }],
    ['contoso', 3, { id: 'UGR-6104-2288', name: 'Administrators' }],
    ['harbour-cafe', 4, { id: '7046409866117400001', name: 'Front desk' }],
  ])('%s lists its roles', async (id, count, role) => {
    const { data } = await rollcall.query('query ($id: ID!) { account(id: $id) { roles { id name } } }', {
      id,
    });
    expect(data?.account?.roles).toHaveLength(count);
    expect(data?.account?.roles).toContainEqual(role);
  });

  it('reports roles that the vendor cannot list, and keeps its other fields', async () => {
    const { data, errors } = await rollcall.query(
      '{ account(id: "globex-studio") { id name roles { id } } }',
    );
    expect(data).toEqual({ account: { id: 'globex-studio', name: 'Globex Studio', roles: null } });
    expect(errors).toMatchObject([
      { path: ['account', 'roles'], extensions: { code: 'VENDOR_NOT_SUPPORTED' } },
    ]);
  });

  it('has its own lists', async () => {
    const { data, errors } = await rollcall.query(
      `{ account(id: "contoso") {
           staffMembers(first: 100) { totalCount nodes { account { id } } sources { account { id } } }
           invites(first: 100) { totalCount nodes { account { id } } } } }`,
    );
    expect(errors).toEqual([]);
    expect(data?.account?.staffMembers?.totalCount).toBe(15);
    expect(data?.account?.invites?.totalCount).toBe(6);
    expect(new Set(textsAt(data, 'account.staffMembers.nodes.*.account.id'))).toEqual(new Set(['contoso']));
    expect(textsAt(data, 'account.staffMembers.sources.*.account.id')).toEqual(['contoso']);
  });
});

describe('accounts query', () => {
  it('lists accounts in the order of their ids without a vendor call', async () => {
    const { data } = await rollcall.query(
      '{ accounts { totalCount nodes { id } pageInfo { hasNextPage } } }',
    );
    expect(textsAt(data, 'accounts.nodes.*.id')).toEqual(ACCOUNTS);
    expect(data?.accounts).toMatchObject({ totalCount: 8, pageInfo: { hasNextPage: false } });
    expect(rollcall.vendorRequests()).toEqual([]);
  });

  it.each([
    ['ECWID', ['globex-parts', 'harbor-tea', 'maple-books']],
    ['SOFTWAREONE', ['contoso', 'contoso-nordic', 'globex-iberia']],
    ['WIX', ['globex-studio', 'harbour-cafe']],
  ])('filters by %s', async (vendor, ids) => {
    const { data } = await rollcall.query(
      'query ($vendor: VendorInput) { accounts(filter: { vendor: $vendor }) { totalCount nodes { id vendor } } }',
      { vendor },
    );
    expect(textsAt(data, 'accounts.nodes.*.id')).toEqual(ids);
    expect(data?.accounts?.totalCount).toBe(ids.length);
  });

  it.each([1, 3, 8, 100])('paginates %i at a time, each account once', async (first) => {
    const seen: string[] = [];
    let after: string | null = null;
    for (let more = true; more;) {
      const { data } = await rollcall.query(
        `query ($first: Int, $after: String) { accounts(first: $first, after: $after) {
           edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
        { first, after },
      );
      const { edges = [], pageInfo } = data?.accounts ?? {};
      expect(pageInfo).toMatchObject({
        hasPreviousPage: after !== null,
        startCursor: edges[0]?.cursor,
        endCursor: edges.at(-1)?.cursor,
      });
      seen.push(...edges.map(({ node }) => node.id));
      after = pageInfo?.endCursor ?? null;
      more = pageInfo?.hasNextPage ?? false;
    }
    expect(seen).toEqual(ACCOUNTS);
  });
});

describe('tenant isolation: a viewer of one tenant', () => {
  it('sees only the accounts of that tenant, restricted to the permitted ones', async () => {
    const { emulators } = rollcall;
    const acme = await startRollcall({
      emulators,
      viewer: { tenant: 'acme', accounts: null, subject: 'ada', scopes: 'ALL' },
    });
    const narrow = await startRollcall({
      emulators,
      viewer: { tenant: 'acme', accounts: ['contoso', 'globex-iberia'], subject: 'ada', scopes: 'ALL' },
    });
    const stranger = await startRollcall({
      emulators,
      viewer: { tenant: 'initech', accounts: null, subject: 'eve', scopes: 'ALL' },
    });
    const seen = async (app: Rollcall) =>
      textsAt((await app.query('{ accounts { nodes { id } } }')).data, 'accounts.nodes.*.id');
    expect(await seen(acme)).toEqual(ACCOUNTS.filter((id) => !id.startsWith('globex')));
    expect(await seen(narrow)).toEqual(['contoso']);
    expect(await seen(stranger)).toEqual([]);
    await Promise.all([acme.close(), narrow.close(), stranger.close()]);
  });
});

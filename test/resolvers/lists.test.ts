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

const NODES = { staffMembers: 'id email status account { id }', invites: 'id email status account { id }' };
const page = (list: 'staffMembers' | 'invites', type: string) => `
  query ($first: Int, $after: String, $filter: ${type}) { list: ${list}(first: $first, after: $after, filter: $filter) {
    totalCount
    edges { cursor node { ${NODES[list]} } }
    nodes { id }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    sources { account { id } state code asOf retryAt } } }`;
const DOCUMENTS = {
  staffMembers: page('staffMembers', 'StaffMemberFilter'),
  invites: page('invites', 'InviteFilter'),
};
type List = keyof typeof DOCUMENTS;

/** The ids of a whole list, page by page, and the accounts in the order in which they were reported. */
async function walk(
  list: List,
  first: number,
  filter?: object,
): Promise<{ ids: string[]; accounts: string[] }> {
  const ids: string[] = [];
  const accounts: string[] = [];
  let after: string | null = null;
  for (let more = true; more;) {
    const { data, errors } = await rollcall.query(DOCUMENTS[list], { first, after, filter });
    expect(errors).toEqual([]);
    const rows = textsAt(data, 'list.edges.*.node.id');
    expect(textsAt(data, 'list.nodes.*.id')).toEqual(rows);
    expect(rows.length).toBeLessThanOrEqual(first);
    expect(at(data, 'list.pageInfo.hasPreviousPage')).toBe(after !== null);
    expect(at(data, 'list.pageInfo.startCursor')).toBe(at(data, 'list.edges.0.cursor') ?? null);
    ids.push(...rows);
    accounts.push(...textsAt(data, 'list.sources.*.account.id'));
    if (ids.length > 500) throw new Error('the list does not end');
    more = at(data, 'list.pageInfo.hasNextPage') === true;
    const end = at(data, 'list.pageInfo.endCursor');
    expect(end).toEqual(more ? expect.any(String) : rows.length > 0 ? expect.any(String) : null);
    after = typeof end === 'string' ? end : null;
  }
  return { ids, accounts: [...new Set(accounts)] };
}

const whole = async (list: List, filter?: object): Promise<string[]> => (await walk(list, 100, filter)).ids;
const ACCOUNTS = [
  ...['contoso', 'contoso-nordic', 'globex-iberia', 'globex-parts', 'globex-studio', 'harbor-tea'],
  ...['harbour-cafe', 'maple-books'],
];

describe.each<[List, number]>([
  ['staffMembers', 57],
  ['invites', 28],
])('pagination: %s across all accounts', (list, count) => {
  it('returns all rows, account by account in the order of their ids', async () => {
    const { ids, accounts } = await walk(list, 100);
    expect(ids).toHaveLength(count);
    expect(accounts).toEqual(ACCOUNTS);
    expect([...new Set(ids.map((id) => id.split(':')[0]))]).toEqual(ACCOUNTS);
  });

  it.each([2, 7, 20])('visits each row once, %i at a time', async (first) => {
    const { ids } = await walk(list, first);
    expect(ids).toEqual(await whole(list));
  });

  it('has the total count on every page', async () => {
    const { data } = await rollcall.query(DOCUMENTS[list], { first: 3 });
    expect(at(data, 'list.totalCount')).toBe(count);
  });

  it.each<[object, string[]]>([
    [{ vendor: 'ECWID' }, ['globex-parts', 'harbor-tea', 'maple-books']],
    [{ vendor: 'SOFTWAREONE' }, ['contoso', 'contoso-nordic', 'globex-iberia']],
    [{ vendor: 'WIX' }, ['globex-studio', 'harbour-cafe']],
    [{ accountIds: ['maple-books', 'contoso', 'nowhere'] }, ['contoso', 'maple-books']],
    [{ accountIds: ['contoso'], vendor: 'ECWID' }, []],
    [{ accountIds: [] }, []],
  ])('filtered by %j reads these accounts and calls no other', async (filter, accounts) => {
    const all = await whole(list);
    rollcall.forgetRequests();
    const found = await walk(list, 4, filter);
    expect(found.ids).toEqual(all.filter((id) => accounts.some((account) => id.startsWith(`${account}:`))));
    const { config, emulators } = rollcall;
    const ids = (vendor: string) =>
      config.accounts.filter((each) => each.vendor === vendor).map(({ id }) => id);
    const untouched = [
      ...(ids('ECWID').some((id) => accounts.includes(id)) ? [] : emulators.ecwid.requests),
      ...(ids('SOFTWAREONE').some((id) => accounts.includes(id)) ? [] : emulators.softwareone.requests),
      ...(ids('WIX').some((id) => accounts.includes(id)) ? [] : emulators.wix.requests),
    ];
    expect(untouched).toEqual([]);
  });
});

describe('filters across accounts', () => {
  it.each([
    [{ status: ['SUSPENDED'] }, ['contoso:AUSR-2750-9914-0304']],
    [{ search: 'BOBBY' }, ['maple-books:p80200417']],
    [{ search: '"bobby"' }, ['maple-books:p80200417']],
    [{ email: 'JOERG@bücher.example' }, ['contoso:AUSR-2750-9914-0368', 'maple-books:p80201122']],
    [{ status: [] }, []],
  ])('%j finds these people', async (filter, expected) => {
    expect((await walk('staffMembers', 20, filter)).ids).toEqual(expected);
  });

  it.each([
    [{ status: ['DECLINED'] }, 1],
    [{ status: ['REVOKED'] }, 3],
    [{ status: ['ACCEPTED'] }, 35],
    [{ status: ['PENDING', 'EXPIRED', 'DECLINED', 'REVOKED', 'UNKNOWN'] }, 28],
    [{ expiresBefore: '2026-03-10T00:00:00Z', vendor: 'SOFTWAREONE' }, 5],
  ])('%j finds %i invites', async (filter, count) => {
    expect((await walk('invites', 20, filter)).ids).toHaveLength(count);
  });

  it('treat a search of white space as no search', async () => {
    expect((await walk('staffMembers', 20, { search: '   ' })).ids).toEqual(await whole('staffMembers'));
  });
});

describe('account without rows', () => {
  it('is reported in the sources', async () => {
    const { data } = await rollcall.query(DOCUMENTS.staffMembers, { first: 5, filter: { search: 'zzz' } });
    expect(at(data, 'list.nodes')).toEqual([]);
    expect(at(data, 'list.pageInfo')).toEqual({
      hasNextPage: false,
      hasPreviousPage: false,
      startCursor: null,
      endCursor: null,
    });
    expect(textsAt(data, 'list.sources.*.account.id')).toEqual(ACCOUNTS);
  });
});

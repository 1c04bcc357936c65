import type {
  List,
  MergedList,
  RollcallClient,
  Row,
} from '../../../examples/graphql-clients/src/rollcall-client';
import type { VendorName } from '../../../src/emulators/start';
import { demoWorld } from '../../../src/emulators/world/demo';
import { closeAll } from '../../support/close-all';
import { SEED_INVITES } from '../../support/seed-ids';
import { EPOCH, type Rollcall, startRollcall, UNCACHED } from '../../support/start';
import { LIBRARIES, loadClient } from './clients';

let rollcall: Rollcall;
beforeAll(async () => {
  rollcall = await startRollcall({ limits: UNCACHED });
});
afterEach(() => {
  rollcall.emulators.reset();
});
afterAll(() => closeAll(rollcall));

const ROWS = {
  staffMembers: 'id status invite { id status }',
  invites: 'id status',
} as const;

/** The whole list in one page, asked without a client library. */
async function inOnePage(name: keyof typeof ROWS): Promise<Row[]> {
  const { data, errors } = await rollcall.query(`{ ${name}(first: 100) { nodes { ${ROWS[name]} } } }`);
  expect(errors).toEqual([]);
  return data?.[name]?.nodes ?? [];
}

/** How many staff members the vendors hold of each account. */
function staffAtVendors(): Record<string, number> {
  const { ecwid, softwareone, wix } = demoWorld(Date.parse(EPOCH));
  const membersOf = (account: string): number =>
    softwareone.memberships.filter(({ accountId }) => accountId === account).length;
  const counts: (readonly [key: string | null, count: number])[] = [
    ...ecwid.map(({ key, staff }) => [key, staff.length] as const),
    ...wix.map(({ key, contributors }) => [key, contributors.length] as const),
    ...softwareone.accounts.map(({ key, id }) => [key, membersOf(id)] as const),
  ];
  return Object.fromEntries(counts.flatMap(([key, count]) => (key === null ? [] : [[key, count]])));
}

const byAccount = (rows: readonly Row[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { id } of rows) {
    const account = id.split(':')[0] ?? '';
    counts[account] = (counts[account] ?? 0) + 1;
  }
  return counts;
};

const idsOf = (rows: readonly Row[]): string[] => rows.map(({ id }) => id);

describe.each(LIBRARIES)('pagination with %s', (library) => {
  let client: RollcallClient;
  const open = async (send?: typeof fetch): Promise<RollcallClient> =>
    (await loadClient(library))(rollcall.app.url, send && { fetch: send });
  beforeEach(async () => {
    client = await open();
  });

  it.each(['staffMembers', 'invites'] as const)(
    'merges the pages of %s, no row twice and none missing',
    async (name) => {
      const { rows, pages } = await client.readAll({ name, first: 7 });
      const whole = await inOnePage(name);
      expect(rows).toMatchObject(whole);
      expect(rows).toHaveLength(whole.length);
      expect(pages).toBe(Math.ceil(whole.length / 7));
    },
  );

  it('has every staff member that the vendors hold', async () => {
    const { rows } = await client.readAll({ name: 'staffMembers', first: 9 });
    expect(byAccount(rows)).toEqual(staffAtVendors());
  });

  it('merges the pages of a list within an account', async () => {
    const accountId = 'contoso';
    const list: List = { name: 'accountStaffMembers', accountId, first: 4 };
    const { rows, pages } = await client.readAll(list);
    const whole = (await inOnePage('staffMembers')).filter(({ id }) => id.startsWith(`${accountId}:`));
    expect(idsOf(rows)).toEqual(idsOf(whole));
    expect(pages).toBe(Math.ceil(whole.length / 4));
  });

  it('keeps lists with different filters apart', async () => {
    const [one, other] = [['contoso'], ['harbor-tea']];
    const contoso = await client.readAll({ name: 'invites', first: 3, accountIds: one });
    const harbor = await client.readAll({ name: 'invites', first: 3, accountIds: other });
    expect(Object.keys(byAccount(contoso.rows))).toEqual(one);
    expect(Object.keys(byAccount(harbor.rows))).toEqual(other);
  });

  it('has the rows of all other accounts where a vendor fails, and names the one that failed', async () => {
    const whole = await inOnePage('staffMembers');
    rollcall.emulators.softwareone.faults.add({ kind: 'status', status: 503, account: 'contoso' });
    const { rows, sources } = await client.readAll({ name: 'staffMembers', first: 7 });
    expect(idsOf(rows)).toEqual(idsOf(whole.filter(({ id }) => !id.startsWith('contoso:'))));
    const failed = sources
      ?.filter(({ state }) => state === 'FAILED')
      .map(({ account, code }) => [account.id, code]);
    // Relay keeps the `sources` of the last page alone.
    expect(failed ?? null).toEqual(library === 'relay' ? null : [['contoso', 'UNAVAILABLE']]);
  });

  it('rejects a refused list with its error codes', async () => {
    const error: unknown = await client
      .readAll({ name: 'staffMembers', first: 1000 })
      .catch((thrown: unknown) => thrown);
    expect(client.codesOf(error)).toEqual(['BAD_USER_INPUT']);
  });
});

const INVITE = SEED_INVITES.softwareone.pending;
const PENDING = { status: 'PENDING', actions: { resend: { allowed: true, reason: null } } };

describe.each(LIBRARIES)('pagination with %s through short and empty pages', (library) => {
  /** With so few vendor calls for an operation that most pages end before they are full. */
  let scarce: Rollcall;
  beforeAll(async () => {
    scarce = await startRollcall({ limits: { ...UNCACHED, vendorCalls: 2 } });
  });
  afterEach(() => {
    scarce.emulators.reset();
  });
  afterAll(() => closeAll(scarce));

  /** How many rows each page had that came over HTTP. */
  let sizes: number[];
  const measured: typeof fetch = async (...request) => {
    const answer = await fetch(...request);
    const { data } = (await answer.clone().json()) as { data: Record<string, { edges: unknown[] }> };
    sizes.push(
      ...Object.values(data).flatMap((list) => (Array.isArray(list.edges) ? [list.edges.length] : [])),
    );
    return answer;
  };
  const readAll = async (list: List): Promise<MergedList> => {
    sizes = [];
    return (await loadClient(library))(scarce.app.url, { fetch: measured }).readAll(list);
  };

  it.each(['staffMembers', 'invites'] as const)('merges short pages of %s', async (name) => {
    const { rows, pages, sources } = await readAll({ name, first: 50 });
    expect(idsOf(rows)).toEqual(idsOf(await inOnePage(name)));
    expect(sizes).toHaveLength(pages);
    expect(pages).toBeGreaterThan(2);
    // What was not reached on one page was reached on a later one.
    expect(sources?.filter(({ code }) => code !== null) ?? []).toEqual([]);
  });

  it.each<['staffMembers' | 'invites', VendorName[]]>([
    ['staffMembers', ['softwareone']],
    ['staffMembers', ['ecwid', 'wix']],
    ['invites', ['softwareone']],
  ])('goes on after empty pages of %s, where every account of %j fails', async (name, vendors) => {
    for (const vendor of vendors) scarce.emulators[vendor].faults.add({ kind: 'status', status: 503 });
    const failing = scarce.emulators.accounts
      .filter(({ vendor }) => vendors.includes(vendor))
      .map(({ key }) => key);
    const { rows, pages, sources } = await readAll({ name, first: 50 });
    const others = (await inOnePage(name)).filter(({ id }) => !failing.includes(id.split(':')[0] ?? ''));
    expect(idsOf(rows)).toEqual(idsOf(others));
    expect(sizes).toHaveLength(pages);
    expect(sizes).toContain(0);
    const failed = sources?.flatMap(({ account, code }) => (code === null ? [] : [account.id])).sort();
    expect(failed ?? null).toEqual(library === 'relay' ? null : failing.sort());
  });
});

describe.each(LIBRARIES)('normalised cache with %s', (library) => {
  /** For each test: its ledger keeps what was sent. */
  let separate: Rollcall;
  let client: RollcallClient;
  let requests: number;
  beforeEach(async () => {
    separate = await startRollcall({ limits: UNCACHED });
    requests = 0;
    const counted: typeof fetch = (...request) => {
      requests++;
      return fetch(...request);
    };
    client = (await loadClient(library))(separate.app.url, { fetch: counted });
  });
  afterEach(() => closeAll(separate));

  it('updates a listed invite from the answer of a mutation, without another request', async () => {
    const { pages } = await client.readAll({ name: 'invites', first: 10 });
    expect(client.cachedInvite(INVITE)).toMatchObject(PENDING);
    expect(await client.resendInvite(INVITE, 'click-1')).toEqual({ outcome: 'REQUESTED', codes: [] });
    expect(client.cachedInvite(INVITE)).toMatchObject({
      status: 'PENDING',
      actions: { resend: { allowed: false, reason: 'COOLDOWN' } },
    });
    expect(requests).toBe(pages + 1);
  });

  it('shows the error codes of a refused mutation, and no second email goes out', async () => {
    await client.resendInvite(INVITE, 'click-1');
    expect(await client.resendInvite(INVITE, 'click-2')).toEqual({
      outcome: 'NOT_SENT',
      codes: ['COOLDOWN'],
    });
    expect(separate.emulators.softwareone.mails).toHaveLength(1);
  });

  it('keeps a staff member and an invite apart that have the same id', async () => {
    await client.readAll({ name: 'staffMembers', first: 50, accountIds: ['contoso'] });
    await client.readAll({ name: 'invites', first: 50, accountIds: ['contoso'] });
    const { rows } = await client.readAll({ name: 'staffMembers', first: 50, accountIds: ['contoso'] });
    expect(rows.find(({ invite }) => invite?.id === INVITE)).toMatchObject({
      status: 'INVITED',
      invite: { status: 'PENDING' },
    });
    expect(client.cachedInvite(INVITE)).toMatchObject(PENDING);
  });
});

import { Agent, request } from 'undici';
import { at, textsAt } from './support/at';
import { callsByAccount, createTable, reads, writes } from './support/calls';
import { closeAll } from './support/close-all';
import { staffIdsOf } from './support/staff';
import { type Rollcall, startRollcall, UNCACHED } from './support/start';

const { note, print } = createTable();
afterAll(print);

let rollcall: Rollcall;
beforeAll(async () => {
  rollcall = await startRollcall({ limits: UNCACHED, world: { accounts: 2, staffPerAccount: 130 } });
});
beforeEach(() => {
  rollcall.forgetRequests();
});
afterAll(() => closeAll(rollcall));

async function expectCalls(
  operation: string,
  document: string,
  perAccount: Record<string, number>,
): Promise<void> {
  const { errors } = await rollcall.query(document);
  expect(errors).toEqual([]);
  const calls = callsByAccount(rollcall);
  const expected = Object.fromEntries(
    rollcall.emulators.accounts
      .map(({ key, vendor }): [string, number] => [key, perAccount[vendor] ?? 0])
      .filter(([, count]) => count > 0),
  );
  expect(calls).toEqual(expected);
  note(`${operation}, 6 accounts`, sum(calls), sum(expected));
}
const sum = (calls: Record<string, number>): number =>
  Object.values(calls).reduce((total, count) => total + count, 0);

describe('vendor call budget: reads over every account', () => {
  it('calls each account once for each kind of resource', async () => {
    await expectCalls(
      'accounts → staffMembers → invite → account',
      `{ accounts { nodes { id staffMembers(first: 100) {
           nodes { id name email status invite { id status account { id vendor } staffMember { id } } account { id } } } } } }`,
      { ecwid: 1, softwareone: 1, wix: 1 },
    );
  });

  it('reads the profile once, at any depth, and only where it is selected', async () => {
    await expectCalls(
      'accounts → staffMembers → invite → account, with names',
      `{ accounts { nodes { id name staffMembers(first: 100) {
           nodes { id name invite { id account { name url } } account { status } } sources { account { name } } } } } }`,
      { ecwid: 2, softwareone: 2, wix: 2 },
    );
  });

  it('makes no vendor call for fields that the configuration provides', async () => {
    await expectCalls(
      'accounts with connection and capabilities',
      '{ accounts { totalCount nodes { id vendor externalId connection { state } capabilities { operation } } } }',
      {},
    );
  });

  it('deduplicates the same list within one operation (DataLoader)', async () => {
    await expectCalls(
      'the same list three times',
      `{ a: staffMembers(first: 100) { nodes { id } } b: staffMembers(first: 100) { nodes { id name } }
         accounts { nodes { staffMembers(first: 100) { nodes { id } } } } }`,
      { ecwid: 1, softwareone: 1, wix: 1 },
    );
  });

  it('reads Ecwid staff and invites with one call', async () => {
    await expectCalls(
      'staff and invites of every account',
      '{ accounts { nodes { staffMembers(first: 100) { nodes { id status } } invites(first: 100) { nodes { id } } } } }',
      { ecwid: 1, softwareone: 2, wix: 1 },
    );
  });

  it('reads a person once for each kind of resource', async () => {
    await expectCalls(
      'person with staff and invites',
      '{ person(email: "staff1@account-0001.example") { staffMembers { id } invites { id } sources { state } } }',
      { ecwid: 1, softwareone: 1, wix: 1 },
    );
  });
});

describe('vendor call budget: _entities', () => {
  const document = `query ($representations: [_Any!]!) {
    _entities(representations: $representations) { ... on StaffMember { id name email } } }`;
  let staff: Map<string, string[]>;
  beforeAll(async () => {
    staff = new Map();
    for (const { key } of rollcall.emulators.accounts) staff.set(key, await staffIdsOf(rollcall, key));
  });

  const ask = async (ids: readonly string[]) => {
    const representations = ids.map((id) => ({ __typename: 'StaffMember', id }));
    const { data, errors } = await rollcall.query(document, { representations });
    expect(errors).toEqual([]);
    return at(data, '_entities');
  };

  it('batches 100 staff members in mixed order into one call for each account, and keeps their order', async () => {
    const accounts = [...staff.keys()];
    const known = Array.from({ length: 84 }, (_, index) => {
      const account = accounts[index % accounts.length] ?? '';
      return staff.get(account)?.[(index * 7) % 83] ?? '';
    });
    const strangers = [
      ...[
        'ecwid-0001:p99999999',
        'softwareone-0002:AUSR-0000-0000-0000',
        'wix-0001:nonsense',
        'nowhere:p1',
        'x',
        '',
      ],
      ...[
        'ecwid-0002:..',
        'wix-0002:00000000-0000-4000-8000-000000000000',
        'softwareone-0001:USR-1000-0000',
        '::',
      ],
      ...['ecwid-0001:a/b', 'ECWID-0001:p10000000', 'softwareone-0001:', 'wix-0001:%2e', ':p1', 'ecwid-0001'],
    ];
    const ids = [...known];
    for (const [index, stranger] of strangers.entries()) ids.splice(index * 6, 0, stranger);
    expect(ids).toHaveLength(100);
    expect(new Set(known).size).toBe(84);

    const found = await ask(ids);
    expect(at(found, '*.id')).toEqual(ids.map((id) => (known.includes(id) ? id : undefined)));
    const calls = callsByAccount(rollcall);
    expect(calls).toEqual(Object.fromEntries(accounts.map((key) => [key, 1])));
    note('_entities of 100 staff in 6 accounts', sum(calls), 6);
  });

  it.each([
    [1, 1],
    [50, 1],
    [51, 2],
    [100, 2],
    [101, 3],
    [130, 3],
  ])('batches %i staff members of one SoftwareOne account into %i calls', async (count, expected) => {
    const ids = (staff.get('softwareone-0001') ?? []).slice(0, count).reverse();
    expect(ids).toHaveLength(count);
    const found = await ask(ids);
    expect(textsAt(found, '*.id')).toEqual(ids);
    expect(callsByAccount(rollcall)).toEqual({ 'softwareone-0001': expected });
    note(
      `_entities of ${count} staff in one SoftwareOne account`,
      sum(callsByAccount(rollcall)),
      Math.ceil(count / 50),
    );
  });

  it.each(['ecwid-0001', 'wix-0001'])('batches 100 staff members of %s into one call', async (key) => {
    const ids = (staff.get(key) ?? []).slice(0, 100).reverse();
    expect(ids).toHaveLength(100);
    expect(textsAt(await ask(ids), '*.id')).toEqual(ids);
    expect(callsByAccount(rollcall)).toEqual({ [key]: 1 });
    note(`_entities of 100 staff in ${key}`, 1, 1);
  });

  it('makes no vendor call for malformed ids alone', async () => {
    const found = await ask(['', ':', 'ecwid-0001:..', 'nowhere:p1']);
    expect(found).toEqual([null, null, null, null]);
    expect(rollcall.vendorRequests()).toEqual([]);
  });
});

describe('vendor call budget: resendInvite', () => {
  it.each([
    ['ecwid-0001', 1],
    ['softwareone-0001', 1],
    ['wix-0001', 0],
  ])('at %s costs %i read and one write', async (key, allowed) => {
    const pending = await rollcall.query(
      'query ($key: ID!) { account(id: $key) { invites(first: 1, filter: { status: PENDING }) { nodes { id } } } }',
      { key },
    );
    rollcall.forgetRequests();
    const { data, errors } = await rollcall.query(
      `mutation ($inviteId: ID!) { resendInvite(input: { inviteId: $inviteId }) {
         outcome userErrors { code } attempt { id outcome } invite { id email status expiresAt account { id } } } }`,
      { inviteId: at(pending.data, 'account.invites.nodes.0.id') },
    );
    expect(errors).toEqual([]);
    expect(data?.resendInvite).toMatchObject({
      outcome: 'REQUESTED',
      userErrors: [],
      invite: { status: 'PENDING' },
    });
    expect([reads(rollcall).length, writes(rollcall).length]).toEqual([allowed, 1]);
    note(
      `resendInvite at ${key}`,
      `${reads(rollcall).length} + ${writes(rollcall).length}`,
      `${allowed} + 1`,
    );
  });
});

describe('vendor call budget: read cache and single-flight', () => {
  const question = '{ staffMember(id: "softwareone-0001:AUSR-0001-0000-0000") { id name } }';

  it('makes one vendor call for 1,000 concurrent clients (single-flight)', async () => {
    // A minute, so that a slow machine's last client still counts as one of them.
    const shared = await startRollcall({ emulators: rollcall.emulators, limits: { cacheTtl: '1m' } });
    const clients = new Agent({ connections: 50 });
    const names = await Promise.all(
      Array.from({ length: 1000 }, async () => {
        const answer = await request(shared.app.url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: question }),
          dispatcher: clients,
        });
        return at(await answer.body.json(), 'data.staffMember.name');
      }),
    );
    await clients.close();
    await shared.close();
    expect(new Set(names)).toEqual(new Set(['Staff 0']));
    expect(rollcall.vendorRequests()).toHaveLength(1);
    note('the same question of 1,000 clients at once', 1, 1);
  });

  it('makes no call for a cached read, and one call after the TTL, after a write, or with no-cache', async () => {
    const shared = await startRollcall({ emulators: rollcall.emulators });
    const callsFor = async (headers = {}): Promise<number> => {
      rollcall.forgetRequests();
      await shared.query(question, {}, headers);
      return rollcall.vendorRequests().length;
    };
    expect([await callsFor(), await callsFor()]).toEqual([1, 0]);
    expect(await callsFor({ 'cache-control': 'no-cache' })).toBe(1);
    rollcall.emulators.clock.advance(5001);
    expect([await callsFor(), await callsFor()]).toEqual([1, 0]);
    await shared.query(
      'mutation { resendInvite(input: { inviteId: "softwareone-0001:AUSR-0001-0000-0009" }) { outcome } }',
    );
    expect(await callsFor()).toBe(1);
    await shared.close();
    note('the same question again within 5 s', 0, 0);
  });
});

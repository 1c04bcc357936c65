import type { FaultKind, VendorName } from '../../src/emulators/start';
import { at, textsAt } from '../support/at';
import { closeAll } from '../support/close-all';
import { type Rollcall, startRollcall, UNCACHED } from '../support/start';

let healthy: Rollcall;
beforeAll(async () => {
  healthy = await startRollcall({ limits: UNCACHED });
});
afterEach(() => {
  healthy.emulators.reset();
});
afterAll(() => closeAll(healthy));

const STAFF = `{ staffMembers(first: 100) {
  totalCount nodes { id name email status account { id } } pageInfo { hasNextPage }
  sources { account { id } state code retryAt asOf } } }`;

/** The whole matrix is the vendors' suite; here one of each code, over HTTP. */
const FAULTS: [FaultKind, string][] = [
  [{ kind: 'status', status: 503 }, 'UNAVAILABLE'],
  [{ kind: 'hang' }, 'TIMEOUT'],
  [{ kind: 'status', status: 429, headers: { 'retry-after': '30' } }, 'THROTTLED'],
  [{ kind: 'status', status: 401 }, 'AUTH'],
  [{ kind: 'html' }, 'PROTOCOL'],
];
const VENDORS: [VendorName, string[]][] = [
  ['ecwid', ['globex-parts', 'harbor-tea', 'maple-books']],
  ['softwareone', ['contoso', 'contoso-nordic', 'globex-iberia']],
  ['wix', ['globex-studio', 'harbour-cafe']],
];

describe.each(VENDORS)('partial results: while all accounts of %s fail', (vendor, accounts) => {
  it.each(FAULTS)(
    'with %j, its accounts are %s and all rows of the others are returned',
    async (fault, code) => {
      const { data: before } = await healthy.query(STAFF);
      const rows = at(before, 'staffMembers.nodes');
      healthy.emulators[vendor].faults.add(fault);
      // A short time only where time is what runs out: the healthy ones may be slow on a busy machine.
      const limits = code === 'TIMEOUT' ? { ...UNCACHED, readTimeout: '2s' } : UNCACHED;
      const app = await startRollcall({ emulators: healthy.emulators, limits });
      const { data, errors } = await app.query(STAFF);
      await app.close();

      expect(errors).toEqual([]);
      const others = (Array.isArray(rows) ? rows : []).filter(
        (row) => !accounts.includes(String(at(row, 'account.id'))),
      );
      expect(others.length).toBeGreaterThan(15);
      expect(data?.staffMembers?.nodes).toEqual(others);
      for (const { account, state, code: told, retryAt, asOf } of data?.staffMembers?.sources ?? []) {
        const failed = accounts.includes(account.id);
        expect({ id: account.id, state, told }).toEqual({
          id: account.id,
          state: failed ? 'FAILED' : 'FRESH',
          told: failed ? code : null,
        });
        expect(retryAt === null).toBe(!failed || code !== 'THROTTLED');
        expect(asOf === null).toBe(failed);
      }
      expect(data?.staffMembers?.sources).toHaveLength(8);
      expect(data?.staffMembers?.totalCount).toBeNull();
    },
  );
});

describe('partial results: while one account fails', () => {
  it('the other accounts of the same vendor are complete', async () => {
    healthy.emulators.ecwid.faults.add({ kind: 'status', status: 501, account: 'harbor-tea' });
    const { data } = await healthy.query(STAFF);
    expect(data?.staffMembers?.sources.filter(({ state }) => state !== 'FRESH')).toMatchObject([
      { account: { id: 'harbor-tea' }, state: 'FAILED', code: 'UNAVAILABLE' },
    ]);
    expect(data?.staffMembers?.nodes).toHaveLength(57 - 12);
  });

  it('a single read of it is an error with a code, and its siblings are resolved', async () => {
    healthy.emulators.softwareone.faults.add({ kind: 'status', status: 403, account: 'contoso' });
    const { data, errors } = await healthy.query(`{
      broken: staffMember(id: "contoso:AUSR-2750-9914-0301") { id }
      whole: staffMember(id: "contoso-nordic:AUSR-4410-2003-0001") { id }
      other: staffMember(id: "harbor-tea:p90112233") { id } }`);
    expect(data).toEqual({
      broken: null,
      whole: { id: 'contoso-nordic:AUSR-4410-2003-0001' },
      other: { id: 'harbor-tea:p90112233' },
    });
    expect(errors).toMatchObject([{ path: ['broken'], extensions: { code: 'VENDOR_FORBIDDEN' } }]);
  });

  it('its own list is empty, with the reason', async () => {
    healthy.emulators.wix.faults.add({ kind: 'status', status: 403, account: 'harbour-cafe' });
    const { data, errors } = await healthy.query(
      '{ account(id: "harbour-cafe") { id staffMembers { nodes { id } sources { state code } } } }',
    );
    expect(errors).toEqual([]);
    expect(data?.account?.staffMembers).toEqual({
      nodes: [],
      sources: [{ state: 'FAILED', code: 'FORBIDDEN' }],
    });
  });

  it('the texts of the vendor reach neither the client nor the log (error masking)', async () => {
    const secret = 'CANARY-vendor-words';
    healthy.emulators.ecwid.faults.add({
      kind: 'status',
      status: 400,
      body: { errorMessage: secret, errorCode: secret },
    });
    const answer = await healthy.query(`{ staffMember(id: "harbor-tea:p90112233") { id } ${STAFF.slice(1)}`);
    expect(answer.errors).toHaveLength(1);
    expect(JSON.stringify(answer)).not.toContain(secret);
    expect(healthy.logged.join()).not.toContain(secret);
  });
});

describe('partial results: invalid rows', () => {
  it.each(['Quarantined', 'constructor', '__proto__', 'toString'])(
    'with the unknown status %s do not empty a list: the person is UNKNOWN',
    async (word) => {
      const { emulators } = healthy;
      emulators.softwareone.faults.add({ kind: 'unknownStatusWord', word });
      const { data, errors } = await healthy.query(
        `{ account(id: "contoso") {
             staffMembers(first: 100) { nodes { id status vendorStatus invite { status } } }
             invites(first: 100) { nodes { id status } } } }`,
      );
      expect(errors).toEqual([]);
      expect(textsAt(data, 'account.staffMembers.nodes.*.status')).toEqual(
        Array.from({ length: 15 }, () => 'UNKNOWN'),
      );
      expect(textsAt(data, 'account.staffMembers.nodes.*.vendorStatus')).toEqual(
        Array.from({ length: 15 }, () => word),
      );
      expect(new Set(textsAt(data, 'account.invites.nodes.*.status'))).toEqual(new Set(['UNKNOWN']));
    },
  );

  it.each([
    ['ecwid', 'staffList.*.staffScopes', ['constructor', '__proto__'], 'harbor-tea'],
    ['softwareone', 'data.*.groups', [{ id: 'constructor' }, null, 7, { name: 'x' }], 'contoso'],
  ] as const)('do not empty a list: at %s in %s', async (vendor, path, value, account) => {
    healthy.emulators[vendor].faults.add({ kind: 'patchBody', changes: [{ path, change: 'set', value }] });
    const { data, errors } = await healthy.query(
      'query ($id: ID!) { account(id: $id) { staffMembers(first: 100) { nodes { id roles { id name } } } } }',
      { id: account },
    );
    expect(errors).toEqual([]);
    expect(data?.account?.staffMembers?.nodes.length).toBeGreaterThan(10);
    expect(data?.account?.staffMembers?.nodes[0]?.roles[0]).toEqual({ id: 'constructor', name: null });
  });
});

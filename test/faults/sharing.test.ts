import { connectionOf, NO_CACHE, readList, sourceOf } from '../support/list-queries';
import {
  accountOf,
  FAILING_ACCOUNTS,
  readsOf,
  requestsOf,
  useVendorFixture,
  VENDORS,
} from '../support/vendor-fixture';

const stage = useVendorFixture();
/** Fails a read once and for all: it is not asked again within the same operation. */
const broken = { kind: 'status', status: 501 } as const;
const SECOND = 1000;

describe('single-flight: a thousand concurrent reads', () => {
  const CROWD = 1000;
  const QUESTION = `{
    staffMembers(first: 1, filter: { accountIds: ["contoso", "harbor-tea", "harbour-cafe"] }) {
      nodes { id } sources { account { id } state code }
    }
  }`;

  it('make one call for each account', async () => {
    const patient = { cacheTtl: '60s', readTimeout: '25s', operationDeadline: '28s', softDeadline: '25s' };
    const rollcall = await stage.start({ limits: patient });
    const crowd = Array.from({ length: CROWD }, () => rollcall.query(QUESTION));
    const answers = (await Promise.all(crowd)).map(({ data, errors }) => ({ data, errors }));
    const codes = answers.flatMap(({ data }) => data?.staffMembers?.sources.map(({ code }) => code));
    expect(new Set(codes)).toEqual(new Set([null]));
    expect(new Set(answers.map(({ data }) => data?.staffMembers?.nodes[0]?.id)).size).toBe(1);
    const accounts = ['contoso', 'harbor-tea', 'harbour-cafe'];
    expect(accounts.map((account) => readsOf(rollcall, account).length)).toEqual([1, 1, 1]);
  });
});

describe.each(VENDORS)('read cache: an account of %s', (vendor) => {
  const account = FAILING_ACCOUNTS[vendor];

  it('answers until the TTL with the time of the read, and reads again after it', async () => {
    const rollcall = await stage.start();
    const first = await sourceOf(rollcall, account);
    expect(first).toMatchObject({ state: 'FRESH', code: null, retryAt: null });
    stage.emulators.clock.advance(4 * SECOND);
    expect(await sourceOf(rollcall, account)).toEqual({ ...first, state: 'CACHED' });
    expect(readsOf(rollcall, account)).toHaveLength(1);
    stage.emulators.clock.advance(SECOND);
    const later = await sourceOf(rollcall, account);
    expect(later.state).toBe('FRESH');
    expect(Date.parse(String(later.asOf)) - Date.parse(String(first.asOf))).toBeGreaterThanOrEqual(
      5 * SECOND,
    );
    expect(readsOf(rollcall, account)).toHaveLength(2);
  });

  it('is bypassed by a caller that requires fresh data', async () => {
    const rollcall = await stage.start();
    await sourceOf(rollcall, account);
    expect(await sourceOf(rollcall, account, NO_CACHE)).toMatchObject({ state: 'FRESH' });
    expect(readsOf(rollcall, account)).toHaveLength(2);
    expect(await sourceOf(rollcall, account)).toMatchObject({ state: 'CACHED' });
  });

  it('caches nothing with a TTL of 0', async () => {
    const rollcall = await stage.start({ limits: { cacheTtl: '0s', staleTtl: '0s' } });
    for (const asked of [1, 2, 3]) {
      expect(await sourceOf(rollcall, account)).toMatchObject({ state: 'FRESH' });
      expect(readsOf(rollcall, account)).toHaveLength(asked);
    }
    stage.emulators[vendor].faults.add(broken);
    expect(await sourceOf(rollcall, account)).toMatchObject({ state: 'FAILED', asOf: null });
  });

  it('serves stale data while the vendor fails, with the reason and the age (stale-if-error)', async () => {
    const rollcall = await stage.start();
    const first = await readList(rollcall, 'staffMembers', { accountIds: [account] });
    const { asOf } = first.sources[account] ?? {};
    stage.emulators.clock.advance(6 * SECOND);
    const headers = { 'retry-after': '30' };
    stage.emulators[vendor].faults.add({ kind: 'status', status: 429, headers, times: 1 });
    const second = await readList(rollcall, 'staffMembers', { accountIds: [account] });
    const { retryAt } = await connectionOf(rollcall, account);
    expect(retryAt).not.toBeNull();
    expect(second).toEqual({
      ...first,
      sources: { [account]: { state: 'STALE', code: 'THROTTLED', retryAt, asOf } },
    });
    expect(readsOf(rollcall, account)).toHaveLength(2);
  });

  it('serves stale data until the stale TTL (stale-if-error)', async () => {
    const rollcall = await stage.start({ limits: { staleTtl: '60s' } });
    const { asOf } = await sourceOf(rollcall, account);
    stage.emulators[vendor].faults.add(broken);
    for (const age of [10, 30, 58]) {
      stage.emulators.clock.set(String(asOf));
      stage.emulators.clock.advance(age * SECOND);
      expect([age, await sourceOf(rollcall, account)]).toMatchObject([
        age,
        { state: 'STALE', code: 'UNAVAILABLE', asOf },
      ]);
    }
    stage.emulators.clock.advance(2 * SECOND);
    expect(await sourceOf(rollcall, account)).toMatchObject({
      state: 'FAILED',
      code: 'UNAVAILABLE',
      asOf: null,
    });
  });

  it('never caches a failure: the next caller reads again', async () => {
    const rollcall = await stage.start();
    stage.emulators[vendor].faults.add({ ...broken, times: 2 });
    const states = [];
    for (let asked = 1; asked <= 4; asked++) states.push((await sourceOf(rollcall, account)).state);
    expect(states).toEqual(['FAILED', 'FAILED', 'FRESH', 'CACHED']);
    expect(readsOf(rollcall, account)).toHaveLength(3);
  });

  it('never serves a single person from stale data', async () => {
    const rollcall = await stage.start();
    const { rows } = await readList(rollcall, 'staffMembers', { accountIds: [account] });
    const id = rows[account]?.[0]?.id;
    const ask = () => rollcall.query('query ($id: ID!) { staffMember(id: $id) { id email } }', { id });
    expect((await ask()).data?.staffMember?.id).toBe(id);
    stage.emulators.clock.advance(6 * SECOND);
    stage.emulators[vendor].faults.add(broken);
    const { data, errors } = await ask();
    expect(data).toEqual({ staffMember: null });
    expect(errors).toMatchObject([{ path: ['staffMember'], extensions: { code: 'VENDOR_UNAVAILABLE' } }]);
  });

  it('is separate for each tenant, even with the same vendor account (tenant isolation)', async () => {
    const original = accountOf(stage, account);
    const accounts = [...stage.emulators.accounts, { ...original, key: 'twin', tenant: 'twins' }];
    const rollcall = await stage.start({ accounts });
    expect(await sourceOf(rollcall, account)).toMatchObject({ state: 'FRESH' });
    expect(await sourceOf(rollcall, 'twin')).toMatchObject({ state: 'FRESH' });
    expect(requestsOf(rollcall, account)).toHaveLength(2);
    stage.emulators[vendor].faults.add({ kind: 'status', status: 429, times: 1 });
    expect((await sourceOf(rollcall, 'twin', NO_CACHE)).code).toBe('THROTTLED');
    expect((await connectionOf(rollcall, account)).state).toBe('OK');
    expect(await sourceOf(rollcall, account, NO_CACHE)).toMatchObject({ state: 'FRESH', code: null });
    const own = await stage.start({
      accounts,
      viewer: { tenant: 'twins', accounts: null, subject: null, scopes: 'ALL' },
    });
    expect(Object.keys((await readList(own, 'staffMembers')).rows)).toEqual(['twin']);
  });
});

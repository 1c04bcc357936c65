import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HELD, PATIENT_LIMITS } from '../support/held';
import { closeAll } from '../support/close-all';
import { SEED_INVITES } from '../support/seed-ids';
import { outcomeAndCodes, write } from '../support/invite-mutations';
import { connectionOf, NO_CACHE, readList, type Row, sourceOf } from '../support/list-queries';
import { metric } from '../support/metrics';
import {
  accountOf,
  type AppOptions,
  FAILING_ACCOUNTS,
  readsOf,
  requestsOf,
  useVendorFixture,
  VENDORS,
} from '../support/vendor-fixture';
import { waitFor } from '../support/wait-for';
import { type Rollcall, startRollcall } from '../support/start';
import { waitLongForRedis } from '../support/patient-redis';
import { openRedis, type TestRedis } from '../support/redis';
import { age, answersIn, startSharing } from './kept';

const stage = useVendorFixture();
const broken = { kind: 'status', status: 501 } as const;
let redis: TestRedis;
let folder: string;
beforeAll(async () => {
  waitLongForRedis();
  redis = await openRedis();
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-replicas-'));
  await redis.command('FLUSHDB');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});
afterAll(() => closeAll(redis));

/** Answers are good for a minute: nothing is forgotten by the time a test takes. */
const start = (more: AppOptions = {}): Promise<Rollcall> =>
  startSharing(stage, redis, { ...more, limits: { ...PATIENT_LIMITS, cacheTtl: '60s', ...more.limits } });
/** Two processes with one ledger, as replicas have. */
const pair = async (): Promise<[Rollcall, Rollcall]> => {
  const storage = `sqlite:${join(folder, 'ledger.db')}`;
  return [await start({ storage }), await start({ storage })];
};
const kept = (count: number): Promise<void> => waitFor(async () => (await answersIn(redis)).length === count);

describe.each(VENDORS)('shared read cache (Redis): an account of %s', (vendor) => {
  const account = FAILING_ACCOUNTS[vendor];
  const list = (rollcall: Rollcall, headers = {}) =>
    readList(rollcall, 'staffMembers', { accountIds: [account] }, headers);

  it('serves the read of one process in the other, with its time, without a vendor call', async () => {
    const [here, there] = await pair();
    const first = await list(here);
    await kept(1);
    const { asOf } = first.sources[account] ?? {};
    const sources = { [account]: { state: 'CACHED', code: null, retryAt: null, asOf } };
    expect(await list(there)).toEqual({ ...first, sources });
    expect(readsOf(here, account)).toHaveLength(1);
    expect(await metric(there, 'read_cache_total', { result: 'cached_elsewhere' })).toBe(1);
    // From then on it is there too.
    expect(await list(there)).toEqual({ ...first, sources });
    expect(await metric(there, 'read_cache_total', { result: 'cached' })).toBe(1);
  });

  it('expires at the age of the data, not of its copy', async () => {
    const [here, there] = await pair();
    await list(here);
    await kept(1);
    await age(redis, 58_000);
    expect(await sourceOf(there, account)).toMatchObject({ state: 'CACHED' });
    await age(redis, 2500);
    stage.emulators.clock.advance(2500);
    expect(await sourceOf(there, account)).toMatchObject({ state: 'FRESH' });
    expect(readsOf(here, account)).toHaveLength(2);
  });

  it('is bypassed when it is too old, and by a caller that requires fresh data', async () => {
    const [here, there] = await pair();
    await list(here);
    await kept(1);
    expect(await sourceOf(there, account, NO_CACHE)).toMatchObject({ state: 'FRESH' });
    expect(readsOf(here, account)).toHaveLength(2);
    await age(redis, 60_001);
    expect(await sourceOf(await start(), account)).toMatchObject({ state: 'FRESH' });
    expect(readsOf(here, account)).toHaveLength(3);
  });

  it('serves stale data of a failing vendor in a process that has never called it (stale-if-error)', async () => {
    const [here, there] = await pair();
    const first = await list(here);
    await kept(1);
    await age(redis, 61_000);
    stage.emulators[vendor].faults.add(broken);
    const source = { state: 'STALE', code: 'UNAVAILABLE', asOf: first.sources[account]?.asOf };
    const stale = await list(there);
    expect(stale.rows).toEqual(first.rows);
    expect(stale.sources).toMatchObject({ [account]: source });
    await age(redis, 300_000);
    expect(await sourceOf(await start(), account)).toMatchObject({ state: 'FAILED', asOf: null });
  });

  it('is invalidated in all processes by a write', async () => {
    const [here, there] = await pair();
    const id = SEED_INVITES[vendor].pending;
    const invites = async (rollcall: Rollcall): Promise<Row | undefined> => {
      const filter = { accountIds: [account], status: ['PENDING', 'REVOKED'] };
      const { rows } = await readList(rollcall, 'invites', filter);
      return rows[account]?.find((row) => row.id === id);
    };
    await list(there);
    expect(await invites(there)).toMatchObject({ status: 'PENDING' });
    const asked = readsOf(here, account).length;
    expect(outcomeAndCodes(await write(here, 'revokeInvite', { inviteId: id }))).toBe('REQUESTED');
    // It hears of it in moments, not in the same one.
    await waitFor(async () => (await sourceOf(there, account)).state === 'FRESH');
    expect(readsOf(here, account).length).toBeGreaterThan(asked);
    // SoftwareOne keeps no trace of it.
    const status = vendor === 'softwareone' ? undefined : 'REVOKED';
    expect((await invites(there))?.status).toBe(status);
    expect(await sourceOf(await start(), account)).toMatchObject({ state: 'CACHED' });
  });

  it('does not keep a read that was in flight during a write', async () => {
    const [here, there] = await pair();
    stage.emulators[vendor].faults.add({ ...HELD, route: 'GET *', times: 1 });
    const old = sourceOf(there, account);
    await waitFor(() => readsOf(there, account).length === 1);
    await write(here, 'resendInvite', { inviteId: SEED_INVITES[vendor].pending });
    stage.emulators[vendor].faults.clear();
    await old;
    const asked = readsOf(here, account).length;
    expect(await sourceOf(await start(), account)).toMatchObject({ state: 'FRESH' });
    expect(readsOf(here, account)).toHaveLength(asked + 1);
  });

  it('is separate for each tenant, even with the same vendor account (tenant isolation)', async () => {
    const original = accountOf(stage, account);
    const twin = { ...original, key: 'twin', tenant: 'twins' };
    const here = await start({ accounts: [...stage.emulators.accounts, twin] });
    const there = await start({ accounts: [{ ...twin, key: account }] });
    await list(here);
    await kept(1);
    expect(await sourceOf(here, 'twin')).toMatchObject({ state: 'FRESH' });
    // The same key and the same vendor's account, but of another tenant.
    expect(await sourceOf(there, account)).toMatchObject({ state: 'FRESH' });
    expect(requestsOf(here, account)).toHaveLength(3);
    stage.emulators[vendor].faults.add({ kind: 'status', status: 429, times: 1 });
    expect((await sourceOf(there, account, NO_CACHE)).code).toBe('THROTTLED');
    expect((await connectionOf(here, account)).state).toBe('OK');
  });
});

describe('single-flight across processes', () => {
  const CROWD = 100;

  it('makes one vendor call', async () => {
    const both = [await start(), await start()];
    const crowd = both.flatMap((each) => Array.from({ length: CROWD }, () => sourceOf(each, 'harbor-tea')));
    const states = (await Promise.all(crowd)).map(({ state, code }) => `${state} ${String(code)}`);
    expect([...new Set(states)].sort()).toEqual(['CACHED null', 'FRESH null']);
    expect(readsOf(stage, 'harbor-tea')).toHaveLength(1);
  });

  it('lets the other process call when the first fails, and does not share the failure', async () => {
    const { rollcall: here, gate } = await stage.startGated('ecwid', { redis: redis.url });
    const there = await start({ addresses: { ecwid: gate.baseUrl } });
    stage.emulators.ecwid.faults.add({ ...broken, times: 1 });
    gate.hold();
    const first = sourceOf(here, 'harbor-tea');
    await gate.until(({ waiting }) => waiting === 1);
    const second = sourceOf(there, 'harbor-tea');
    gate.open();
    expect(await first).toMatchObject({ state: 'FAILED', code: 'UNAVAILABLE' });
    expect(await second).toMatchObject({ state: 'FRESH' });
    expect(readsOf(stage, 'harbor-tea')).toHaveLength(2);
  });

  it('leaves no lease behind after a failure', async () => {
    stage.emulators.ecwid.faults.add({ ...broken, times: 1 });
    expect(await sourceOf(await start(), 'harbor-tea')).toMatchObject({ state: 'FAILED' });
    expect(await redis.keys('rollcall:asking:')).toEqual([]);
    expect(await answersIn(redis)).toEqual([]);
  });

  it('keeps the newer response, in any order of arrival', async () => {
    const [here, there] = await pair();
    const status = async (rollcall: Rollcall, headers = {}) => {
      const filter = { accountIds: ['harbor-tea'], status: ['PENDING', 'ACCEPTED'] };
      const { rows } = await readList(rollcall, 'invites', filter, headers);
      return rows['harbor-tea']?.find(({ id }) => id === SEED_INVITES.ecwid.alsoPending)?.status;
    };
    stage.emulators.ecwid.faults.add({ ...HELD, times: 1 });
    const slow = status(here);
    await waitFor(() => readsOf(here, 'harbor-tea').length === 1);
    stage.emulators.ecwid.changeInvite('harbor-tea', 'priya@harbor-tea.example', 'accept');
    expect(await status(there, NO_CACHE)).toBe('ACCEPTED');
    stage.emulators.ecwid.faults.clear();
    expect(await slow).toBe('PENDING');
    // Whatever the slow one had to say, it has said before this.
    await write(here, 'resendInvite', { inviteId: SEED_INVITES.softwareone.pending });
    expect(await status(await start())).toBe('ACCEPTED');
    expect(readsOf(here, 'harbor-tea')).toHaveLength(2);
  });

  it('bounds the wait: the process that holds the lease may have died', async () => {
    const { rollcall: here, gate } = await stage.startGated('ecwid', { redis: redis.url });
    const there = await start({ addresses: { ecwid: gate.baseUrl } });
    gate.hold();
    const first = sourceOf(here, 'harbor-tea');
    await gate.until(({ waiting }) => waiting === 1);
    const second = sourceOf(there, 'harbor-tea');
    await gate.until(({ waiting }) => waiting === 2);
    gate.open();
    expect([await first, await second]).toMatchObject([{ state: 'FRESH' }, { state: 'FRESH' }]);
  });
});

const replaced = (body: Buffer, text: string, by: string): Buffer =>
  Buffer.from(body.toString('latin1').replace(text, by), 'latin1');

describe('shared read cache: entries in Redis', () => {
  const account = 'contoso';

  it.each<[string, (body: Buffer) => Buffer]>([
    ['with a byte changed', (body) => replaced(body, '@contoso.example', '@c0ntoso.example')],
    ['cut', (body) => body.subarray(0, body.length / 2)],
    ['empty', () => Buffer.alloc(0)],
    ['of another kind', () => Buffer.from('{"value":{"staff":[]},"asOf":1}')],
    ['of two megabytes', () => Buffer.alloc(2 << 20, 65)],
  ])('are refused as invalid: %s', async (_what, change) => {
    const here = await start();
    await sourceOf(here, account);
    await kept(1);
    const [key = ''] = await answersIn(redis);
    const body = (await redis.command('HGET', key, 'body')) as Buffer;
    await redis.command('HSET', key, 'body', change(body));
    const read = await readList(await start(), 'staffMembers', { accountIds: [account] });
    expect(read.sources[account]).toMatchObject({ state: 'FRESH' });
    expect(readsOf(here, account)).toHaveLength(2);
    // And was put right.
    await waitFor(async () => (await sourceOf(await start(), account)).state === 'CACHED');
  });

  it.each<[string, (key: string) => string[]]>([
    ['an answer in the place of another', (key) => ['RENAME', key, key.replace(/.$/, 'x')]],
    ["another version's answers", (key) => ['RENAME', key, key.replace(/:\d+\.\d+\.\d+[^:]*:/, ':0.0.0:')]],
    ['a key of another type', (key) => ['SET', key, 'text']],
    ['an answer without a generation', (key) => ['HDEL', key, 'generation']],
  ])('are not found: %s', async (_what, change) => {
    const here = await start();
    await sourceOf(here, account);
    await kept(1);
    const [key = ''] = await answersIn(redis);
    await redis.command(...change(key));
    expect(await sourceOf(await start(), account)).toMatchObject({ state: 'FRESH' });
    expect(readsOf(here, account)).toHaveLength(2);
  });

  it('of another account are refused', async () => {
    const here = await start();
    await sourceOf(here, account);
    await sourceOf(here, 'contoso-nordic');
    await kept(2);
    const [one = '', other = ''] = await answersIn(redis);
    await redis.command('HSET', one, 'body', (await redis.command('HGET', other, 'body')) as Buffer);
    const there = await start();
    const states = [await sourceOf(there, account), await sourceOf(there, 'contoso-nordic')];
    expect(states.map(({ state }) => state).sort()).toEqual(['CACHED', 'FRESH']);
  });

  it('are not found after the loss of the generation of their account', async () => {
    const here = await start();
    await sourceOf(here, account);
    await kept(1);
    for (const key of await redis.keys('rollcall:generation:')) await redis.command('DEL', key);
    expect(await sourceOf(await start(), account)).toMatchObject({ state: 'FRESH' });
  });

  it('expire, all of them', async () => {
    const here = await start();
    await sourceOf(here, account);
    await kept(1);
    await write(here, 'resendInvite', { inviteId: SEED_INVITES.softwareone.pending });
    stage.emulators.softwareone.faults.add({ kind: 'status', status: 429, times: 1 });
    await sourceOf(here, account);
    await waitFor(async () => (await redis.keys('rollcall:throttled:')).length === 1);
    const left = (await redis.keys()).map((key) => redis.command('PTTL', key));
    expect(Math.min(...((await Promise.all(left)) as number[]))).toBeGreaterThan(0);
  });

  it('are not written with a TTL of 0', async () => {
    const here = await start({ limits: { cacheTtl: '0s' } });
    await sourceOf(here, account);
    expect(await redis.keys('rollcall:answer:')).toEqual([]);
    expect(await redis.keys('rollcall:asking:')).toEqual([]);
  });

  it('are at most one megabyte', async () => {
    const world = { accounts: 3, staffPerAccount: 8000 };
    const here = await startRollcall({ world, redis: redis.url, limits: { responseBytes: 64 << 20 } });
    try {
      const ecwid = here.emulators.accounts.find(({ vendor }) => vendor === 'ecwid');
      await sourceOf(here, ecwid?.key ?? '');
      await waitFor(async () => (await redis.keys('rollcall:asking:')).length === 0);
      expect(await answersIn(redis)).toEqual([]);
    } finally {
      await here.close();
    }
  });
});

import { closeAll } from '../support/close-all';
import { connectionOf, NO_CACHE, sourceOf } from '../support/list-queries';
import { metric } from '../support/metrics';
import {
  accountOf,
  type AppOptions,
  FAILING_ACCOUNTS,
  readsOf,
  useVendorFixture,
  VENDORS,
} from '../support/vendor-fixture';
import { waitFor } from '../support/wait-for';
import type { Rollcall } from '../support/start';
import { waitLongForRedis } from '../support/patient-redis';
import { openRedis, type TestRedis } from '../support/redis';
import { startSharing } from './kept';

const stage = useVendorFixture();
let redis: TestRedis;
beforeAll(async () => {
  waitLongForRedis();
  redis = await openRedis();
});
beforeEach(() => redis.command('FLUSHDB'));
afterAll(() => closeAll(redis));

const start = (more: AppOptions = {}) => startSharing(stage, redis, more);
const stateOf = async (rollcall: Rollcall, account: string) => (await connectionOf(rollcall, account)).state;

describe.each(VENDORS)('shared pauses (Redis): two processes with an account of %s', (vendor) => {
  const account = FAILING_ACCOUNTS[vendor];

  it('make no call before the Retry-After that one of them got (rate limit)', async () => {
    const [here, there] = [await start(), await start()];
    const headers = { 'retry-after': '60' };
    stage.emulators[vendor].faults.add({ kind: 'status', status: 429, headers, times: 1 });
    const { code, retryAt } = await sourceOf(here, account);
    expect(code).toBe('THROTTLED');
    await waitFor(async () => (await stateOf(there, account)) === 'THROTTLED');
    // It does not hear itself.
    expect((await connectionOf(here, account)).retryAt).toBe(retryAt);
    const asked = readsOf(here, account).length;
    const heard = await sourceOf(there, account, NO_CACHE);
    expect(heard).toMatchObject({ state: 'FAILED', code: 'THROTTLED' });
    // By its own clock, from the moment it was told.
    const apart = Date.parse(String(heard.retryAt)) - Date.parse(String(retryAt));
    expect(Math.abs(apart)).toBeLessThan(5000);
    expect(readsOf(here, account)).toHaveLength(asked);
    const late = await start();
    expect(await stateOf(late, account)).toBe('THROTTLED');
    expect(await sourceOf(late, account)).toMatchObject({ state: 'FAILED', code: 'THROTTLED' });
    expect(readsOf(here, account)).toHaveLength(asked);
    stage.emulators.clock.advance(75_000);
    expect(await sourceOf(there, account, NO_CACHE)).toMatchObject({ state: 'FRESH' });
  });

  it('do not use a credential that one of them was refused with, until it is accepted again', async () => {
    const [here, there] = [await start(), await start()];
    stage.emulators[vendor].faults.add({ kind: 'status', status: 401 });
    expect(await sourceOf(here, account)).toMatchObject({ state: 'FAILED', code: 'AUTH' });
    await waitFor(async () => (await stateOf(there, account)) === 'AUTH_FAILED');
    const asked = readsOf(here, account).length;
    expect(await sourceOf(there, account)).toMatchObject({ state: 'FAILED', code: 'AUTH' });
    const late = await start();
    expect(await stateOf(late, account)).toBe('AUTH_FAILED');
    expect(await sourceOf(late, account)).toMatchObject({ state: 'FAILED', code: 'AUTH' });
    expect(readsOf(here, account)).toHaveLength(asked);
    stage.emulators[vendor].faults.clear();
    stage.emulators.clock.advance(31_000);
    expect(await sourceOf(there, account)).toMatchObject({ state: 'FRESH' });
    await waitFor(async () => (await stateOf(here, account)) === 'OK');
    await waitFor(async () => (await redis.keys('rollcall:refused:')).length === 0);
    expect(await stateOf(await start(), account)).toBe('OK');
  });

  it('use a new credential although the old one was refused', async () => {
    const old = await start();
    stage.emulators[vendor].faults.add({ kind: 'status', status: 401, times: 1 });
    expect(await sourceOf(old, account)).toMatchObject({ code: 'AUTH' });
    await waitFor(async () => (await redis.keys('rollcall:refused:')).length === 1);
    const others = stage.emulators.accounts.filter(({ key }) => key !== account);
    const one = accountOf(stage, account);
    const credential = 'token' in one ? { token: `${one.token}x` } : { apiKey: `${one.apiKey}x` };
    const renewed = await start({ accounts: [...others, { ...one, ...credential }] });
    expect(await stateOf(renewed, account)).toBe('OK');
  });

  it('open the circuit breaker together: at the first failure of the other, after five failures of one', async () => {
    const limits = { cacheTtl: '0s', staleTtl: '0s' };
    const here = await start({ limits });
    const there = await start({ limits });
    stage.emulators[vendor].faults.add({ kind: 'status', status: 501, account });
    for (let failures = 0; failures < 5; failures++) await sourceOf(here, account);
    expect(await stateOf(here, account)).toBe('CIRCUIT_OPEN');
    // Whatever was told to the others comes after it.
    await settle(here, there);
    expect(await stateOf(there, account)).toBe('OK');
    await sourceOf(there, account);
    expect(await stateOf(there, account)).toBe('CIRCUIT_OPEN');
  });
});

describe('event bus: invalid messages', () => {
  const account = 'contoso';
  const LONG = 1e12;

  it.each([
    ['no JSON', 'throttled!'],
    ['nothing', ''],
    ['of two megabytes', 'x'.repeat(2 << 20)],
    ['null', 'null'],
    ['without a sender', '{"about":"NAME","signal":{"kind":"written"}}'],
    ['of an unknown kind', '{"from":"x","about":"NAME","signal":{"kind":"closed"}}'],
    [
      'with more than it may have',
      '{"from":"x","about":"NAME","signal":{"kind":"broken","__proto__":{"a":1}}}',
    ],
    ['of a pause without an end', '{"from":"x","about":"NAME","signal":{"kind":"throttled","forMs":1e12}}'],
    ['of a pause in the past', '{"from":"x","about":"NAME","signal":{"kind":"throttled","forMs":-1}}'],
    ['of half a refusal', '{"from":"x","about":"NAME","signal":{"kind":"refused","refusals":0.5,"forMs":1}}'],
    ['of nobody', '{"from":"x","about":"__proto__","signal":{"kind":"throttled","forMs":1000}}'],
  ])('are ignored: %s', async (_what, text) => {
    const here = await start();
    await sourceOf(here, account);
    const [key = ''] = await redis.keys('rollcall:generation:');
    const about = key.slice('rollcall:generation:'.length);
    await redis.command('PUBLISH', 'rollcall:signals:1', text.replace('NAME', about));
    // A good one after it shows that it has been read.
    const good = { from: 'x', about, signal: { kind: 'throttled', forMs: 60_000 } };
    expect(await stateOf(here, account)).toBe('OK');
    await redis.command('PUBLISH', 'rollcall:signals:1', JSON.stringify(good));
    await waitFor(async () => (await stateOf(here, account)) === 'THROTTLED');
    const { retryAt } = await connectionOf(here, account);
    expect(Date.parse(String(retryAt)) - stage.emulators.clock.now()).toBeLessThanOrEqual(60_000);
  });

  it.each<[string, (key: string) => string[]]>([
    ['without an end', (key) => ['PERSIST', key]],
    ['of years', (key) => ['PEXPIRE', key, String(LONG)]],
  ])('cause no pause for later processes: one %s', async (_what, change) => {
    const here = await start();
    stage.emulators.softwareone.faults.add({ kind: 'status', status: 429, account, times: 1 });
    await sourceOf(here, account);
    await waitFor(async () => (await redis.keys('rollcall:throttled:')).length === 1);
    const [key = ''] = await redis.keys('rollcall:throttled:');
    await redis.command(...change(key));
    expect(await stateOf(await start(), account)).toBe('OK');
  });

  it('do not prevent a connection', async () => {
    const here = await start();
    stage.emulators.softwareone.faults.add({ kind: 'status', status: 429, account, times: 1 });
    await sourceOf(here, account);
    await waitFor(async () => (await redis.keys('rollcall:throttled:')).length === 1);
    const [key = ''] = await redis.keys('rollcall:throttled:');
    await redis.command('DEL', key);
    await redis.command('HSET', key, 'a', 'b');
    await redis.command('PEXPIRE', key, '60000');
    const late = await start();
    expect(await stateOf(late, account)).toBe('OK');
    expect(await metric(late, 'redis_connected')).toBe(1);
  });
});

/** Makes sure that what one has told has been heard by the other: a pause of another account, told later, has. */
async function settle(here: Rollcall, there: Rollcall): Promise<void> {
  const other = 'contoso-nordic';
  stage.emulators.softwareone.faults.add({ kind: 'status', status: 429, account: other, times: 1 });
  await sourceOf(here, other);
  await waitFor(async () => (await stateOf(there, other)) === 'THROTTLED');
}

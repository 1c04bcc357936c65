import type { VendorName } from '../../src/emulators/start';
import type { Rollcall } from '../support/start';
import { connectionOf, NO_CACHE, readList, sourceOf } from '../support/list-queries';
import { FAILING_ACCOUNTS, readsOf, useVendorFixture, VENDORS } from '../support/vendor-fixture';
import { waitFor } from '../support/wait-for';

const stage = useVendorFixture();
const SECOND = 1000;
const NEIGHBOUR: Record<VendorName, string> = {
  ecwid: 'globex-parts',
  softwareone: 'globex-iberia',
  wix: 'globex-studio',
};

const crowdOf = (rollcall: Rollcall, account: string, size: number) =>
  Array.from({ length: size }, () => sourceOf(rollcall, account, NO_CACHE));

const pause = (seconds: string) =>
  ({ kind: 'status', status: 429, headers: { 'retry-after': seconds }, times: 1 }) as const;

describe.each(VENDORS)('rate limit: a 429 of %s', (vendor) => {
  const account = FAILING_ACCOUNTS[vendor];

  it('pauses the account for all callers: one of fifty gets it, and no further call is made until Retry-After', async () => {
    const { rollcall, gate } = await stage.startGated(vendor, { limits: { concurrencyPerAccount: 8 } });
    const { clock } = stage.emulators;
    stage.emulators[vendor].faults.add({ ...pause('30'), account });
    gate.hold();
    const crowd = crowdOf(rollcall, account, 50);
    await gate.until(({ waiting }) => waiting === 8);
    const before = clock.now();
    gate.open(1);
    await waitFor(async () => (await connectionOf(rollcall, account)).state === 'THROTTLED');
    gate.open();
    const codes = (await Promise.all(crowd)).map(({ code }) => code);
    // Seven were on their way already.
    expect(codes.filter((code) => code === null)).toHaveLength(7);
    expect(codes.filter((code) => code === 'THROTTLED')).toHaveLength(43);
    expect(gate.received).toBe(8);

    const { state, retryAt } = await connectionOf(rollcall, account);
    const wait = Date.parse(String(retryAt)) - before;
    expect([state, wait >= 30 * SECOND, wait <= 36 * SECOND + (clock.now() - before)]).toEqual([
      'THROTTLED',
      true,
      true,
    ]);
    clock.set(String(retryAt));
    clock.advance(-SECOND);
    const later = await Promise.all(crowdOf(rollcall, account, 20));
    expect(new Set(later.map((source) => source.code))).toEqual(new Set(['THROTTLED']));
    expect(gate.received).toBe(8);
    expect(await sourceOf(rollcall, NEIGHBOUR[vendor], NO_CACHE)).toMatchObject({
      state: 'FRESH',
      code: null,
    });
    expect(gate.received).toBe(9);

    clock.advance(SECOND + 1);
    expect(await sourceOf(rollcall, account, NO_CACHE)).toMatchObject({ state: 'FRESH', code: null });
    expect((await connectionOf(rollcall, account)).state).toBe('OK');
  });

  it('is shown by the connection, without a vendor call', async () => {
    const rollcall = await stage.start();
    expect(await connectionOf(rollcall, account)).toEqual({ state: 'OK', since: null, retryAt: null });
    const before = stage.emulators.clock.now();
    stage.emulators[vendor].faults.add({ ...pause('120'), account });
    const { retryAt } = await sourceOf(rollcall, account);
    rollcall.forgetRequests();
    const connection = await connectionOf(rollcall, account);
    expect(connection).toMatchObject({ state: 'THROTTLED', retryAt });
    expect(Date.parse(String(connection.since))).toBeGreaterThanOrEqual(before);
    expect((await connectionOf(rollcall, NEIGHBOUR[vendor])).state).toBe('OK');
    expect(rollcall.vendorRequests()).toEqual([]);
  });

  it('is neither waited for nor retried within an operation', async () => {
    const rollcall = await stage.start();
    stage.emulators[vendor].faults.add({ ...pause('1'), account });
    expect(await sourceOf(rollcall, account)).toMatchObject({ state: 'FAILED', code: 'THROTTLED' });
    expect(readsOf(rollcall, account)).toHaveLength(1);
  });

  it('does not shorten a longer pause', async () => {
    const { rollcall, gate } = await stage.startGated(vendor);
    for (const seconds of ['600', '1']) stage.emulators[vendor].faults.add({ ...pause(seconds), account });
    gate.hold();
    const crowd = crowdOf(rollcall, account, 2);
    await gate.until(({ waiting }) => waiting === 2);
    gate.open(1);
    await waitFor(async () => (await connectionOf(rollcall, account)).state === 'THROTTLED');
    gate.open();
    await Promise.all(crowd);
    stage.emulators.clock.advance(590 * SECOND);
    expect((await connectionOf(rollcall, account)).state).toBe('THROTTLED');
  });
});

describe('rate limit: Retry-After', () => {
  it.each([
    ['-5', 10],
    ['1.5', 1],
    ['10 seconds', 10],
    ['5;', 5],
    ['', 10],
  ])('that is invalid (%j) still pauses the account', async (value, least) => {
    const rollcall = await stage.start();
    const headers = value === '' ? {} : { 'retry-after': value };
    stage.emulators.ecwid.faults.add({ kind: 'status', status: 429, headers });
    const before = stage.emulators.clock.now();
    const { retryAt } = await sourceOf(rollcall, 'harbor-tea');
    expect(Date.parse(String(retryAt)) - before).toBeGreaterThanOrEqual(least * SECOND);
    await sourceOf(rollcall, 'harbor-tea');
    expect(readsOf(rollcall, 'harbor-tea')).toHaveLength(1);
  });
});

describe.each(VENDORS)('concurrency limit: the calls of one account of %s', (vendor) => {
  const account = FAILING_ACCOUNTS[vendor];

  it('never exceed the limit, and are all executed', async () => {
    const { rollcall, gate } = await stage.startGated(vendor, { limits: { concurrencyPerAccount: 3 } });
    stage.emulators[vendor].faults.add({ kind: 'latency', ms: 20 });
    const sources = await Promise.all(crowdOf(rollcall, account, 20));
    expect(new Set(sources.map(({ code }) => code))).toEqual(new Set([null]));
    expect([gate.received, gate.maxInFlight]).toEqual([20, 3]);
  });

  it('never delay another account while they queue', async () => {
    const { rollcall, gate } = await stage.startGated(vendor, { limits: { concurrencyPerAccount: 2 } });
    gate.hold();
    const crowd = crowdOf(rollcall, account, 10);
    await gate.until(({ waiting }) => waiting === 2);
    const other = sourceOf(rollcall, NEIGHBOUR[vendor]);
    await gate.until(({ waiting }) => waiting === 3);
    gate.open();
    expect((await other).state).toBe('FRESH');
    await Promise.all(crowd);
    expect(gate.received).toBe(11);
  });
});

describe('retry budget', () => {
  it('limits retries to a tenth of many reads while the vendor is down', async () => {
    const rollcall = await stage.start();
    stage.emulators.wix.faults.add({ kind: 'status', status: 503, account: 'harbour-cafe' });
    const READS = 100;
    for (let read = 0; read < READS; read++)
      expect((await sourceOf(rollcall, 'harbour-cafe', NO_CACHE)).code).toBe('UNAVAILABLE');
    // Five failures in a row, and then silence.
    expect(readsOf(rollcall, 'harbour-cafe')).toHaveLength(5);
  });

  it('limits retries to a tenth of many reads beyond the first ten while every fifth read fails', async () => {
    const rollcall = await stage.start();
    const READS = 150;
    const { faults } = stage.emulators.wix;
    const tries = [];
    for (let read = 0; read < READS; read++) {
      if (read % 5 === 4) faults.add({ kind: 'status', status: 503, account: 'harbour-cafe', times: 3 });
      const before = readsOf(rollcall, 'harbour-cafe').length;
      await sourceOf(rollcall, 'harbour-cafe', NO_CACHE);
      tries.push(readsOf(rollcall, 'harbour-cafe').length - before);
      faults.clear();
    }
    const retries = tries.reduce((sum, count) => sum + Math.max(count - 1, 0), 0);
    expect(Math.max(...tries)).toBe(3);
    expect(retries).toBeGreaterThan(10);
    expect(retries).toBeLessThanOrEqual(10 + READS / 10);
  });
});

describe('rate limit: a page over accounts of which one is throttled', () => {
  it('has all rows of the others, and the time to retry', async () => {
    const rollcall = await stage.start();
    const whole = await readList(rollcall, 'staffMembers');
    stage.emulators.clock.advance(600 * SECOND);
    stage.emulators.softwareone.faults.add({ ...pause('60'), account: 'contoso' });
    const { rows, sources } = await readList(rollcall, 'staffMembers', {}, NO_CACHE);
    expect({ ...rows, contoso: [] }).toEqual({ ...whole.rows, contoso: [] });
    const { retryAt, ...source } = sources['contoso'] ?? {};
    expect(source).toEqual({ state: 'FAILED', code: 'THROTTLED', asOf: null });
    expect(retryAt).toBe((await connectionOf(rollcall, 'contoso')).retryAt);
  });
});

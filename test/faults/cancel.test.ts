import { setTimeout as delay } from 'node:timers/promises';
import { HELD } from '../support/held';
import type { Rollcall } from '../support/start';
import { call } from './caller';
import type { Gate } from '../support/request-gate';
import { connectionOf, NO_CACHE, readList, sourceOf } from '../support/list-queries';
import { metric } from '../support/metrics';
import { FAILING_ACCOUNTS, readsOf, useVendorFixture, VENDORS } from '../support/vendor-fixture';
import { waitFor } from '../support/wait-for';

const stage = useVendorFixture();
const patient = { readTimeout: '20s', operationDeadline: '25s', softDeadline: '20s' };

const isEmpty = ({ received, aborted, waiting }: Gate): boolean => received === aborted && waiting === 0;
const shared = (rollcall: Rollcall, count: number) =>
  waitFor(async () => (await metric(rollcall, 'read_cache_total', { result: 'shared' })) === count);

describe.each(VENDORS)('cancellation: a client that disconnects while %s is called', (vendor) => {
  const account = FAILING_ACCOUNTS[vendor];

  it('aborts the vendor call', async () => {
    const { rollcall, gate } = await stage.startGated(vendor, { limits: patient });
    gate.hold();
    const { answer, leave } = call(rollcall, account);
    await gate.until(({ waiting }) => waiting === 1);
    leave();
    await gate.until(({ aborted }) => aborted === 1);
    expect(await answer).toBe('left');
    expect(readsOf(rollcall, account)).toEqual([]);
  });

  it('keeps the call alive for another client that waits for the same read (single-flight)', async () => {
    const { rollcall, gate } = await stage.startGated(vendor, { limits: patient });
    gate.hold();
    const [first, second] = [call(rollcall, account), call(rollcall, account)];
    await shared(rollcall, 1);
    first.leave();
    expect(await first.answer).toBe('left');
    const third = call(rollcall, account);
    await shared(rollcall, 2);
    expect([gate.received, gate.aborted]).toEqual([1, 0]);
    gate.open();
    expect(await Promise.all([second.answer, third.answer])).toEqual([
      expect.stringContaining('FRESH'),
      expect.stringContaining('FRESH'),
    ]);
    expect([gate.received, gate.aborted]).toEqual([1, 0]);
  });

  it('aborts the call when the last of several clients disconnects', async () => {
    const { rollcall, gate } = await stage.startGated(vendor, { limits: patient });
    gate.hold();
    const callers = [1, 2, 3].map(() => call(rollcall, account));
    await shared(rollcall, 2);
    await gate.until(({ waiting }) => waiting === 1);
    for (const { leave } of callers) leave();
    await gate.until(({ aborted }) => aborted === 1);
    gate.open();
    expect(await sourceOf(rollcall, account)).toMatchObject({ state: 'FRESH' });
  });

  it('makes no vendor call when the client disconnects in the queue', async () => {
    const limits = { ...patient, concurrencyPerAccount: 1 };
    const { rollcall, gate } = await stage.startGated(vendor, { limits });
    gate.hold();
    const first = call(rollcall, account, NO_CACHE);
    await gate.until(({ waiting }) => waiting === 1);
    const second = call(rollcall, account, NO_CACHE);
    await waitFor(async () => (await metric(rollcall, 'read_cache_total', { result: 'asked' })) === 2);
    second.leave();
    expect(await second.answer).toBe('left');
    gate.open();
    expect(await first.answer).toContain('FRESH');
    expect(await sourceOf(rollcall, account, NO_CACHE)).toMatchObject({ state: 'FRESH' });
    expect(gate.received).toBe(2);
  });

  it.each([0, 50, 200])('leaves no open request behind after %d ms (resource leak)', async (ms) => {
    const { rollcall, gate } = await stage.startGated(vendor, { limits: patient });
    gate.hold();
    const { answer, leave } = call(rollcall, account);
    await new Promise((resolve) => setTimeout(resolve, ms));
    leave();
    expect(await answer).toBe('left');
    // Whatever was on its way is let go of, and the next one is a first one.
    const next = call(rollcall, account);
    await gate.until(({ waiting }) => waiting === 1);
    next.leave();
    await gate.until(isEmpty);
    expect(gate.aborted).toBeLessThanOrEqual(2);
  });
});

describe('deadline of an operation', () => {
  const limits = { readTimeout: '20s', operationDeadline: '900ms' };

  it.each(VENDORS)('aborts the calls to %s and reports a timeout', async (vendor) => {
    const { rollcall, gate } = await stage.startGated(vendor, { limits });
    const account = FAILING_ACCOUNTS[vendor];
    gate.hold();
    expect(await sourceOf(rollcall, account)).toMatchObject({ state: 'FAILED', code: 'TIMEOUT' });
    await gate.until(isEmpty);
  });

  it('is reported as a timeout of the slow vendor', async () => {
    const { rollcall, gate } = await stage.startGated('ecwid', { limits });
    gate.hold();
    const { data, errors } = await rollcall.query(
      '{ staffMember(id: "harbor-tea:p90112233") { id } other: staffMember(id: "contoso:AUSR-2750-9914-0301") { id } }',
    );
    expect(data).toEqual({ staffMember: null, other: { id: 'contoso:AUSR-2750-9914-0301' } });
    expect(errors).toMatchObject([{ path: ['staffMember'], extensions: { code: 'VENDOR_TIMEOUT' } }]);
    await gate.until(isEmpty);
  });
});

describe('soft deadline: partial results', () => {
  const limits = { readTimeout: '20s', operationDeadline: '25s', softDeadline: '900ms' };

  it.each(VENDORS)(
    'returns the other accounts while one account of %s is still in progress',
    async (vendor) => {
      const { rollcall, gate } = await stage.startGated(vendor, { limits });
      const account = FAILING_ACCOUNTS[vendor];
      const accountIds = stage.emulators.accounts.map(({ key }) => key);
      const others = accountIds.filter((key) => key !== account);
      const whole = await readList(rollcall, 'staffMembers', { accountIds: others }, NO_CACHE);
      const before = gate.received;
      gate.hold();
      const waiting = accountIds.filter((key) =>
        rollcall.config.accounts.some((each) => each.id === key && each.vendor === vendor.toUpperCase()),
      );
      const list = readList(rollcall, 'staffMembers', { accountIds }, NO_CACHE);
      await gate.until((now) => now.waiting === waiting.length);
      const { rows, sources } = await list;
      // Nobody has let the vendor's calls go on, and nobody has cut them off.
      expect([gate.received - before, gate.aborted, gate.waiting]).toEqual([
        waiting.length,
        0,
        waiting.length,
      ]);
      for (const key of waiting) {
        const kept = key === account ? { state: 'FAILED' } : { state: 'STALE' };
        expect(sources[key]).toMatchObject({ ...kept, code: 'TIMEOUT' });
      }
      expect(rows).toEqual({ ...whole.rows });

      gate.open();
      await waitFor(async () => (await sourceOf(rollcall, account)).state === 'CACHED');
      expect(gate.received - before).toBe(waiting.length);
    },
  );

  it('starts with the first response', async () => {
    const rollcall = await stage.start({ limits: { ...limits, softDeadline: '50ms' } });
    stage.emulators.wix.faults.add({ kind: 'status', status: 501, account: 'globex-studio' });
    stage.emulators.wix.faults.add({ ...HELD, account: 'harbour-cafe' });
    const accountIds = ['globex-studio', 'harbour-cafe'];
    const list = readList(rollcall, 'staffMembers', { accountIds });
    await waitFor(async () => (await metric(rollcall, 'vendor_requests_total', { vendor: 'WIX' })) === 1);
    // Longer than the soft deadline, which must not have started.
    await delay(150);
    stage.emulators.wix.faults.clear();
    const { sources } = await list;
    expect(sources).toMatchObject({
      'globex-studio': { code: 'UNAVAILABLE' },
      'harbour-cafe': { state: 'FRESH' },
    });
  });

  it('applies to single objects that are queried together', async () => {
    const { rollcall, gate } = await stage.startGated('ecwid', { limits });
    gate.hold();
    const { data, errors } = await rollcall.query(
      '{ staffMember(id: "harbor-tea:p90112233") { id } other: staffMember(id: "contoso:AUSR-2750-9914-0301") { id } }',
    );
    expect(data).toEqual({ staffMember: null, other: { id: 'contoso:AUSR-2750-9914-0301' } });
    expect(errors).toMatchObject([{ path: ['staffMember'], extensions: { code: 'VENDOR_TIMEOUT' } }]);
    expect([gate.waiting, gate.aborted]).toEqual([1, 0]);
  });

  it('counts abandoned calls for the circuit breaker: five failures open it', async () => {
    const rollcall = await stage.start({
      limits: { readTimeout: '600ms', softDeadline: '30ms', cacheTtl: '0s' },
    });
    stage.emulators.wix.faults.add({ kind: 'hang', account: 'harbour-cafe' });
    const accountIds = ['contoso', 'harbour-cafe'];
    for (let failure = 1; failure <= 5; failure++) {
      const { sources } = await readList(rollcall, 'staffMembers', { accountIds });
      expect(sources).toMatchObject({ contoso: { state: 'FRESH' }, 'harbour-cafe': { code: 'TIMEOUT' } });
      await waitFor(
        async () =>
          (await metric(rollcall, 'vendor_requests_total', { vendor: 'WIX', outcome: 'unknown' })) ===
          failure,
      );
    }
    expect((await connectionOf(rollcall, 'harbour-cafe')).state).toBe('CIRCUIT_OPEN');
  });
});

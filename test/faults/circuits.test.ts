import type { FaultKind } from '../../src/emulators/start';
import type { Rollcall } from '../support/start';
import { call } from './caller';
import { connectionOf, NO_CACHE, sourceOf } from '../support/list-queries';
import { metric } from '../support/metrics';
import {
  FAILING_ACCOUNTS,
  type GatedApp,
  readsOf,
  useVendorFixture,
  VENDORS,
} from '../support/vendor-fixture';
import { waitFor } from '../support/wait-for';

const stage = useVendorFixture();
const broken = { kind: 'status', status: 501 } as const;
const account = FAILING_ACCOUNTS.wix;
const ask = (rollcall: Rollcall) => sourceOf(rollcall, account, NO_CACHE);

beforeEach(() => {
  // The breaker goes by the process's own date; timers and sockets stay as they are.
  jest.useFakeTimers({
    now: Date.now(),
    doNotFake: [
      ...(['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate'] as const),
      ...(['clearImmediate', 'nextTick', 'queueMicrotask', 'hrtime', 'performance'] as const),
    ],
  });
});
afterEach(() => {
  jest.useRealTimers();
});
const pass = (seconds: number): void => {
  jest.setSystemTime(Date.now() + seconds * 1000);
};

/** Asks until the circuit is open. */
async function breakCircuit(rollcall: Rollcall, fault: FaultKind = broken): Promise<void> {
  stage.emulators.wix.faults.add({ ...fault, account, times: 5 });
  for (let failure = 1; failure <= 5; failure++)
    expect([failure, (await ask(rollcall)).code]).toEqual([failure, 'UNAVAILABLE']);
}

/** Asks with many at once, and waits until each of them has got as far as it can. */
async function crowd(rollcall: Rollcall, size: number) {
  const before = await metric(rollcall, 'read_cache_total', { result: 'asked' });
  const sources = Promise.all(Array.from({ length: size }, () => ask(rollcall)));
  await waitFor(
    async () => (await metric(rollcall, 'read_cache_total', { result: 'asked' })) === before + size,
  );
  return { sources };
}

const codesOf = (sources: readonly { code?: string | null }[]): Record<string, number> => {
  const codes: Record<string, number> = {};
  for (const { code } of sources) codes[String(code)] = (codes[String(code)] ?? 0) + 1;
  return codes;
};

describe('circuit breaker', () => {
  it.each(VENDORS)('opens after five consecutive failures, for that account only: %s', async (vendor) => {
    const rollcall = await stage.start();
    const [failing, other] = [
      FAILING_ACCOUNTS[vendor],
      { ecwid: 'maple-books', softwareone: 'contoso-nordic', wix: 'globex-studio' }[vendor],
    ];
    stage.emulators[vendor].faults.add({ ...broken, account: failing });
    const sources = [];
    for (let read = 1; read <= 7; read++) sources.push(await sourceOf(rollcall, failing, NO_CACHE));
    const retryAt = new Date(stage.emulators.clock.now() + 30_000).toISOString();
    expect(sources.map(({ code, retryAt: at }) => [code, at])).toEqual([
      ...Array.from({ length: 5 }, () => ['UNAVAILABLE', null]),
      ['UNAVAILABLE', retryAt],
      ['UNAVAILABLE', retryAt],
    ]);
    expect(readsOf(rollcall, failing)).toHaveLength(5);
    expect(await connectionOf(rollcall, failing)).toMatchObject({ state: 'CIRCUIT_OPEN', retryAt });
    expect((await sourceOf(rollcall, other, NO_CACHE)).state).toBe('FRESH');
    expect((await connectionOf(rollcall, other)).state).toBe('OK');
  });

  it('counts every attempt, and timeouts too', async () => {
    const rollcall = await stage.start({ limits: { readTimeout: '400ms' } });
    stage.emulators.wix.faults.add({ kind: 'status', status: 503, account, times: 3 });
    await ask(rollcall);
    stage.emulators.wix.faults.add({ kind: 'hang', account });
    expect((await ask(rollcall)).code).toBe('TIMEOUT');
    expect((await connectionOf(rollcall, account)).state).toBe('OK');
    expect((await ask(rollcall)).code).toBe('TIMEOUT');
    expect((await connectionOf(rollcall, account)).state).toBe('CIRCUIT_OPEN');
    expect((await ask(rollcall)).code).toBe('UNAVAILABLE');
    expect(readsOf(rollcall, account)).toHaveLength(5);
  });

  it.each<[string, FaultKind]>([
    ['a 404', { kind: 'status', status: 404 }],
    ['a 403 of something', { kind: 'status', status: 403 }],
    ['malformed JSON', { kind: 'malformedJson' }],
    ['too much', { kind: 'hugeBody', bytes: 3 << 20 }],
    ['a redirect', { kind: 'redirect', location: '/' }],
  ])('stays closed for an invalid response of a vendor that works: %s', async (_name, fault) => {
    const rollcall = await stage.start();
    stage.emulators.wix.faults.add({ ...fault, account });
    for (let read = 1; read <= 8; read++) await ask(rollcall);
    expect(readsOf(rollcall, account)).toHaveLength(8);
    expect((await connectionOf(rollcall, account)).state).toBe('OK');
  });

  it('resets its count after a success', async () => {
    const rollcall = await stage.start();
    for (let round = 1; round <= 2; round++) {
      stage.emulators.wix.faults.add({ ...broken, account, times: 4 });
      for (let read = 1; read <= 5; read++) await ask(rollcall);
    }
    expect(readsOf(rollcall, account)).toHaveLength(10);
    expect((await connectionOf(rollcall, account)).state).toBe('OK');
  });

  it('opens when most calls of a minute fail, without five consecutive failures', async () => {
    const rollcall = await stage.start();
    for (let read = 1; read <= 40; read++) {
      if (read % 3 !== 0) stage.emulators.wix.faults.add({ ...broken, account, times: 1 });
      await ask(rollcall);
    }
    const seen = readsOf(rollcall, account).length;
    expect([seen >= 20, seen <= 22]).toEqual([true, true]);
    expect((await connectionOf(rollcall, account)).state).toBe('CIRCUIT_OPEN');
  });

  it('is half-open after thirty seconds: lets one probe through, and closes when it succeeds', async () => {
    const { rollcall, gate } = await stage.startGated('wix');
    await breakCircuit(rollcall);
    pass(29);
    expect((await ask(rollcall)).code).toBe('UNAVAILABLE');
    expect(gate.received).toBe(5);
    pass(1);
    gate.hold();
    const { sources } = await crowd(rollcall, 8);
    await gate.until(({ waiting }) => waiting > 0);
    expect(gate.received).toBe(6);
    gate.open();
    expect(codesOf(await sources)).toEqual({ null: 8 });
    expect(gate.received).toBe(13);
    expect((await connectionOf(rollcall, account)).state).toBe('OK');
  });

  it('opens again for as long when the probe fails', async () => {
    const { rollcall, gate } = await stage.startGated('wix');
    await breakCircuit(rollcall);
    stage.emulators.wix.faults.add({ kind: 'status', status: 503, account });
    pass(30);
    gate.hold();
    const { sources } = await crowd(rollcall, 8);
    await gate.until(({ waiting }) => waiting > 0);
    gate.open();
    expect(codesOf(await sources)).toEqual({ UNAVAILABLE: 8 });
    // Not even the probe's own retry.
    expect(gate.received).toBe(6);
    pass(29);
    await ask(rollcall);
    expect(gate.received).toBe(6);
    const { retryAt } = await connectionOf(rollcall, account);
    expect(Date.parse(String(retryAt)) - stage.emulators.clock.now()).toBe(1000);
  });
});

describe('circuit breaker and cancellation', () => {
  /** Asks, and hangs up once the vendor has the question. */
  async function askAndLeave({ rollcall, gate }: GatedApp): Promise<void> {
    gate.hold();
    const { answer, leave } = call(rollcall, account, NO_CACHE);
    await gate.until(({ waiting }) => waiting === 1);
    leave();
    expect(await answer).toBe('left');
    await gate.until(({ aborted }) => aborted === 1);
  }

  it('does not count a cancelled call as a success: the failures before and after are consecutive', async () => {
    const { rollcall, gate } = await stage.startGated('wix');
    stage.emulators.wix.faults.add({ ...broken, account });
    for (let read = 1; read <= 4; read++) await ask(rollcall);
    await askAndLeave({ rollcall, gate });
    gate.open();
    await ask(rollcall);
    expect((await connectionOf(rollcall, account)).state).toBe('CIRCUIT_OPEN');
  });

  it('sends another probe when a probe is cancelled', async () => {
    const { rollcall, gate } = await stage.startGated('wix');
    await breakCircuit(rollcall);
    pass(30);
    await askAndLeave({ rollcall, gate });
    expect((await connectionOf(rollcall, account)).state).toBe('CIRCUIT_OPEN');
    const { sources } = await crowd(rollcall, 5);
    expect(gate.waiting).toBeLessThanOrEqual(1);
    gate.open();
    await sources;
  });
});

import type { FaultKind, VendorName } from '../../src/emulators/start';
import type { Rollcall } from '../support/start';
import { connectionOf, NO_CACHE, readList, sourceOf } from '../support/list-queries';
import { metric } from '../support/metrics';
import { FAILING_ACCOUNTS, readsOf, useVendorFixture, VENDORS } from '../support/vendor-fixture';
import { waitFor } from '../support/wait-for';

const stage = useVendorFixture();
const SECOND = 1000;
const refused: FaultKind = { kind: 'status', status: 401 };

/** Asks with many at once, and waits until each of them has got as far as it can. */
async function crowd(rollcall: Rollcall, account: string, size: number) {
  const before = await metric(rollcall, 'read_cache_total', { result: 'asked' });
  const sources = Promise.all(Array.from({ length: size }, () => sourceOf(rollcall, account, NO_CACHE)));
  await waitFor(
    async () => (await metric(rollcall, 'read_cache_total', { result: 'asked' })) === before + size,
  );
  return { codes: sources.then((all) => all.map(({ code }) => code)) };
}

/** How each vendor refuses a credential. */
const REFUSALS: readonly (readonly [VendorName, string, FaultKind])[] = [
  ['ecwid', 'a 401', refused],
  ['ecwid', 'a 403 without a body', { kind: 'status', status: 403 }],
  [
    'ecwid',
    'a 403 that names the token',
    { kind: 'status', status: 403, body: { errorCode: 'INVALID_API_TOKEN' } },
  ],
  ['softwareone', 'a 401', refused],
  ['wix', 'a 401', refused],
  [
    'wix',
    'a 403 that names the key',
    { kind: 'status', status: 403, body: { details: { applicationError: { code: 'UNAUTHENTICATED' } } } },
  ],
];

describe('rejected vendor credential', () => {
  it.each(REFUSALS)(
    'is not used again, and affects no other account: %s by %s',
    async (vendor, _how, fault) => {
      const rollcall = await stage.start();
      const account = FAILING_ACCOUNTS[vendor];
      const whole = await readList(rollcall, 'staffMembers');
      rollcall.forgetRequests();
      stage.emulators[vendor].faults.add({ ...fault, account, times: 1 });
      const before = stage.emulators.clock.now();
      for (let read = 1; read <= 3; read++) {
        const { rows, sources } = await readList(rollcall, 'staffMembers', {}, NO_CACHE);
        expect(rows).toEqual(whole.rows);
        expect(sources[account]).toMatchObject({ state: 'STALE', code: 'AUTH', retryAt: null });
      }
      expect(readsOf(rollcall, account)).toHaveLength(1);
      const { since, ...connection } = await connectionOf(rollcall, account);
      expect(connection).toEqual({ state: 'AUTH_FAILED', retryAt: null });
      expect(Date.parse(String(since))).toBeGreaterThanOrEqual(before);
      expect(readsOf(rollcall, account)).toHaveLength(1);
    },
  );
});

describe.each(VENDORS)('rejected vendor credential: pause after a refusal by %s', (vendor) => {
  const account = FAILING_ACCOUNTS[vendor];

  it('sends one probe after thirty seconds, and no other until its response', async () => {
    const { rollcall, gate } = await stage.startGated(vendor);
    stage.emulators[vendor].faults.add({ ...refused, account, times: 1 });
    await sourceOf(rollcall, account);
    stage.emulators.clock.advance(29 * SECOND);
    expect((await sourceOf(rollcall, account)).code).toBe('AUTH');
    expect(gate.received).toBe(1);
    stage.emulators.clock.advance(2 * SECOND);
    gate.hold();
    const { codes } = await crowd(rollcall, account, 8);
    await gate.until(({ waiting }) => waiting > 0);
    expect(gate.received).toBe(2);
    gate.open();
    expect((await codes).filter((code) => code === null).length).toBeGreaterThanOrEqual(1);
    expect((await connectionOf(rollcall, account)).state).toBe('OK');
    expect((await sourceOf(rollcall, account, NO_CACHE)).code).toBeNull();
  });

  it('grows when the probe is refused', async () => {
    const rollcall = await stage.start();
    stage.emulators[vendor].faults.add({ ...refused, account });
    const probes = [];
    for (let seconds = 0; seconds <= 240; seconds += 15) {
      expect((await sourceOf(rollcall, account, NO_CACHE)).code).toBe('AUTH');
      probes.push(readsOf(rollcall, account).length);
      stage.emulators.clock.advance(15 * SECOND);
    }
    // At once, after half a minute, after one more, after two more.
    expect(probes).toEqual([1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4]);
    expect((await connectionOf(rollcall, account)).state).toBe('AUTH_FAILED');
  });

  it('is the same for eight concurrent refusals as for one', async () => {
    const { rollcall, gate } = await stage.startGated(vendor, { limits: { concurrencyPerAccount: 8 } });
    stage.emulators[vendor].faults.add({ ...refused, account, times: 8 });
    gate.hold();
    const { codes } = await crowd(rollcall, account, 8);
    await gate.until(({ waiting }) => waiting === 8);
    gate.open();
    expect(new Set(await codes)).toEqual(new Set(['AUTH']));
    stage.emulators.clock.advance(31 * SECOND);
    expect(await sourceOf(rollcall, account)).toMatchObject({ state: 'FRESH', code: null });
  });
});

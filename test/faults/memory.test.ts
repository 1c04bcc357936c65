import type { FaultKind } from '../../src/emulators/start';
import { NO_CACHE, readList, sourceOf } from '../support/list-queries';
import { FAILING_ACCOUNTS, useVendorFixture, VENDORS } from '../support/vendor-fixture';

const stage = useVendorFixture();
const MB = 1 << 20;
const patient = { readTimeout: '20s', operationDeadline: '28s', softDeadline: '20s' };

/** How far this process grew while something was done, the vendors in it included. */
async function growth<T>(work: () => Promise<T>): Promise<{ result: T; megabytes: number }> {
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 5);
  try {
    const result = await work();
    return { result, megabytes: (Math.max(most, process.memoryUsage().rss) - before) / MB };
  } finally {
    clearInterval(watch);
  }
}

/** What would have to be held of each if it were let in: the bound is far below it and above a busy process's noise. */
const FLOODS: readonly (readonly [string, FaultKind, callers: number, bound: number])[] = [
  ['50 MB', { kind: 'hugeBody', bytes: 50 * MB }, 24, 128],
  ['50 MB, as it says', { kind: 'hugeBody', bytes: 50 * MB, declareLength: true }, 24, 128],
  ['1 GB, packed into 1 MB', { kind: 'gzipBomb', bytes: 1024 * MB }, 1, 64],
];

describe('response size limit and memory', () => {
  it.each(FLOODS)('%s is refused with bounded memory', async (_what, fault, callers, bound) => {
    const rollcall = await stage.start({ limits: patient });
    const account = FAILING_ACCOUNTS.wix;
    const whole = await readList(rollcall, 'staffMembers');
    stage.emulators.wix.faults.add({ ...fault, account });
    const { result, megabytes } = await growth(() =>
      Promise.all(Array.from({ length: callers }, () => sourceOf(rollcall, account, NO_CACHE))),
    );
    expect(new Set(result.map(({ state, code }) => `${state} ${code}`))).toEqual(
      new Set(['STALE TOO_LARGE']),
    );
    expect(megabytes).toBeLessThan(bound);
    expect((await readList(rollcall, 'staffMembers')).rows).toEqual(whole.rows);
  });

  it.each(VENDORS)(
    'refuses any body above the limit, and accepts a body of the limit: %s',
    async (vendor) => {
      const account = FAILING_ACCOUNTS[vendor];
      const rollcall = await stage.start({ limits: { responseBytes: 100_000 } });
      const { faults } = stage.emulators[vendor];
      const codes = [];
      for (const bytes of [99_000, 100_000, 100_001])
        for (const kind of ['hugeBody', 'gzipBomb'] as const) {
          faults.add({ kind, bytes, account });
          codes.push((await sourceOf(rollcall, account, NO_CACHE)).code);
          faults.clear();
        }
      // Valid JSON, but no list: let in, and then found to be none.
      expect(codes).toEqual(['PROTOCOL', 'PROTOCOL', 'PROTOCOL', 'PROTOCOL', 'TOO_LARGE', 'TOO_LARGE']);
    },
  );
});

import { NO_CACHE, sourceOf } from '../support/list-queries';
import { HELD, PATIENT_LIMITS } from '../support/held';
import { metric } from '../support/metrics';
import { useVendorFixture } from '../support/vendor-fixture';
import { waitFor } from '../support/wait-for';

const stage = useVendorFixture({ accounts: 9, staffPerAccount: 3 });

/** Keeps as many calls of these accounts hanging as each of them may have; `release` lets them end. */
async function hang(
  accounts: readonly string[],
  callsEach: number,
  options: Readonly<Record<string, number>> = {},
) {
  const rollcall = await stage.start({ limits: { ...PATIENT_LIMITS, ...options } });
  for (const account of accounts) stage.emulators.ecwid.faults.add({ ...HELD, account });
  const stuck = accounts.flatMap((account) =>
    Array.from({ length: callsEach }, () => sourceOf(rollcall, account, NO_CACHE)),
  );
  await waitFor(() => stage.emulators.ecwid.requests.length >= stuck.length);
  const release = (): Promise<unknown> => {
    stage.emulators.ecwid.faults.clear();
    return Promise.all(stuck);
  };
  return { rollcall, release };
}

describe('bulkhead: accounts beside a hanging account', () => {
  it.each([
    ['another one hangs with all the calls it may have', ['ecwid-0001'], 8, {}],
    ['eight others hang so', [1, 2, 3, 4, 5, 6, 7, 8].map((each) => `ecwid-000${each}`), 8, {}],
    ['another one may have very many, and has', ['ecwid-0001'], 80, { concurrencyPerAccount: 80 }],
  ] as const)('are answered within the deadline while %s', async (_what, accounts, callsEach, options) => {
    const { rollcall, release } = await hang(accounts, callsEach, options);
    const { state, code } = await sourceOf(rollcall, 'ecwid-0009');
    const givenUp = await metric(rollcall, 'vendor_requests_total', { outcome: 'unknown' });
    await release();
    expect({ state, code, givenUp }).toEqual({ state: 'FRESH', code: null, givenUp: 0 });
  });
});

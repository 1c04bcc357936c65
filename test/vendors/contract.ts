/* eslint jest/no-export: off, jest/expect-expect: off, jest/valid-title: off, jest/no-disabled-tests: off --
   A suite: its tests stand in contract/, each vendor's test file runs it, and what a vendor is excused from says why. */
import { closeAll } from '../support/close-all';
import { startVendors, type Vendors } from '../support/provider';
import { badListTests } from './contract/bad-lists';
import { failureTests } from './contract/failures';
import { filterTests } from './contract/filters';
import { pageTests } from './contract/pages';
import { readTests } from './contract/reads';
import { resendTests } from './contract/resend';
import type { ProviderCase, Suite } from './contract/suite';

const PARTS = {
  'reading by id': readTests,
  'pagination of a list': pageTests,
  'filters agree with filtering in memory': filterTests,
  'failed reads': failureTests,
  'malformed lists': badListTests,
  'resending an invite': resendTests,
} as const;

/** What every provider promises, shown by one vendor's. */
export function describeProvider(name: string, provider: ProviderCase): void {
  describe(`the ${name} provider`, () => {
    let demo: Vendors;
    let scaled: Vendors;
    beforeAll(async () => {
      demo = await startVendors();
      scaled = await startVendors({ accounts: 1, staffPerAccount: 103 });
    });
    afterEach(() => {
      demo.reset();
      scaled.reset();
    });
    afterAll(() => closeAll(demo, scaled));

    const suite: Suite = { provider, demo: () => demo, scaled: () => scaled };
    const excuses = new Map(
      provider.skip.flatMap(({ reason, tests }) => tests.map((test) => [test, reason])),
    );
    for (const [part, testsOf] of Object.entries(PARTS))
      describe(part, () => {
        for (const [test, run] of Object.entries(testsOf(suite))) {
          const excuse = excuses.get(test);
          excuses.delete(test);
          if (excuse === undefined) it(test, run);
          else it.skip(`${test} (not here: ${excuse})`, run);
        }
      });
    if (excuses.size > 0) throw new Error(`no such tests: ${[...excuses.keys()].join('; ')}`);
  });
}

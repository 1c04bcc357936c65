import type { FaultKind } from '../../../src/emulators/start';
import { VendorFailure } from '../../../src/vendors/outcome';
import type { Provider } from '../../../src/vendors/provider';
import { fieldsOf, reading } from '../../support/provider';
import type { Suite, Tests } from './suite';

const everyone = { status: null, emails: null, search: null };
// Without role names, which are a call of their own at Wix.
const plain = () => reading(fieldsOf({ role: ['id'] }));
const listStaff = (provider: Provider) => provider.staffPage(plain(), { first: 100, after: null }, everyone);

/** What the failure of a read is called; anything else that it rejects with fails the test. */
export async function codeOf(read: Promise<unknown>): Promise<{ code: string; retryAt: number | null }> {
  try {
    await read;
    return { code: 'none', retryAt: null };
  } catch (error) {
    if (!(error instanceof VendorFailure)) throw error;
    return { code: error.code, retryAt: error.retryAt };
  }
}

/** Fault, code, and how often the vendor is asked: again at most twice, and only where it broke. */
const FAILURES: readonly (readonly [name: string, fault: FaultKind, code: string, tries: number])[] = [
  ['a 401', { kind: 'status', status: 401 }, 'AUTH', 1],
  ['a 404', { kind: 'status', status: 404 }, 'PROTOCOL', 1],
  ['a 400', { kind: 'status', status: 400 }, 'PROTOCOL', 1],
  ['a 408', { kind: 'status', status: 408 }, 'TIMEOUT', 1],
  ['a 429', { kind: 'status', status: 429, headers: { 'retry-after': '30' } }, 'THROTTLED', 1],
  ['a 500', { kind: 'status', status: 500 }, 'UNAVAILABLE', 3],
  ['a 501', { kind: 'status', status: 501 }, 'UNAVAILABLE', 1],
  ['a 503', { kind: 'status', status: 503 }, 'UNAVAILABLE', 3],
  ['no answer', { kind: 'hang' }, 'TIMEOUT', 1],
  ['a reset before the answer', { kind: 'resetBeforeHeaders' }, 'UNAVAILABLE', 3],
  ['a reset within the answer', { kind: 'resetAfterHeaders' }, 'UNAVAILABLE', 3],
  ['a cut body', { kind: 'truncated' }, 'UNAVAILABLE', 3],
  ['a page of HTML', { kind: 'html' }, 'PROTOCOL', 1],
  ['a page of HTML with 502', { kind: 'html', status: 502 }, 'UNAVAILABLE', 3],
  ['another content type', { kind: 'wrongContentType' }, 'PROTOCOL', 1],
  ['malformed JSON', { kind: 'malformedJson' }, 'PROTOCOL', 1],
  ['an empty body', { kind: 'emptyBody' }, 'PROTOCOL', 1],
  ['a 204', { kind: 'noContent' }, 'PROTOCOL', 1],
  ['null', { kind: 'jsonNull' }, 'PROTOCOL', 1],
  ['a list in place of the answer', { kind: 'arrayForObject' }, 'PROTOCOL', 1],
  ['a redirect', { kind: 'redirect', location: '/elsewhere' }, 'PROTOCOL', 1],
  ['a body beyond the cap', { kind: 'hugeBody', bytes: 3 << 20 }, 'TOO_LARGE', 1],
  [
    'a body beyond the cap, as it says',
    { kind: 'hugeBody', bytes: 3 << 20, declareLength: true },
    'TOO_LARGE',
    1,
  ],
  ['a small body that unpacks beyond the cap', { kind: 'gzipBomb', bytes: 8 << 20 }, 'TOO_LARGE', 1],
];

/** Reads that fail, each with the code that the schema has for it. */
export function failureTests({ provider: expected, demo }: Suite): Tests {
  const { listRoute: route } = expected;
  const connect = (limits = {}) => demo().connect(expected.account, limits);

  return {
    ...Object.fromEntries(
      FAILURES.map(([name, fault, code, tries]) => [
        `with ${name} is ${code}, after asking ${tries === 1 ? 'once' : 'three times'}`,
        async () => {
          // A short time only where time is what runs out: anything may be slow on a busy machine.
          const { provider, vendor } = connect(fault.kind === 'hang' ? { readTimeout: '250ms' } : {});
          vendor.faults.add({ ...fault, route });
          expect((await codeOf(listStaff(provider))).code).toBe(code);
          expect(vendor.requests).toHaveLength(tries);
        },
      ]),
    ),

    'with a bare 403 is of the credential where the vendor refuses dead tokens so, else of the question':
      async () => {
        const { provider, vendor } = connect();
        vendor.faults.add({ kind: 'status', status: 403, route });
        expect((await codeOf(listStaff(provider))).code).toBe(expected.forbidden);
        expect(vendor.requests).toHaveLength(1);
      },

    'succeeds after one retry': async () => {
      const { provider, vendor } = connect();
      vendor.faults.add({ kind: 'status', status: 500, route, times: 1 });
      expect((await listStaff(provider)).rows.length).toBeGreaterThan(2);
      expect(vendor.requests).toHaveLength(2);
    },

    'with a 429 reports the time to retry, and makes no call until then (rate limit)': async () => {
      const { provider, vendor } = connect();
      const { clock } = demo().emulators;
      vendor.faults.add({ kind: 'status', status: 429, headers: { 'retry-after': '30' }, route, times: 1 });
      const asked = clock.now();
      const { retryAt } = await codeOf(listStaff(provider));
      expect(retryAt).toBeGreaterThanOrEqual(asked + 30_000);
      expect(retryAt).toBeLessThanOrEqual(clock.now() + 36_000);
      expect(provider.health()).toMatchObject({ state: 'THROTTLED' });

      clock.advance(29_000);
      expect(await codeOf(listStaff(provider))).toEqual({ code: 'THROTTLED', retryAt });
      expect(vendor.requests).toHaveLength(1);
      clock.advance(7_500);
      expect((await listStaff(provider)).rows.length).toBeGreaterThan(2);
      expect(provider.health()).toMatchObject({ state: 'OK' });
    },

    'with a rejected credential is not retried': async () => {
      const { provider, vendor } = connect();
      vendor.faults.add({ kind: 'status', status: 401, route });
      expect((await codeOf(listStaff(provider))).code).toBe('AUTH');
      expect((await codeOf(listStaff(provider))).code).toBe('AUTH');
      expect(vendor.requests).toHaveLength(1);
      expect(provider.health()).toMatchObject({ state: 'AUTH_FAILED' });
    },
  };
}

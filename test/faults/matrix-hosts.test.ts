import type { VendorName } from '../../src/emulators/start';
import { closeAll } from '../support/close-all';
import { SEED_INVITES } from '../support/seed-ids';
import { outcomeAndCodes, write } from '../support/invite-mutations';
import {
  closedPort,
  deafHost,
  hangingUpHost,
  type Host,
  plainHost,
  selfSignedHost,
  unknownName,
} from './hosts';
import { type ListResult, readList, sourceOf } from '../support/list-queries';
import { metric } from '../support/metrics';
import { useVendorFixture, VENDORS } from '../support/vendor-fixture';

const stage = useVendorFixture();
let hosts: Host[] = [];
afterEach(async () => {
  await closeAll(hosts);
  hosts = [];
});

/** How a vendor is missing, and how its reads end by then: connection failures are tried again, timeouts are not. */
const MISSING: readonly (readonly [
  why: string,
  open: () => Promise<Host>,
  limits: Readonly<Record<string, string>>,
  code: 'UNAVAILABLE' | 'TIMEOUT',
  tries: number,
])[] = [
  ['refuses the connection', closedPort, {}, 'UNAVAILABLE', 3],
  ['has no address', unknownName, {}, 'UNAVAILABLE', 3],
  ['speaks no TLS', plainHost, {}, 'UNAVAILABLE', 3],
  ['has a certificate of its own making', selfSignedHost, {}, 'UNAVAILABLE', 3],
  ['hangs up', hangingUpHost, {}, 'UNAVAILABLE', 3],
  // Three tries take longer than the others would be kept waiting.
  ['takes no connection', deafHost, { connectTimeout: '100ms', softDeadline: '8s' }, 'UNAVAILABLE', 3],
  [
    'takes no connection for longer than an answer may take',
    deafHost,
    { readTimeout: '1200ms', connectTimeout: '10s' },
    'TIMEOUT',
    1,
  ],
];

const accountsOf = (vendor: VendorName): string[] =>
  stage.emulators.accounts.filter((account) => account.vendor === vendor).map(({ key }) => key);

let whole: ListResult;
beforeAll(async () => {
  whole = await readList(await stage.start(), 'staffMembers');
});

describe.each(MISSING)('fault matrix: a vendor host that %s', (_why, open, limits, code, tries) => {
  it.each(VENDORS)('affects its own rows and no others: %s', async (vendor) => {
    const host = await open();
    hosts.push(host);
    const rollcall = await stage.start({ limits, addresses: { [vendor]: host.baseUrl } });
    const missing = accountsOf(vendor);
    const { rows, sources } = await readList(rollcall, 'staffMembers');

    const isMissing = (key: string): boolean => missing.includes(key);
    expect(rows).toEqual(Object.fromEntries(Object.entries(whole.rows).filter(([key]) => !isMissing(key))));
    expect(Object.entries(sources).map(([key, source]) => [key, source.state, source.code])).toEqual(
      Object.keys(sources).map((key) => (isMissing(key) ? [key, 'FAILED', code] : [key, 'FRESH', null])),
    );
    expect(await metric(rollcall, 'vendor_requests_total', { vendor: vendor.toUpperCase() })).toBe(
      tries * missing.length,
    );
    expect(host.connections ?? tries * missing.length).toBe(tries * missing.length);
    expect(host.heard).not.toMatch(/authorization|bearer|IST\./i);
  });
});

describe('fault matrix: an unreachable vendor host', () => {
  it.each(['ecwid', 'softwareone'] as const)(
    'fails one read only, and starts no write: %s',
    async (vendor) => {
      const host = await closedPort();
      const rollcall = await stage.start({ addresses: { [vendor]: host.baseUrl } });
      const other = vendor === 'ecwid' ? 'softwareone' : 'ecwid';
      const { data, errors } = await rollcall.query(
        'query ($id: ID!, $other: ID!) { invite(id: $id) { id } other: invite(id: $other) { id } }',
        { id: SEED_INVITES[vendor].pending, other: SEED_INVITES[other].pending },
      );
      expect(data).toEqual({ invite: null, other: { id: SEED_INVITES[other].pending } });
      expect(errors).toMatchObject([{ path: ['invite'], extensions: { code: 'VENDOR_UNAVAILABLE' } }]);
      const invites = {
        resendInvite: SEED_INVITES[vendor].pending,
        sendNewInvite: SEED_INVITES[vendor].accepted,
      };
      for (const [name, inviteId] of Object.entries(invites)) {
        const answer = await write(rollcall, name as keyof typeof invites, { inviteId });
        expect([outcomeAndCodes(answer), answer.attempt]).toEqual(['NOT_SENT VENDOR_UNAVAILABLE', null]);
      }
      expect(rollcall.emulators[vendor].requests).toEqual([]);
    },
  );

  it('is called again when it is back', async () => {
    const rollcall = await stage.start({ limits: { cacheTtl: '0s' } });
    stage.emulators.wix.faults.add({ kind: 'resetBeforeHeaders', times: 3 });
    expect(await sourceOf(rollcall, 'harbour-cafe')).toMatchObject({ state: 'FAILED', code: 'UNAVAILABLE' });
    expect(await sourceOf(rollcall, 'harbour-cafe')).toMatchObject({ state: 'FRESH', code: null });
  });
});

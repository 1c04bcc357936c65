import { closeAll } from '../support/close-all';
import { PERMITTED_WRITES, SEED_ACCOUNTS, SEED_INVITES, WRITE_NAMES } from '../support/seed-ids';
import {
  openOneRequestProxy,
  openSilentServer,
  unusedAddress,
  type VendorProxy,
  withVendorAt,
} from '../support/vendor-proxy';
import { useLedgerFixture } from '../support/ledger-fixture';
import {
  mails,
  outcomeAndCodes,
  resend,
  revoke,
  sendNew,
  vendorReads,
  vendorWrites,
  write,
} from '../support/invite-mutations';

const { ecwid, wix, softwareone } = SEED_INVITES;
const UNREACHABLE = 'NOT_SENT VENDOR_UNAVAILABLE';
const stage = useLedgerFixture();

let doors: VendorProxy[] = [];
afterEach(async () => {
  await closeAll(doors);
  doors = [];
});
const through = async (door: Promise<VendorProxy>): Promise<string> => {
  doors.push(await door);
  return (await door).baseUrl;
};

describe('unreachable vendor', () => {
  it.each([
    ['refuses the connection', () => unusedAddress()],
    ['has no address', () => Promise.resolve('https://wix.invalid')],
    ['speaks no TLS', () => Promise.resolve(stage.emulators.wix.baseUrl.replace('http:', 'https:'))],
    ['never says its first word', () => through(openSilentServer())],
  ])('that %s receives nothing, with a certain outcome', async (_why, address) => {
    const limits = { connectTimeout: '250ms' };
    const rollcall = await stage.start({
      emulators: withVendorAt(stage.emulators, 'wix', await address()),
      limits,
    });
    for (const name of ['resendInvite', 'inviteStaffMember'] as const) {
      const answer = await write(rollcall, name, PERMITTED_WRITES.wix[name]);
      expect([name, outcomeAndCodes(answer), answer.attempt?.outcome]).toEqual([
        name,
        UNREACHABLE,
        'NOT_SENT',
      ]);
    }
    const { data } = await rollcall.query(
      'query ($id: ID!) { invite(id: $id) { attempts { verb outcome } } }',
      {
        id: wix.pending,
      },
    );
    expect(data?.invite?.attempts).toEqual([{ verb: 'RESEND', outcome: 'NOT_SENT' }]);
    expect(rollcall.vendorRequests()).toEqual([]);
  });

  it('can be called again at once, because no email was sent', async () => {
    const storage = await stage.storage();
    const rollcall = await stage.start({
      storage,
      emulators: withVendorAt(stage.emulators, 'wix', await unusedAddress()),
    });
    expect(outcomeAndCodes(await resend(rollcall, wix.pending))).toBe(UNREACHABLE);
    await stage.stop(rollcall);
    expect(outcomeAndCodes(await resend(await stage.start({ storage }), wix.pending))).toBe('REQUESTED');
  });

  it.each([
    ['ecwid', resend, ecwid.pending],
    ['ecwid', revoke, ecwid.pending],
    ['ecwid', sendNew, ecwid.revoked],
    ['softwareone', resend, softwareone.pending],
    ['softwareone', revoke, softwareone.expired],
    ['softwareone', sendNew, softwareone.expired],
  ] as const)('after the read of the state receives no write either: %s', async (vendor, verb, inviteId) => {
    const door = await through(openOneRequestProxy(stage.emulators[vendor].baseUrl));
    const rollcall = await stage.start({ emulators: withVendorAt(stage.emulators, vendor, door) });
    const answer = await verb(rollcall, inviteId);
    expect([outcomeAndCodes(answer), answer.attempt?.outcome]).toEqual([UNREACHABLE, 'NOT_SENT']);
    expect(vendorReads(rollcall)).toHaveLength(1);
    expect(vendorWrites(rollcall)).toEqual([]);
  });

  it.each(['ecwid', 'softwareone'] as const)(
    'before the read of the state receives no write: %s',
    async (vendor) => {
      const rollcall = await stage.start({
        emulators: withVendorAt(stage.emulators, vendor, await unusedAddress()),
      });
      for (const name of WRITE_NAMES) {
        const answer = await write(rollcall, name, PERMITTED_WRITES[vendor][name]);
        expect([name, outcomeAndCodes(answer), answer.attempt]).toEqual([name, UNREACHABLE, null]);
      }
    },
  );
});

describe('pause of vendor calls (rate limit, rejected credential, circuit breaker)', () => {
  it.each(['ecwid', 'wix', 'softwareone'] as const)(
    'blocks all writes until Retry-After: %s',
    async (vendor) => {
      const rollcall = await stage.start();
      const { [vendor]: emulator, clock } = stage.emulators;
      const fault = { kind: 'status', status: 429, headers: { 'retry-after': '60' }, times: 1 } as const;
      for (const route of ['POST *']) emulator.faults.add({ ...fault, route });
      const { userErrors } = await resend(rollcall, SEED_INVITES[vendor].pending);
      const availableAt = userErrors[0]?.availableAt;
      const pause = Date.parse(String(availableAt)) - clock.now();
      expect(pause > 55_000 && pause <= 72_000).toBe(true);
      rollcall.forgetRequests();

      expect(await resend(rollcall, SEED_INVITES[vendor].alsoPending)).toMatchObject({
        outcome: 'NOT_SENT',
        userErrors: [{ code: 'VENDOR_THROTTLED', availableAt }],
      });
      expect(rollcall.vendorRequests()).toEqual([]);
      clock.set(String(availableAt));
      clock.advance(1);
      expect(outcomeAndCodes(await resend(rollcall, SEED_INVITES[vendor].alsoPending))).toBe('REQUESTED');
    },
  );

  it.each(['ecwid', 'wix', 'softwareone'] as const)(
    'blocks all writes with a rejected credential: %s',
    async (vendor) => {
      const rollcall = await stage.start();
      stage.emulators[vendor].faults.add({ kind: 'status', status: 401, route: 'POST *', times: 1 });
      expect(outcomeAndCodes(await resend(rollcall, SEED_INVITES[vendor].pending))).toBe(
        'REJECTED VENDOR_AUTH',
      );
      rollcall.forgetRequests();
      expect(outcomeAndCodes(await resend(rollcall, SEED_INVITES[vendor].alsoPending))).toBe(
        'NOT_SENT VENDOR_AUTH',
      );
      expect(rollcall.vendorRequests()).toEqual([]);
      const { data } = await rollcall.query(
        'query ($id: ID!) { account(id: $id) { connection { state } } }',
        {
          id: SEED_ACCOUNTS[vendor],
        },
      );
      expect(data?.account?.connection.state).toBe('AUTH_FAILED');
    },
  );

  it('blocks all writes after five consecutive failures (circuit breaker)', async () => {
    const rollcall = await stage.start({ limits: { cooldown: '0s' } });
    stage.emulators.wix.faults.add({ kind: 'status', status: 503 });
    for (let failure = 1; failure <= 5; failure++)
      expect([failure, outcomeAndCodes(await resend(rollcall, wix.pending))]).toEqual([
        failure,
        'UNKNOWN OUTCOME_UNKNOWN',
      ]);
    const answer = await resend(rollcall, wix.alsoPending);
    expect([outcomeAndCodes(answer), answer.attempt?.outcome]).toEqual([UNREACHABLE, 'NOT_SENT']);
    expect(answer.userErrors[0]?.availableAt).not.toBeNull();
    expect(vendorWrites(rollcall)).toHaveLength(5);
    expect(mails(rollcall)).toEqual([]);
  });
});

describe('rate limit: Retry-After', () => {
  it.each([
    ['30', 30, 36],
    ['0', 0, 0],
    ['Tue, 10 Mar 2026 00:10:00 GMT', 590, 720],
    ['Mon, 09 Mar 2026 00:00:00 GMT', 0, 0],
    [null, 10, 12],
    ['soon', 10, 12],
    ['-5', 10, 12],
    ['1.5', 10, 12],
    ['86400', 3600, 3600],
    ['9999999999', 3600, 3600],
    ['Fri, 01 Jan 2100 00:00:00 GMT', 3600, 3600],
  ])('of %s pauses from %d to %d seconds', async (value, least, most) => {
    const rollcall = await stage.start();
    const headers = value === null ? {} : { 'retry-after': value };
    stage.emulators.wix.faults.add({ kind: 'status', status: 429, headers });
    const before = stage.emulators.clock.now();
    const { outcome, userErrors } = await resend(rollcall, wix.pending);
    expect([outcome, userErrors[0]?.code]).toEqual(['REJECTED', 'VENDOR_THROTTLED']);
    const pause = (Date.parse(String(userErrors[0]?.availableAt)) - before) / 1000;
    // The clock goes on while the call does.
    expect([pause >= least - 1, pause <= most + 5]).toEqual([true, true]);
  });
});

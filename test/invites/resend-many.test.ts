import { SEED_INVITES, VENDORS } from '../support/seed-ids';
import { LEDGERS } from '../support/ledger-pool';
import { useLedgerFixture } from '../support/ledger-fixture';
import {
  mails,
  outcomeAndCodes,
  resend,
  resendMany,
  vendorReads,
  vendorWrites,
} from '../support/invite-mutations';

const { ecwid, wix, softwareone } = SEED_INVITES;
const noPause = { limits: { cooldown: '0s' } };

const GOOD = VENDORS.flatMap((vendor) => [SEED_INVITES[vendor].pending, SEED_INVITES[vendor].alsoPending]);

describe.each(LEDGERS)('bulk resend (resendInvites), with the ledger in $kind', ({ open }) => {
  const stage = useLedgerFixture(open);

  it('gives one result for each id, in order, and reads each account once', async () => {
    const rollcall = await stage.start();
    const { results, userErrors } = await resendMany(rollcall, GOOD, { language: 'nl' });
    expect(userErrors).toEqual([]);
    expect(results.map(({ outcome, invite }) => [outcome, invite?.id])).toEqual(
      GOOD.map((id) => ['REQUESTED', id]),
    );
    expect(vendorReads(rollcall).map((line) => line.split('?')[0])).toHaveLength(2);
    expect(vendorWrites(rollcall)).toHaveLength(6);
    expect(mails(rollcall).filter(({ language }) => language === 'nl')).toHaveLength(2);
  });

  it('isolates the failure of one invite', async () => {
    const storage = await stage.storage();
    const viewer = { tenant: 'acme', accounts: null, subject: 'ada', scopes: 'ALL' } as const;
    const rollcall = await stage.start({ storage, viewer });
    const ids = [
      ecwid.pending,
      ecwid.accepted,
      'globex-parts:i-oA34qUFgfCQjbtxItkZ0SS',
      'not an id',
      softwareone.expired,
      softwareone.pending,
      ecwid.unknown,
      wix.declined,
      ecwid.pending,
      'no-such-account:x',
    ];
    const { results } = await resendMany(rollcall, ids);
    expect(results.map(outcomeAndCodes)).toEqual([
      'REQUESTED',
      'NOT_SENT INVITE_ACCEPTED',
      'NOT_SENT NOT_FOUND',
      'NOT_SENT NOT_FOUND',
      'NOT_SENT INVITE_EXPIRED',
      'REQUESTED',
      'NOT_SENT NOT_FOUND',
      'NOT_SENT INVITE_DECLINED',
      'REQUESTED',
      'NOT_SENT NOT_FOUND',
    ]);
    expect(results[8]).toEqual(results[0]);
    expect(vendorWrites(rollcall)).toHaveLength(2);
    expect(mails(rollcall)).toHaveLength(2);
    expect(rollcall.vendorRequests().filter(({ path }) => path.includes('8800311'))).toEqual([]);
  });

  it('isolates an account that cannot be read', async () => {
    const rollcall = await stage.start();
    stage.emulators.ecwid.faults.add({ kind: 'status', status: 500, route: 'GET *' });
    const { results } = await resendMany(rollcall, GOOD);
    expect(results.map(outcomeAndCodes)).toEqual([
      'NOT_SENT VENDOR_UNAVAILABLE',
      'NOT_SENT VENDOR_UNAVAILABLE',
      ...Array<string>(4).fill('REQUESTED'),
    ]);
    expect(mails(rollcall)).toHaveLength(4);
  });

  it('repeated with its idempotency key sends only what is not done', async () => {
    const rollcall = await stage.start(noPause);
    stage.emulators.wix.faults.add({ kind: 'status', status: 500, times: 1 });
    const ids = [softwareone.pending, softwareone.expired, wix.pending];
    const first = await resendMany(rollcall, ids, { idempotencyKey: 'batch' });
    expect(first.results.map(outcomeAndCodes)).toEqual([
      'REQUESTED',
      'NOT_SENT INVITE_EXPIRED',
      'UNKNOWN OUTCOME_UNKNOWN',
    ]);
    rollcall.forgetRequests();

    const again = await resendMany(rollcall, [...ids, wix.alsoPending, ecwid.pending], {
      idempotencyKey: 'batch',
    });
    expect(again.results.map(outcomeAndCodes)).toEqual([
      'REQUESTED',
      'NOT_SENT INVITE_EXPIRED',
      'UNKNOWN OUTCOME_UNKNOWN',
      'REQUESTED',
      'REQUESTED',
    ]);
    expect([again.results[0], again.results[2]]).toEqual([first.results[0], first.results[2]]);
    expect(vendorWrites(rollcall)).toHaveLength(2);
    expect(mails(rollcall)).toHaveLength(3);
  });

  it('repeated with its idempotency key after success makes no vendor call', async () => {
    const rollcall = await stage.start(noPause);
    const first = await resendMany(rollcall, GOOD, { idempotencyKey: 'batch' });
    rollcall.forgetRequests();
    expect(await resendMany(rollcall, GOOD, { idempotencyKey: 'batch' })).toEqual(first);
    expect(rollcall.vendorRequests()).toEqual([]);
  });

  it('has its own idempotency keys: one resend with the same key is another call', async () => {
    const rollcall = await stage.start(noPause);
    await resendMany(rollcall, [wix.pending], { idempotencyKey: 'k' });
    expect(outcomeAndCodes(await resend(rollcall, wix.pending, { idempotencyKey: 'k' }))).toBe('REQUESTED');
    expect(mails(rollcall)).toHaveLength(2);
  });
});

describe('bulk resend: input validation', () => {
  const stage = useLedgerFixture();

  it('refuses 26 ids as a whole, by the field', async () => {
    const rollcall = await stage.start();
    const ids = Array.from({ length: 26 }, (_, index) => `harbor-tea:i-${index}`);
    expect(await resendMany(rollcall, ids)).toMatchObject({
      results: [],
      userErrors: [{ code: 'INVALID_INPUT', field: ['input', 'inviteIds'] }],
    });
    expect(rollcall.vendorRequests()).toEqual([]);
  });

  it('sends one email for 25 equal ids', async () => {
    const rollcall = await stage.start();
    const { results } = await resendMany(rollcall, Array<string>(25).fill(ecwid.pending));
    expect(results).toHaveLength(25);
    expect(new Set(results.map(({ attempt }) => attempt?.id)).size).toBe(1);
    expect(mails(rollcall)).toHaveLength(1);
  });

  it('returns no results for no ids', async () => {
    const rollcall = await stage.start();
    expect(await resendMany(rollcall, [])).toEqual({ results: [], userErrors: [] });
  });

  it.each([
    [{ idempotencyKey: 'two words' }, 'idempotencyKey'],
    [{ language: '!' }, 'language'],
  ])('with %j refuses each id, by the field', async (more, field) => {
    const rollcall = await stage.start();
    const { results } = await resendMany(rollcall, [wix.pending], more);
    expect(results).toMatchObject([
      { outcome: 'NOT_SENT', userErrors: [{ code: 'INVALID_INPUT', field: ['input', field] }] },
    ]);
    expect(rollcall.vendorRequests()).toEqual([]);
  });

  it.each(['nowhere:x', 'nonsense', '', 'contoso:AUSR-0000-0000-0000'])(
    'names inviteIds as the field of an id that is not there: %j',
    async (id) => {
      const rollcall = await stage.start();
      const { results } = await resendMany(rollcall, [id]);
      expect(results).toMatchObject([
        { outcome: 'NOT_SENT', userErrors: [{ code: 'NOT_FOUND', field: ['input', 'inviteIds'] }] },
      ]);
    },
  );
});

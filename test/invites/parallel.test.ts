import type { Rollcall } from '../support/start';
import { SEED_ACCOUNTS, SEED_INVITES, VENDORS } from '../support/seed-ids';
import { LEDGERS } from '../support/ledger-pool';
import { useLedgerFixture } from '../support/ledger-fixture';
import { waitFor } from '../support/wait-for';
import {
  inviteStaff,
  mails,
  outcomeAndCodes,
  resend,
  revoke,
  sendNew,
  vendorWrites,
  type WriteResult,
} from '../support/invite-mutations';

const { ecwid, wix, softwareone } = SEED_INVITES;

/** Many calls at once, spread over these apps. */
const atOnce = (
  times: number,
  apps: readonly Rollcall[],
  call: (rollcall: Rollcall) => Promise<WriteResult>,
) =>
  Promise.all(
    Array.from({ length: times }, (_, index) => {
      const app = apps[index % apps.length];
      if (!app) throw new Error('no app');
      return call(app);
    }),
  );

/** How often each answer was given. */
function tally(answers: readonly WriteResult[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) counts[outcomeAndCodes(answer)] = (counts[outcomeAndCodes(answer)] ?? 0) + 1;
  return counts;
}

describe.each(LEDGERS)('concurrency: fifty calls at once, with the ledger in $kind', ({ open }) => {
  const stage = useLedgerFixture(open);

  it.each(VENDORS)('without a key send one email: %s', async (vendor) => {
    const rollcall = await stage.start();
    const answers = await atOnce(50, [rollcall], (app) => resend(app, SEED_INVITES[vendor].pending));
    expect(tally(answers)).toEqual({ REQUESTED: 1, 'NOT_SENT COOLDOWN': 49 });
    expect(vendorWrites(rollcall)).toHaveLength(1);
    expect(mails(rollcall)).toHaveLength(1);
  });

  it('without a key and without a cooldown run one after the other', async () => {
    const { rollcall, door } = await stage.startWithHeldAnswers('wix', ['POST'], {
      limits: { cooldown: '0s' },
    });
    let refused = 0;
    const answers = atOnce(50, [rollcall], async (app) => {
      const answer = await resend(app, wix.pending);
      refused += answer.attempt === null ? 1 : 0;
      return answer;
    });
    await waitFor(() => refused === 49);
    door.release();
    expect(tally(await answers)).toEqual({ REQUESTED: 1, 'NOT_SENT IN_PROGRESS': 49 });
    expect(mails(rollcall)).toHaveLength(1);
  });

  it('with one idempotency key send one email, and the others are IN_PROGRESS or the same answer', async () => {
    const rollcall = await stage.start();
    const answers = await atOnce(50, [rollcall], (app) =>
      resend(app, ecwid.pending, { idempotencyKey: 'one and the same'.replaceAll(' ', '-') }),
    );
    const { REQUESTED: sent = 0, 'NOT_SENT IN_PROGRESS': running = 0 } = tally(answers);
    expect([sent > 0, sent + running]).toEqual([true, 50]);
    expect(new Set(answers.flatMap(({ attempt }) => attempt?.id ?? [])).size).toBe(1);
    expect(vendorWrites(rollcall)).toHaveLength(1);
    expect(mails(rollcall)).toHaveLength(1);
  });

  it('to two apps with one ledger send one email, with a key and without', async () => {
    const storage = await stage.storage();
    const apps = [await stage.start({ storage }), await stage.start({ storage })];
    const [first] = apps;
    if (!first) throw new Error('no app');
    const without = tally(await atOnce(50, apps, (app) => resend(app, wix.pending)));
    expect(without).toEqual({ REQUESTED: 1, 'NOT_SENT COOLDOWN': 49 });
    const { REQUESTED: sent = 0, 'NOT_SENT IN_PROGRESS': running = 0 } = tally(
      await atOnce(50, apps, (app) => sendNew(app, softwareone.expired, { idempotencyKey: 'k' })),
    );
    expect([sent > 0, sent + running]).toEqual([true, 50]);
    expect(vendorWrites(first)).toHaveLength(2);
    expect(mails(first)).toHaveLength(2);
  });

  it('to two apps keep the send limit of the account', async () => {
    const storage = await stage.storage();
    const limits = { cooldown: '0s', emailsPerAccountPerHour: 3 };
    const apps = [await stage.start({ storage, limits }), await stage.start({ storage, limits })];
    const [first] = apps;
    if (!first) throw new Error('no app');
    let people = 0;
    const answers = await atOnce(20, apps, (app) => {
      people += 1;
      return inviteStaff(app, {
        accountId: SEED_ACCOUNTS.wix,
        email: `guest.${people}@harbour-cafe.example`,
        roleIds: ['7046409866117400001'],
      });
    });
    expect(tally(answers)).toEqual({ REQUESTED: 3, 'NOT_SENT EMAIL_LIMIT': 17 });
    expect(mails(first)).toHaveLength(3);
  });

  it('to invite or to revoke one person make one request', async () => {
    const rollcall = await stage.start();
    const invited = await atOnce(25, [rollcall], (app) =>
      inviteStaff(app, {
        accountId: SEED_ACCOUNTS.wix,
        email: 'pat@harbour-cafe.example',
        roleIds: ['7046409866117400001'],
      }),
    );
    const withdrawn = await atOnce(25, [rollcall], (app) => revoke(app, ecwid.alsoPending));
    expect([tally(invited)['REQUESTED'], tally(withdrawn)['REQUESTED']]).toEqual([1, 1]);
    expect(vendorWrites(rollcall)).toHaveLength(2);
  });
});

import { SEED_INVITES } from '../support/seed-ids';
import { LEDGERS } from '../support/ledger-pool';
import { useLedgerFixture } from '../support/ledger-fixture';
import { outcomeAndCodes, resend, reveal, revoke, sendNew } from '../support/invite-mutations';
import type { Rollcall } from '../support/start';

const ATTEMPTS =
  'query ($id: ID!, $first: Int) { invite(id: $id) { attempts(first: $first) { id verb outcome at } } }';

async function attemptsOf(rollcall: Rollcall, id: string, first?: number) {
  const { data, errors } = await rollcall.query(ATTEMPTS, { id, ...(first === undefined ? {} : { first }) });
  expect(errors).toEqual([]);
  return data?.invite?.attempts ?? [];
}

describe.each(LEDGERS)('attempts of an invite, with the ledger in $kind', ({ open }) => {
  const stage = useLedgerFixture(open);
  const limits = { cooldown: '0s', emailsPerInvitePerDay: 1000 };

  it('are listed newest first, up to the requested number', async () => {
    const rollcall = await stage.start({ limits });
    const made: (string | undefined)[] = [];
    for (let minute = 0; minute < 24; minute++) {
      made.unshift((await resend(rollcall, SEED_INVITES.wix.pending)).attempt?.id);
      stage.emulators.clock.advance(60_000);
    }
    const ids = async (first?: number) =>
      (await attemptsOf(rollcall, SEED_INVITES.wix.pending, first)).map(({ id }) => id);
    expect(await ids()).toEqual(made.slice(0, 20));
    expect(await ids(100)).toEqual(made);
    expect(await ids(1)).toEqual(made.slice(0, 1));
  });

  it.each([0, -1, 101])('refuse the number %i', async (first) => {
    const rollcall = await stage.start();
    const { data, errors } = await rollcall.query(ATTEMPTS, { id: SEED_INVITES.wix.pending, first });
    expect(data?.invite).toEqual({ attempts: null });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'first' } }]);
  });

  it('are separate for each invite, and in one list for all verbs', async () => {
    const rollcall = await stage.start({ limits });
    await resend(rollcall, SEED_INVITES.softwareone.pending);
    await reveal(rollcall, SEED_INVITES.softwareone.pending);
    await sendNew(rollcall, SEED_INVITES.softwareone.expired);
    await revoke(rollcall, SEED_INVITES.ecwid.alsoPending);
    const { invite: fresh } = await sendNew(rollcall, SEED_INVITES.wix.expired);
    await resend(rollcall, fresh?.id ?? '');
    const { data } = await rollcall.query('{ invites(first: 100) { nodes { id attempts { verb } } } }');
    const listed = Object.fromEntries(
      (data?.invites?.nodes ?? []).map(({ id, attempts }) => [id, attempts?.map(({ verb }) => verb)]),
    );
    const some = Object.entries(listed).filter(([, verbs]) => verbs?.length !== 0);
    expect(Object.fromEntries(some)).toEqual({
      [SEED_INVITES.softwareone.pending]: ['REVEAL_LINK', 'RESEND'],
      [SEED_INVITES.softwareone.expired]: ['SEND_NEW'],
      [SEED_INVITES.ecwid.alsoPending]: ['REVOKE'],
      // One send made the new one out of the old one: it is both of theirs.
      [SEED_INVITES.wix.expired]: ['SEND_NEW'],
      [fresh?.id ?? '']: ['RESEND', 'SEND_NEW'],
    });
  });

  it('remain after the retention time of idempotency keys', async () => {
    const rollcall = await stage.start({ limits: { ...limits, idempotencyTtl: '1h' } });
    const key = { idempotencyKey: 'k' };
    const first = await resend(rollcall, SEED_INVITES.wix.pending, key);
    await rollcall.app.ledger.attempts.purgeKeys();
    expect(await resend(rollcall, SEED_INVITES.wix.pending, key)).toEqual(first);
    stage.emulators.clock.advance(3_600_001);
    await rollcall.app.ledger.attempts.purgeKeys();
    expect(outcomeAndCodes(await resend(rollcall, SEED_INVITES.wix.pending, key))).toBe('REQUESTED');
    expect((await attemptsOf(rollcall, SEED_INVITES.wix.pending)).map(({ id }) => id)).toContain(
      first.attempt?.id,
    );
    expect(await attemptsOf(rollcall, SEED_INVITES.wix.pending)).toHaveLength(2);
  });

  it('name the actor, or null without a subject', async () => {
    const storage = await stage.storage();
    const ada = await stage.start({
      storage,
      limits,
      viewer: { tenant: 'acme', accounts: null, subject: 'ada@idp|1', scopes: 'ALL' },
    });
    expect((await resend(ada, SEED_INVITES.wix.pending)).attempt?.actor).toBe('ada@idp|1');
    const nobody = await stage.start({ storage, limits });
    expect((await resend(nobody, SEED_INVITES.wix.pending)).attempt?.actor).toBeNull();
  });
});

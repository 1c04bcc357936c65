import type { InviteActions } from '../../src/generated/graphql';
import {
  inviteStaff,
  mails,
  outcomeAndCodes,
  resend,
  resendMany,
  revoke,
  sendNew,
  vendorWrites,
  write,
} from '../support/invite-mutations';
import { useLedgerFixture } from '../support/ledger-fixture';
import { LEDGERS } from '../support/ledger-pool';
import { localIdOf, SEED_ACCOUNTS, SEED_INVITES } from '../support/seed-ids';
import { waitFor } from '../support/wait-for';
import type { Emulators } from '../../src/emulators/start';
import { toInvite } from '../../src/vendors/wix/mapper';
import type { Rollcall } from '../support/start';

const { ecwid, wix, softwareone } = SEED_INVITES;
const ACTIONS = 'resend { allowed reason availableAt } sendNew { allowed reason availableAt }';

async function actionsOf({ query }: Rollcall, id: string): Promise<InviteActions | null> {
  const { data } = await query(`query ($id: ID!) { invite(id: $id) { actions { ${ACTIONS} } } }`, { id });
  return data?.invite?.actions ?? null;
}

async function statusOf({ query }: Rollcall, id: string): Promise<string | undefined> {
  const { data } = await query('query ($id: ID!) { invite(id: $id) { status } }', { id });
  return data?.invite?.status;
}

describe.each(LEDGERS)('cooldown per person, with the ledger in $kind', ({ open }) => {
  const stage = useLedgerFixture(open);

  it.each([
    ['ecwid', ecwid.revoked],
    ['wix', wix.expired],
    ['softwareone', softwareone.expired],
  ] as const)('holds back a resend after a new invite, and actions say so: %s', async (_vendor, id) => {
    const rollcall = await stage.start();
    const first = await sendNew(rollcall, id);
    expect(outcomeAndCodes(first)).toBe('REQUESTED');
    const over = new Date(Date.parse(first.attempt?.at ?? '') + 60_000).toISOString();
    const fresh = first.invite?.id ?? '';
    expect(await resend(rollcall, fresh)).toMatchObject({
      outcome: 'NOT_SENT',
      userErrors: [{ code: 'COOLDOWN', availableAt: over }],
    });
    expect((await actionsOf(rollcall, fresh))?.resend).toEqual({
      allowed: false,
      reason: 'COOLDOWN',
      availableAt: over,
    });
    stage.emulators.clock.set(over);
    expect(outcomeAndCodes(await resend(rollcall, fresh))).toBe('REQUESTED');
    expect(mails(rollcall)).toHaveLength(2);
  });

  it('counts an email of which nobody knows whether it went out, whatever the verb of the next', async () => {
    const rollcall = await stage.start();
    stage.emulators.ecwid.faults.add({ kind: 'status', status: 500, times: 1, route: 'POST *' });
    const input = {
      accountId: SEED_ACCOUNTS.ecwid,
      email: 'season.2025@harbor-tea.example',
      roleIds: ['REPORT_ACCESS'],
    };
    expect(outcomeAndCodes(await inviteStaff(rollcall, input))).toBe('UNKNOWN OUTCOME_UNKNOWN');
    expect(outcomeAndCodes(await sendNew(rollcall, ecwid.revoked))).toBe('NOT_SENT COOLDOWN');
    expect(vendorWrites(rollcall)).toHaveLength(1);
    stage.emulators.clock.advance(60_001);
    expect(outcomeAndCodes(await sendNew(rollcall, ecwid.revoked))).toBe('REQUESTED');
  });

  it('counts an invite that was sent elsewhere by its id, and by its address once Wix has told it', async () => {
    const rollcall = await stage.start();
    expect(outcomeAndCodes(await resend(rollcall, wix.unreadable))).toBe('REQUESTED');
    expect(outcomeAndCodes(await resend(rollcall, wix.unreadable))).toBe('NOT_SENT COOLDOWN');
    const { data } = await rollcall.query('query ($id: ID!) { invite(id: $id) { email } }', {
      id: wix.unreadable,
    });
    expect(data?.invite?.email).toMatch(/@/);
    stage.emulators.clock.advance(60_001);
    const again = await Promise.all(Array.from({ length: 20 }, () => resend(rollcall, wix.unreadable)));
    expect(again.filter(({ outcome }) => outcome === 'REQUESTED')).toHaveLength(1);
    expect(mails(rollcall)).toHaveLength(2);
  });

  it('counts an email that was sent before the address was known, by whatever the address becomes known', async () => {
    const rollcall = await stage.start();
    stage.emulators.wix.faults.add({ kind: 'status', status: 500, times: 1, route: 'POST *' });
    expect(outcomeAndCodes(await resend(rollcall, wix.unreadable))).toBe('UNKNOWN OUTCOME_UNKNOWN');
    const email = 'sent.elsewhere@harbour-cafe.example';
    const known = await planned(rollcall);
    await rollcall.app.ledger.remembered.remember({ ...known, id: wix.unreadable, email, status: 'REVOKED' });
    const input = { accountId: SEED_ACCOUNTS.wix, email, roleIds: ['7046409866117400001'] };
    expect(outcomeAndCodes(await inviteStaff(rollcall, input))).toBe('NOT_SENT COOLDOWN');
    expect(vendorWrites(rollcall)).toHaveLength(1);
    const other = `${SEED_ACCOUNTS.wix}:0a1b2c3d-0000-4000-8000-00000000abcd`;
    await rollcall.app.ledger.remembered.remember({ ...known, id: other, email, status: 'EXPIRED' });
    expect((await actionsOf(rollcall, other))?.sendNew).toMatchObject({ allowed: false, reason: 'COOLDOWN' });
    stage.emulators.clock.advance(60_001);
    expect((await actionsOf(rollcall, other))?.sendNew).toMatchObject({ allowed: true, reason: null });
    expect(outcomeAndCodes(await inviteStaff(rollcall, input))).toBe('REQUESTED');
  });

  it('counts it however many other invites are remembered for the address', async () => {
    const rollcall = await stage.start();
    expect(outcomeAndCodes(await resend(rollcall, wix.unreadable))).toBe('REQUESTED');
    const known = await planned(rollcall);
    const email = 'often.invited@harbour-cafe.example';
    const { remember } = rollcall.app.ledger.remembered;
    await remember({ ...known, id: wix.unreadable, email, status: 'REVOKED' });
    const ids = Array.from({ length: 150 }, (_, index) => `${SEED_ACCOUNTS.wix}:earlier-${index}`);
    await Promise.all(ids.map((id) => remember({ ...known, id, email, status: 'REVOKED' })));
    const input = { accountId: SEED_ACCOUNTS.wix, email, roleIds: ['7046409866117400001'] };
    expect(outcomeAndCodes(await inviteStaff(rollcall, input))).toBe('NOT_SENT COOLDOWN');
    expect(mails(rollcall)).toHaveLength(1);
  });

  it('lets one of twenty parallel clicks on an invite through that was sent elsewhere', async () => {
    const rollcall = await stage.start();
    const clicks = await Promise.all(Array.from({ length: 20 }, () => resend(rollcall, wix.unreadable)));
    expect(clicks.filter(({ outcome }) => outcome === 'REQUESTED')).toHaveLength(1);
    expect(mails(rollcall)).toHaveLength(1);
  });

  it('refuses a bulk resend whose states were read before another email began', async () => {
    const { rollcall, door } = await stage.startWithHeldAnswers('softwareone', ['GET'], {
      limits: { cooldown: '0s' },
    });
    const other = await stage.start({ storage: addressOf(rollcall), limits: { cooldown: '0s' } });
    const ids = [softwareone.pending, softwareone.alsoPending];
    const many = resendMany(rollcall, ids);
    await waitFor(() => rollcall.vendorRequests().length === 1);
    expect(outcomeAndCodes(await resend(other, softwareone.alsoPending))).toBe('REQUESTED');
    door.release();
    const { results } = await many;
    expect(results.map(outcomeAndCodes)).toEqual(['REQUESTED', 'NOT_SENT IN_PROGRESS']);
    expect(mails(rollcall)).toHaveLength(2);
  });

  it('says nothing of a withdrawal, which has a pause of its own', async () => {
    const rollcall = await stage.start();
    expect(outcomeAndCodes(await resend(rollcall, wix.pending))).toBe('REQUESTED');
    expect(outcomeAndCodes(await revoke(rollcall, wix.pending))).toBe('REQUESTED');
    expect(outcomeAndCodes(await sendNew(rollcall, wix.pending))).toBe('NOT_SENT COOLDOWN');
  });
});

describe.each(LEDGERS)(
  'one store under the account keys of two tenants, with the ledger in $kind',
  ({ open }) => {
    const stage = useLedgerFixture(open);

    /** The same store once more, under another key, for somebody else. */
    const withTwin = (key = 'twin-tea'): Emulators => {
      const { emulators } = stage;
      const store = emulators.accounts.find(({ key }) => key === SEED_ACCOUNTS.ecwid);
      if (!store) throw new Error('no such account');
      return {
        ...emulators,
        accounts: [...emulators.accounts, { ...store, key, tenant: 'twin' }],
      };
    };
    const twin = ecwid.pending.replace(SEED_ACCOUNTS.ecwid, 'twin-tea');

    it('has one cooldown, and neither tenant finds the keys or attempts of the other', async () => {
      const rollcall = await stage.start({ emulators: withTwin() });
      const key = { idempotencyKey: 'k' };
      expect(outcomeAndCodes(await resend(rollcall, ecwid.pending, key))).toBe('REQUESTED');
      expect(await resend(rollcall, twin, key)).toMatchObject({
        outcome: 'NOT_SENT',
        attempt: null,
        userErrors: [{ code: 'COOLDOWN' }],
      });
      expect((await actionsOf(rollcall, twin))?.resend.reason).toBe('COOLDOWN');
      const { data } = await rollcall.query('query ($id: ID!) { invite(id: $id) { attempts { id } } }', {
        id: twin,
      });
      expect(data?.invite?.attempts).toEqual([]);
      expect(mails(rollcall)).toHaveLength(1);
    });

    it('counts what was sent under a key that only another process has, in place of one that both had', async () => {
      const rollcall = await stage.start({ emulators: withTwin() });
      expect(outcomeAndCodes(await resend(rollcall, ecwid.alsoPending))).toBe('REQUESTED');
      const storage = addressOf(rollcall);
      const other = await stage.start({ storage, emulators: withTwin('other-tea') });
      const { emulators } = stage;
      const elsewhere = emulators.accounts.map((each) =>
        each.key === 'maple-books' ? { ...each, key: 'twin-tea' } : each,
      );
      // In a third process, the key of the first one has become another store's.
      await stage.start({ storage, emulators: { ...emulators, accounts: elsewhere } });
      const sent = ecwid.pending.replace(SEED_ACCOUNTS.ecwid, 'other-tea');
      expect(outcomeAndCodes(await resend(other, sent))).toBe('REQUESTED');
      expect((await actionsOf(rollcall, ecwid.pending))?.resend.reason).toBe('COOLDOWN');
      expect(outcomeAndCodes(await resend(rollcall, ecwid.pending))).toBe('NOT_SENT COOLDOWN');
    });

    it('sends one email for parallel clicks of both', async () => {
      const rollcall = await stage.start({ emulators: withTwin() });
      const ids = Array.from({ length: 20 }, (_, click) => (click % 2 === 0 ? ecwid.pending : twin));
      const clicks = await Promise.all(ids.map((id) => resend(rollcall, id)));
      expect(clicks.filter(({ outcome }) => outcome === 'REQUESTED')).toHaveLength(1);
      expect(mails(rollcall)).toHaveLength(1);
    });
  },
);

describe.each(LEDGERS)('remembered invites, with the ledger in $kind', ({ open }) => {
  const stage = useLedgerFixture(open);

  it('stay REVOKED when the answer to an older resend comes late', async () => {
    const { rollcall, door } = await stage.startWithHeldAnswers('wix', ['POST']);
    const late = resend(rollcall, wix.pending);
    await waitFor(() => vendorWrites(rollcall).length === 1);
    const other = await stage.start({ storage: addressOf(rollcall) });
    expect(outcomeAndCodes(await revoke(other, wix.pending))).toBe('REQUESTED');
    door.release();
    expect(outcomeAndCodes(await late)).toBe('REQUESTED');
    expect(await statusOf(rollcall, wix.pending)).toBe('REVOKED');
  });

  it('keep the address and roles that a withdrawal has not read', async () => {
    const { rollcall, door } = await stage.startWithHeldAnswers('wix', ['POST']);
    const late = revoke(rollcall, wix.unreadable);
    await waitFor(() => vendorWrites(rollcall).length === 1);
    const { email, roles } = { ...(await planned(rollcall)), email: 'sent.elsewhere@harbour-cafe.example' };
    await rollcall.app.ledger.remembered.remember({
      ...(await planned(rollcall)),
      id: wix.unreadable,
      email,
    });
    door.release();
    expect(outcomeAndCodes(await late)).toBe('REQUESTED');
    const after = (await rollcall.app.ledger.remembered.ofAccount(SEED_ACCOUNTS.wix)).find(
      ({ localId }) => localId === localIdOf(wix.unreadable),
    );
    expect(after).toMatchObject({ status: 'REVOKED', email, roleIds: roles.map(({ id }) => id) });
    expect(roles).not.toEqual([]);
  });

  it('are not put back by a withdrawal that is refused, or that read an older state', async () => {
    const rollcall = await stage.start();
    const before = (await rollcall.app.ledger.remembered.ofAccount(SEED_ACCOUNTS.wix)).find(
      ({ localId }) => localId === localIdOf(wix.expired),
    );
    const { invite } = await sendNew(rollcall, wix.expired);
    expect(before?.replacedBy).toBeNull();
    const old = { ...(await planned(rollcall)), replacedBy: null };
    await rollcall.app.ledger.attempts.begin(
      {
        account: SEED_ACCOUNTS.wix,
        invite: localIdOf(wix.expired),
        email_id: null,
        verb: 'REVOKE',
        actor: '',
        idempotency_key: null,
        input_hash: '',
        invited_before: null,
        lease: 30_000,
      },
      () => null,
      rollcall.app.ledger.memory.before(old),
    );
    await rollcall.app.ledger.remembered.remember(old);
    const after = (await rollcall.app.ledger.remembered.ofAccount(SEED_ACCOUNTS.wix)).find(
      ({ localId }) => localId === localIdOf(wix.expired),
    );
    expect(after?.replacedBy).toBe(localIdOf(invite?.id ?? ''));
    expect(outcomeAndCodes(await write(rollcall, 'sendNewInvite', { inviteId: wix.expired }))).toBe(
      'NOT_SENT INVITE_PENDING',
    );
  });
});

function addressOf({ config: { storage } }: Rollcall): string {
  if (storage.kind === 'postgres') return storage.url;
  return storage.kind === 'sqlite' ? `sqlite:${storage.file}` : 'memory:';
}

async function planned({ app }: Rollcall) {
  const [known] = (await app.ledger.remembered.ofAccount(SEED_ACCOUNTS.wix)).filter(
    ({ localId }) => localId === localIdOf(wix.expired),
  );
  return toInvite(SEED_ACCOUNTS.wix, known as NonNullable<typeof known>, new Map(), 0);
}

import { wixAccountOf } from '../../src/emulators/wix/store';
import { HELD, PATIENT_LIMITS } from '../support/held';
import { metric } from '../support/metrics';
import { SEED_INVITES } from '../support/seed-ids';
import { outcomeAndCodes, write } from '../support/invite-mutations';
import type { Rollcall } from '../support/start';
import { type ListResult, NO_CACHE, readList, sourceOf } from '../support/list-queries';
import { readsOf, useVendorFixture } from '../support/vendor-fixture';
import { waitFor } from '../support/wait-for';

const stage = useVendorFixture();
const broken = { kind: 'status', status: 501 } as const;

const statusOf = (list: ListResult, account: string, id: string): string | null =>
  list.rows[account]?.find((row) => row.id === id)?.status ?? null;

/** Waits until the vendor has seen the first question. */
const seen = (rollcall: Rollcall, account: string): Promise<void> =>
  waitFor(() => readsOf(rollcall, account).length === 1);

describe.each([
  ['ecwid', 'harbor-tea', SEED_INVITES.ecwid.pending],
  ['softwareone', 'contoso', SEED_INVITES.softwareone.pending],
  ['wix', 'harbour-cafe', SEED_INVITES.wix.pending],
] as const)('read cache: invalidation by a write to %s', (vendor, account, pending) => {
  const staff = vendor === 'wix' ? 'globex-studio' : 'contoso-nordic';

  it('invalidates all reads of that account and of no other', async () => {
    const rollcall = await stage.start();
    await readList(rollcall, 'staffMembers', { accountIds: [account, staff] });
    expect(outcomeAndCodes(await write(rollcall, 'resendInvite', { inviteId: pending }))).toBe('REQUESTED');
    const { sources } = await readList(rollcall, 'staffMembers', { accountIds: [account, staff] });
    expect(sources).toMatchObject({ [account]: { state: 'FRESH' }, [staff]: { state: 'CACHED' } });
  });

  it('leaves no stale value for stale-if-error', async () => {
    const rollcall = await stage.start();
    await sourceOf(rollcall, account);
    await write(rollcall, 'resendInvite', { inviteId: pending });
    stage.emulators[vendor].faults.add(broken);
    expect(await sourceOf(rollcall, account)).toMatchObject({ state: 'FAILED', asOf: null });
  });

  it('is not undone by a read that was in flight', async () => {
    const rollcall = await stage.start({ limits: PATIENT_LIMITS });
    // The vendor looks at once and answers late: what it saw is from before the write.
    stage.emulators[vendor].faults.add({ ...HELD, route: 'GET *', times: 1 });
    const old = sourceOf(rollcall, account);
    await seen(rollcall, account);
    await write(rollcall, 'revokeInvite', { inviteId: pending });
    const reads = readsOf(rollcall, account).length;
    expect(await sourceOf(rollcall, account)).toMatchObject({ state: 'FRESH' });
    expect(readsOf(rollcall, account)).toHaveLength(reads + 1);
    stage.emulators[vendor].faults.clear();
    expect(await old).toMatchObject({ state: 'FRESH' });
    expect(await sourceOf(rollcall, account)).toMatchObject({ state: 'CACHED' });
    expect(readsOf(rollcall, account)).toHaveLength(reads + 1);
  });
});

describe('read cache: two responses to the same read', () => {
  it('keep the newer one, in any order of arrival', async () => {
    const rollcall = await stage.start({ limits: PATIENT_LIMITS });
    const id = SEED_INVITES.ecwid.alsoPending;
    const read = async (headers = {}) =>
      statusOf(
        await readList(rollcall, 'invites', { accountIds: ['harbor-tea'], ...every }, headers),
        'harbor-tea',
        id,
      );
    const every = { status: ['PENDING', 'ACCEPTED'] };
    stage.emulators.ecwid.faults.add({ ...HELD, times: 1 });
    const slow = read();
    await seen(rollcall, 'harbor-tea');
    stage.emulators.ecwid.changeInvite('harbor-tea', 'priya@harbor-tea.example', 'accept');
    expect(await read(NO_CACHE)).toBe('ACCEPTED');
    stage.emulators.ecwid.faults.clear();
    expect(await slow).toBe('PENDING');
    expect(await read()).toBe('ACCEPTED');
    expect(readsOf(rollcall, 'harbor-tea')).toHaveLength(2);
  });

  it('are not shared with a caller that requires fresh data', async () => {
    const { rollcall, gate } = await stage.startGated('wix');
    gate.hold();
    const first = sourceOf(rollcall, 'harbour-cafe');
    const second = sourceOf(rollcall, 'harbour-cafe', NO_CACHE);
    await gate.until(({ waiting }) => waiting === 2);
    gate.open();
    expect(await Promise.all([first, second])).toMatchObject([{ state: 'FRESH' }, { state: 'FRESH' }]);
  });
});

describe('read cache: a failure within one operation', () => {
  const nora = `harbour-cafe:${wixAccountOf('nora.lind@harbor-tea.example')}`;

  it('is not cached for a later read of the same operation', async () => {
    const rollcall = await stage.start({ limits: PATIENT_LIMITS });
    stage.emulators.wix.faults.add({ ...broken, route: 'GET */contributors/query', times: 1 });
    // The list comes after the failure, and with it the same person once more.
    stage.emulators.softwareone.faults.add({ ...HELD, account: 'contoso' });
    const answer = rollcall.query(
      `query ($id: ID!) {
        staffMember(id: $id) { id }
        invites(first: 100, filter: { accountIds: ["contoso", "harbour-cafe"], status: [ACCEPTED] }) {
          nodes { account { id } staffMember { id } }
        }
      }`,
      { id: nora },
    );
    await waitFor(async () => (await metric(rollcall, 'vendor_requests_total', { vendor: 'WIX' })) === 1);
    stage.emulators.softwareone.faults.clear();
    const { data, errors } = await answer;
    expect(errors).toMatchObject([{ path: ['staffMember'], extensions: { code: 'VENDOR_UNAVAILABLE' } }]);
    expect(data?.staffMember).toBeNull();
    expect(data?.invites?.nodes).toContainEqual({
      account: { id: 'harbour-cafe' },
      staffMember: { id: nora },
    });
    expect(readsOf(rollcall, 'harbour-cafe')).toHaveLength(2);
  });

  it('of the first alias does not fail the second alias: the state is read again', async () => {
    const rollcall = await stage.start();
    stage.emulators.softwareone.faults.add({ ...broken, route: 'GET *', times: 1 });
    const { data, errors } = await rollcall.query(
      `mutation ($input: ResendInviteInput!) {
        first: resendInvite(input: $input) { outcome userErrors { code } }
        second: resendInvite(input: $input) { outcome userErrors { code } }
      }`,
      { input: { inviteId: SEED_INVITES.softwareone.pending } },
    );
    expect({ data, errors }).toEqual({
      data: {
        first: { outcome: 'NOT_SENT', userErrors: [{ code: 'VENDOR_UNAVAILABLE' }] },
        second: { outcome: 'REQUESTED', userErrors: [] },
      },
      errors: [],
    });
  });

  it.each(['roles { id }', 'name'])('is not cached for the %s of an account either', async (field) => {
    const rollcall = await stage.start();
    const route = field === 'name' ? 'GET */profile' : 'GET */staffScopes';
    stage.emulators.ecwid.faults.add({ ...broken, route, times: 1 });
    const { data } = await rollcall.query(
      `mutation ($one: ResendInviteInput!, $other: ResendInviteInput!) {
        first: resendInvite(input: $one) { outcome invite { account { ${field} } } }
        second: resendInvite(input: $other) { outcome invite { account { ${field} } } }
      }`,
      { one: { inviteId: SEED_INVITES.ecwid.pending }, other: { inviteId: SEED_INVITES.ecwid.alsoPending } },
    );
    const name = field.split(' ')[0] ?? '';
    const shown = Object.values(data as object).map(
      ({ outcome, invite }: { outcome: string; invite: { account: Record<string, unknown> } }) => [
        outcome,
        invite.account[name] !== null,
      ],
    );
    expect(shown).toEqual([
      ['REQUESTED', false],
      ['REQUESTED', true],
    ]);
  });
});

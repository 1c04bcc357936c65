import type { Invite, InviteAction } from '../../src/generated/graphql';
import { ecwidInviteId, SEED_INVITES, VENDORS } from '../support/seed-ids';
import { LEDGERS } from '../support/ledger-pool';
import { useLedgerFixture } from '../support/ledger-fixture';
import {
  mails,
  outcomeAndCodes,
  resend,
  revoke,
  sendNew,
  vendorWrites,
  type WriteResult,
} from '../support/invite-mutations';
import type { Rollcall } from '../support/start';

const VERBS = { resend, sendNew, revoke };
type Verb = keyof typeof VERBS;

const CONSENTS = { acknowledgeDeclined: true, grantFullAccess: true };
const EVERY_STATUS = '[PENDING, ACCEPTED, EXPIRED, DECLINED, REVOKED, UNKNOWN]';
const ACTIONS = `actions {
  resend { allowed reason availableAt } sendNew { allowed reason availableAt } revoke { allowed reason availableAt }
}`;

async function seeded(rollcall: Rollcall): Promise<Pick<Invite, 'id' | 'status'>[]> {
  const { data } = await rollcall.query(
    `{ invites(first: 100, filter: { status: ${EVERY_STATUS} }) { nodes { id status } pageInfo { hasNextPage } } }`,
  );
  expect(data?.invites?.pageInfo.hasNextPage).toBe(false);
  return data?.invites?.nodes ?? [];
}

async function actionOf(rollcall: Rollcall, id: string, verb: Verb): Promise<InviteAction | undefined> {
  const { data } = await rollcall.query(`query ($id: ID!) { invite(id: $id) { ${ACTIONS} } }`, { id });
  return data?.invite?.actions?.[verb];
}

/** What an action promises, in the words of what a mutation tells. */
const promised = (action: InviteAction | undefined): string =>
  action?.allowed === true ? 'goes to the vendor' : `NOT_SENT ${action?.reason ?? 'for no reason'}`;

const done = (written: WriteResult): string =>
  written.attempt === null ? outcomeAndCodes(written) : 'goes to the vendor';

describe('invite actions', () => {
  const stage = useLedgerFixture();

  it.each(VENDORS)(
    'of an invite that was just revoked predict the result of the next call: %s',
    async (vendor) => {
      const rollcall = await stage.start({ limits: { cooldown: '0s' } });
      const inviteId = SEED_INVITES[vendor].pending;
      const document = `mutation ($input: RevokeInviteInput!) { revokeInvite(input: $input) { outcome invite { ${ACTIONS} } } }`;
      const { data } = await rollcall.query(document, { input: { inviteId } });
      const { outcome, invite } = data?.revokeInvite ?? {};
      expect(outcome).toBe('REQUESTED');
      for (const verb of ['resend', 'revoke', 'sendNew'] as const)
        expect(done(await VERBS[verb](rollcall, inviteId, verb === 'sendNew' ? CONSENTS : {}))).toBe(
          promised(invite?.actions?.[verb]),
        );
    },
  );

  it.each(Object.keys(VERBS) as Verb[])('predict what %s does, for every invite', async (verb) => {
    const rollcall = await stage.start();
    const invites = await seeded(rollcall);
    expect(new Set(invites.map(({ status }) => status))).toEqual(
      new Set(['PENDING', 'ACCEPTED', 'EXPIRED', 'DECLINED', 'REVOKED']),
    );
    const promises: string[] = [];
    const deeds: string[] = [];
    for (const { id, status } of invites) {
      const action = await actionOf(rollcall, id, verb);
      const written = await VERBS[verb](rollcall, id, verb === 'sendNew' ? CONSENTS : {});
      promises.push(`${id} ${status} ${promised(action)}`);
      deeds.push(`${id} ${status} ${done(written)}`);
    }
    expect(deeds).toEqual(promises);
    expect(vendorWrites(rollcall)).toHaveLength(promises.filter((line) => line.endsWith('vendor')).length);
  });
});

describe.each(LEDGERS)('invite actions: cooldown, with the ledger in $kind', ({ open }) => {
  const stage = useLedgerFixture(open);

  it('show the cooldown after an email, and its end', async () => {
    const rollcall = await stage.start();
    const id = ecwidInviteId('harbor-tea', 'lena@harbor-tea.example');
    await resend(rollcall, id);
    const action = await actionOf(rollcall, id, 'resend');
    const { userErrors } = await resend(rollcall, id);
    expect(action).toEqual({ allowed: false, reason: 'COOLDOWN', availableAt: userErrors[0]?.availableAt });
    expect(await actionOf(rollcall, id, 'revoke')).toEqual({
      allowed: true,
      reason: null,
      availableAt: null,
    });
    stage.emulators.clock.advance(60_001);
    expect(await actionOf(rollcall, id, 'resend')).toEqual({
      allowed: true,
      reason: null,
      availableAt: null,
    });
    expect(mails(rollcall)).toHaveLength(1);
  });
});

describe('invite actions: an action that requires consent', () => {
  const stage = useLedgerFixture();

  it('is allowed, with the reason that the mutation gives without the consent', async () => {
    const rollcall = await stage.start();
    const invites = await seeded(rollcall);
    const declined = invites.find(({ status }) => status === 'DECLINED')?.id ?? '';
    const withEverything = ecwidInviteId('harbor-tea', 'silas@harbor-tea.example');
    await revoke(rollcall, withEverything);
    for (const [id, reason] of [
      [declined, 'INVITE_DECLINED'],
      [withEverything, 'FULL_ACCESS'],
    ] as const) {
      expect(await actionOf(rollcall, id, 'sendNew')).toMatchObject({ allowed: true, reason });
      expect(outcomeAndCodes(await sendNew(rollcall, id))).toBe(`NOT_SENT ${reason}`);
    }
  });

  it('costs no vendor call', async () => {
    const rollcall = await stage.start({ limits: { cacheTtl: '0s' } });
    const ids = '{ invites(first: 100) { nodes { id } } }';
    await rollcall.query(ids);
    const without = rollcall.vendorRequests().length;
    rollcall.forgetRequests();
    await rollcall.query(`{ invites(first: 100) { nodes { id status ${ACTIONS} } } }`);
    expect(rollcall.vendorRequests()).toHaveLength(without);
  });
});

import type { InviteErrorCode, InviteVerb } from '../../src/model';
import { SEED_INVITES } from '../support/seed-ids';
import { LEDGERS } from '../support/ledger-pool';
import { PERMITTED, REFUSED, type Verb } from './rules-table';
import { useLedgerFixture } from '../support/ledger-fixture';
import { mails, vendorReads, vendorWrites, write } from '../support/invite-mutations';

const { ecwid, wix, softwareone } = SEED_INVITES;

const VERBS: readonly Verb[] = ['resendInvite', 'sendNewInvite', 'revokeInvite'];
const refusals = REFUSED.flatMap(([vendor, state, invite, codes]) =>
  codes.flatMap((code, index) =>
    code === null ? [] : [[vendor, state, VERBS[index] ?? 'resendInvite', invite, code] as const],
  ),
);

const SUGGESTED: Partial<Record<InviteErrorCode, InviteVerb>> = {
  INVITE_PENDING: 'RESEND',
  INVITE_EXPIRED: 'SEND_NEW',
  INVITE_DECLINED: 'SEND_NEW',
  INVITE_REVOKED: 'SEND_NEW',
};

describe.each(LEDGERS)('invite rules, with the ledger in $kind', ({ open }) => {
  const stage = useLedgerFixture(open);

  it.each(PERMITTED)(
    '$vendor, $state: $verb makes one request',
    async ({ verb, invite: inviteId, line, mailed, then, more }) => {
      const rollcall = await stage.start();
      const { outcome, userErrors, invite, attempt, replacedInviteId } = await write(rollcall, verb, {
        inviteId,
        ...more,
      });
      expect({ outcome, userErrors, status: invite?.status }).toEqual({
        outcome: 'REQUESTED',
        userErrors: [],
        status: then,
      });
      expect(attempt?.outcome).toBe('REQUESTED');
      expect(vendorWrites(rollcall)).toEqual([line]);
      expect(
        mails(rollcall).map(({ kind, to, language }) => [kind, to, language ?? ''].join(' ').trim()),
      ).toEqual(mailed);
      const replaces = line.includes('/bulk');
      expect([invite?.id === inviteId, replacedInviteId ?? null]).toEqual(
        replaces ? [false, inviteId] : [true, null],
      );
    },
  );

  it('refuse what the state does not permit, and write nothing to the vendor', async () => {
    const rollcall = await stage.start();
    const answers = [];
    for (const [, , verb, inviteId] of refusals) {
      const { outcome, userErrors, attempt } = await write(rollcall, verb, { inviteId });
      const [error] = userErrors;
      answers.push([verb, inviteId, outcome, error?.code, error?.suggestedAction ?? null, attempt]);
    }
    expect(answers).toEqual(
      refusals.map(([, , verb, inviteId, code]) => [
        verb,
        inviteId,
        'NOT_SENT',
        code,
        SUGGESTED[code] ?? null,
        null,
      ]),
    );
    expect(vendorWrites(rollcall)).toEqual([]);
    expect(mails(rollcall)).toEqual([]);
  });
});

describe('field of a refusal', () => {
  const stage = useLedgerFixture();

  it('is the id for an unknown invite, and the consent for a missing consent', async () => {
    const rollcall = await stage.start();
    const fields = async (verb: Verb, inviteId: string) =>
      (await write(rollcall, verb, { inviteId })).userErrors.map(({ field }) => field?.join('.') ?? null);
    expect(await fields('resendInvite', ecwid.unknown)).toEqual(['input.inviteId']);
    expect(await fields('resendInvite', 'no such account:x')).toEqual(['input.inviteId']);
    expect(await fields('sendNewInvite', wix.declined)).toEqual(['input.acknowledgeDeclined']);
    expect(await fields('sendNewInvite', softwareone.pending)).toEqual([null]);
  });

  it.each(['resendInvite', 'revokeInvite'] as const)(
    'is null where %s has no input that would help',
    async (verb) => {
      const rollcall = await stage.start();
      const { userErrors } = await write(rollcall, verb, { inviteId: wix.declined });
      expect(userErrors).toMatchObject([{ code: 'INVITE_DECLINED', field: null }]);
    },
  );
});

describe('reads before a write', () => {
  const stage = useLedgerFixture();

  it.each([
    ['Ecwid', ecwid.pending, 1],
    ['Wix', wix.pending, 0],
    ['SoftwareOne', softwareone.pending, 1],
  ])('are at most one read of the state: %s', async (_vendor, inviteId, reads) => {
    const rollcall = await stage.start();
    await write(rollcall, 'resendInvite', { inviteId });
    expect(vendorReads(rollcall)).toHaveLength(reads);
  });
});

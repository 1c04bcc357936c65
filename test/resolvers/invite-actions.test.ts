import { emailLocalId } from '../../src/email';
import { closeAll } from '../support/close-all';
import { type Rollcall, startRollcall, UNCACHED } from '../support/start';

let rollcall: Rollcall;
beforeAll(async () => {
  rollcall = await startRollcall({ limits: UNCACHED });
});
afterEach(() => {
  rollcall.emulators.reset();
});
afterAll(() => closeAll(rollcall));

const INVITE = `query ($id: ID!) { invite(id: $id) { status
  actions { resend { allowed reason } sendNew { allowed reason } revoke { allowed reason } }
  attempts { verb outcome } } }`;
const yes = (reason: string | null = null) => ({ allowed: true, reason });
const no = (reason: string) => ({ allowed: false, reason });
const tea = (email: string) => `harbor-tea:${emailLocalId(email)}`;
const cafe = (email: string): string => {
  const found = rollcall.emulators.remembered.wix.find(({ invite }) => invite.email === email);
  return `harbour-cafe:${found?.invite.id ?? ''}`;
};

describe('invite actions', () => {
  it.each([
    ['pending at Ecwid', () => tea('lena@harbor-tea.example'), 'PENDING', yes(), no('INVITE_PENDING'), yes()],
    [
      'accepted at Ecwid',
      () => tea('ines@harbor-tea.example'),
      'ACCEPTED',
      no('INVITE_ACCEPTED'),
      no('INVITE_ACCEPTED'),
      no('INVITE_ACCEPTED'),
    ],
    [
      'withdrawn at Ecwid',
      () => tea('season.2025@harbor-tea.example'),
      'REVOKED',
      no('INVITE_REVOKED'),
      yes(),
      no('INVITE_REVOKED'),
    ],
    [
      'pending at SoftwareOne',
      () => 'contoso:AUSR-2750-9914-0362',
      'PENDING',
      yes(),
      no('INVITE_PENDING'),
      yes(),
    ],
    [
      'expired at SoftwareOne',
      () => 'contoso:AUSR-2750-9914-0366',
      'EXPIRED',
      no('INVITE_EXPIRED'),
      yes(),
      yes(),
    ],
    [
      'pending at Wix',
      () => cafe('freya@harbour-cafe.example'),
      'PENDING',
      yes(),
      no('INVITE_PENDING'),
      yes(),
    ],
    [
      'expired at Wix',
      () => cafe('hugo@harbour-cafe.example'),
      'EXPIRED',
      no('INVITE_EXPIRED'),
      yes(),
      yes(),
    ],
    [
      'declined at Wix',
      () => cafe('beatriz@harbour-cafe.example'),
      'DECLINED',
      no('INVITE_DECLINED'),
      yes('INVITE_DECLINED'),
      no('INVITE_DECLINED'),
    ],
    [
      'withdrawn at Wix',
      () => cafe('dmitri@harbour-cafe.example'),
      'REVOKED',
      no('INVITE_REVOKED'),
      yes(),
      no('INVITE_REVOKED'),
    ],
    [
      'sent by somebody else at Wix',
      () => 'harbour-cafe:00000000-0000-4000-8000-000000000000',
      'UNKNOWN',
      yes(),
      no('STATE_UNREADABLE'),
      yes(),
    ],
  ])('are returned with the invite: %s', async (_what, id, status, resend, sendNew, revoke) => {
    const { data, errors } = await rollcall.query(INVITE, { id: id() });
    expect(errors).toEqual([]);
    expect(data?.invite).toEqual({ status, actions: { resend, sendNew, revoke }, attempts: [] });
  });

  it('cost no vendor call beyond the list of the invite', async () => {
    const list = async (fields: string): Promise<number> => {
      rollcall.forgetRequests();
      const { errors } = await rollcall.query(`{ invites(first: 100) { nodes { id status ${fields} } } }`);
      expect(errors).toEqual([]);
      return rollcall.vendorRequests().length;
    };
    const plain = await list('');
    expect(
      await list('actions { resend { allowed } sendNew { allowed } revoke { allowed } } attempts { id }'),
    ).toBe(plain);
  });

  it('include an attempt after it was made, and the cooldown of the next one', async () => {
    const id = 'contoso:AUSR-2750-9914-0362';
    await rollcall.query('mutation ($id: ID!) { resendInvite(input: { inviteId: $id }) { outcome } }', {
      id,
    });
    const { data } = await rollcall.query(INVITE, { id });
    expect(data?.invite).toMatchObject({
      attempts: [{ verb: 'RESEND', outcome: 'REQUESTED' }],
      actions: { resend: no('COOLDOWN'), revoke: yes() },
    });
  });
});

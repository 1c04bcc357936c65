import type { InviteErrorCode } from '../../src/model';
import { ecwidInviteId, PERMITTED_WRITES, SEED_INVITES, VENDORS } from '../support/seed-ids';
import { LEDGERS } from '../support/ledger-pool';
import { useLedgerFixture } from '../support/ledger-fixture';
import { inviteStaff, mails, outcomeAndCodes, revoke, vendorWrites } from '../support/invite-mutations';

const { ecwid, wix, softwareone } = SEED_INVITES;
const BODIES = {
  ecwid: 'POST /api/v3/7700142/staff {"email":"new.hand@harbor-tea.example","staffScopes":["REPORT_ACCESS"]}',
  wix: 'POST /invites/site-invite/bulk {"policyIds":["7046409866117400001"],"emails":["new.hand@harbour-cafe.example"]}',
  softwareone:
    'POST /public/v1/accounts/account-users {"user":{"email":"new.hand@contoso.example","firstName":"New","lastName":"Hand"},' +
    '"account":{"id":"ACC-4821-7730"},"groups":[{"id":"UGR-6104-2290"}],"invitation":{"status":"Invited"}}',
} as const;

const tea = (more: object = {}) => ({ ...PERMITTED_WRITES.ecwid.inviteStaffMember, ...more });
const cafe = (more: object = {}) => ({ ...PERMITTED_WRITES.wix.inviteStaffMember, ...more });
const contoso = (more: object = {}) => ({ ...PERMITTED_WRITES.softwareone.inviteStaffMember, ...more });

describe.each(LEDGERS)('inviteStaffMember, with the ledger in $kind', ({ open }) => {
  const stage = useLedgerFixture(open);

  it.each(VENDORS)('makes one request, and the invite exists afterwards: %s', async (vendor) => {
    const rollcall = await stage.start();
    const input = PERMITTED_WRITES[vendor].inviteStaffMember;
    const { outcome, invite, attempt, userErrors } = await inviteStaff(rollcall, input);
    expect([outcome, userErrors, attempt?.verb]).toEqual(['REQUESTED', [], 'INVITE']);
    expect(vendorWrites(rollcall)).toEqual([BODIES[vendor]]);
    expect(mails(rollcall)).toMatchObject([{ to: input['email'], kind: 'invite' }]);
    const { data } = await rollcall.query(
      'query ($id: ID!) { invite(id: $id) { id status email roles { id } } }',
      { id: invite?.id },
    );
    expect(data?.invite).toEqual({
      id: invite?.id,
      status: 'PENDING',
      email: input['email'],
      roles: (input['roleIds'] as string[]).map((id) => ({ id })),
    });
    stage.emulators.clock.advance(3_600_000);
    expect(await inviteStaff(rollcall, input)).toMatchObject({
      outcome: 'NOT_SENT',
      invite: { id: invite?.id, status: 'PENDING' },
      userErrors: [{ code: 'INVITE_PENDING', suggestedAction: 'RESEND' }],
    });
    expect(mails(rollcall)).toHaveLength(1);
  });

  it.each<[string, object, InviteErrorCode, string | null]>([
    ['Ecwid pending', tea({ email: 'lena@harbor-tea.example' }), 'INVITE_PENDING', ecwid.pending],
    [
      'Ecwid pending, spelt otherwise',
      tea({ email: ' Lena@Harbor-TEA.example' }),
      'INVITE_PENDING',
      ecwid.pending,
    ],
    ['Ecwid accepted', tea({ email: 'ines@harbor-tea.example' }), 'INVITE_ACCEPTED', ecwid.accepted],
    ['Wix pending', cafe({ email: 'freya@harbour-cafe.example' }), 'INVITE_PENDING', wix.pending],
    ['Wix expired', cafe({ email: 'hugo@harbour-cafe.example' }), 'INVITE_EXPIRED', wix.expired],
    ['Wix declined', cafe({ email: 'beatriz@harbour-cafe.example' }), 'INVITE_DECLINED', wix.declined],
    ['Wix accepted', cafe({ email: 'nora.lind@harbor-tea.example' }), 'INVITE_ACCEPTED', wix.accepted],
    [
      'SoftwareOne pending',
      contoso({ email: 'nora.vale@contoso.example' }),
      'INVITE_PENDING',
      softwareone.pending,
    ],
    [
      'SoftwareOne expired',
      contoso({ email: 'quentin.lhopital@contoso.example' }),
      'INVITE_EXPIRED',
      softwareone.expired,
    ],
    [
      'SoftwareOne accepted',
      contoso({ email: 'GRACE.okafor@contoso.example' }),
      'INVITE_ACCEPTED',
      softwareone.accepted,
    ],
    [
      'SoftwareOne, the domain in another script',
      contoso({ email: 'joerg@bücher.example' }),
      'INVITE_ACCEPTED',
      'contoso:AUSR-2750-9914-0368',
    ],
  ])('refuses a person with a pending invite, and returns that invite: %s', async (_who, input, code, id) => {
    const rollcall = await stage.shared();
    const answer = await inviteStaff(rollcall, { ...input });
    expect(answer).toMatchObject({
      outcome: 'NOT_SENT',
      attempt: null,
      invite: { id },
      userErrors: [{ code }],
    });
    expect(vendorWrites(rollcall)).toEqual([]);
  });

  it('invites a person again after a revocation, with other roles', async () => {
    const rollcall = await stage.start();
    await revoke(rollcall, ecwid.alsoPending);
    const input = tea({ email: 'priya@harbor-tea.example', roleIds: ['REPORT_ACCESS'] });
    expect(outcomeAndCodes(await inviteStaff(rollcall, input))).toBe('REQUESTED');
    expect(outcomeAndCodes(await inviteStaff(rollcall, cafe({ email: 'dmitri@harbour-cafe.example' })))).toBe(
      'REQUESTED',
    );
    expect(mails(rollcall)).toHaveLength(2);
  });
});

describe('inviteStaffMember: input validation', () => {
  const stage = useLedgerFixture();

  it.each([
    ['no address', tea({ email: 'nobody' }), 'INVALID_INPUT', 'email'],
    ['two addresses', tea({ email: 'a@b.example, c@d.example' }), 'INVALID_INPUT', 'email'],
    [
      'a line end in the address',
      tea({ email: 'a@b.example\r\nBcc: c@d.example' }),
      'INVALID_INPUT',
      'email',
    ],
    ['RQL in the address', contoso({ email: 'a@b.example"),or(eq(id,"x' }), 'INVALID_INPUT', 'email'],
    ['an account nobody has', tea({ accountId: 'nowhere' }), 'NOT_FOUND', 'accountId'],
    ['an account that is none', tea({ accountId: '../staff' }), 'NOT_FOUND', 'accountId'],
    ['no roles at Ecwid, where that means all', tea({ roleIds: [] }), 'FULL_ACCESS', 'grantFullAccess'],
    ['no roles at Wix', cafe({ roleIds: [] }), 'INVALID_INPUT', 'roleIds'],
    ['no roles at SoftwareOne', contoso({ roleIds: [] }), 'INVALID_INPUT', 'roleIds'],
    ['a role id with a slash', cafe({ roleIds: ['a/b'] }), 'INVALID_INPUT', 'roleIds'],
    ['51 roles', cafe({ roleIds: Array(51).fill('1') }), 'INVALID_INPUT', 'roleIds'],
    ['no first name at SoftwareOne', contoso({ firstName: null }), 'INVALID_INPUT', 'firstName'],
    ['no last name at SoftwareOne', contoso({ lastName: undefined }), 'INVALID_INPUT', 'lastName'],
    ['a blank first name', contoso({ firstName: '  ' }), 'INVALID_INPUT', 'firstName'],
    ['a last name with a tab in it', contoso({ lastName: 'Ha\tnd' }), 'INVALID_INPUT', 'lastName'],
    ['a last name of 201 letters', contoso({ lastName: 'x'.repeat(201) }), 'INVALID_INPUT', 'lastName'],
    ['no language', cafe({ language: 'not a language' }), 'INVALID_INPUT', 'language'],
    ['a line end in the language', cafe({ language: 'en\r\nX: y' }), 'INVALID_INPUT', 'language'],
  ])('refuses %s by its field, without a vendor call', async (_what, input, code, field) => {
    const rollcall = await stage.shared();
    expect(await inviteStaff(rollcall, input)).toMatchObject({
      outcome: 'NOT_SENT',
      invite: null,
      attempt: null,
      userErrors: [{ code, field: ['input', field] }],
    });
    expect(rollcall.vendorRequests()).toEqual([]);
  });

  it('grants every permission only with explicit consent', async () => {
    const rollcall = await stage.start();
    expect(outcomeAndCodes(await inviteStaff(rollcall, tea({ roleIds: [], grantFullAccess: true })))).toBe(
      'REQUESTED',
    );
    expect(vendorWrites(rollcall)).toEqual([
      'POST /api/v3/7700142/staff {"email":"new.hand@harbor-tea.example","staffScopes":[]}',
    ]);
  });

  it('keeps the spelling of the email address, and trims white space', async () => {
    const rollcall = await stage.start();
    await inviteStaff(rollcall, tea({ email: '  New.Hand@Harbor-Tea.example ' }));
    expect(vendorWrites(rollcall)[0]).toContain('"email":"New.Hand@Harbor-Tea.example"');
  });

  it('accepts names and languages of the world', async () => {
    const rollcall = await stage.start();
    const names = { firstName: 'Zoë 🍵', lastName: "O'Śliwa 田中" };
    expect(outcomeAndCodes(await inviteStaff(rollcall, contoso(names)))).toBe('REQUESTED');
    expect(vendorWrites(rollcall)[0]).toContain('"firstName":"Zoë 🍵","lastName":"O\'Śliwa 田中"');
    expect(outcomeAndCodes(await inviteStaff(rollcall, cafe({ language: 'zh-Hant-TW' })))).toBe('REQUESTED');
    expect(mails(rollcall)[1]).toMatchObject({ language: 'zh-Hant-TW' });
  });

  it('leaves the refusal of an unknown role to the vendor', async () => {
    const rollcall = await stage.start();
    for (const input of [
      tea({ roleIds: ['NO_SUCH_SCOPE'] }),
      cafe({ roleIds: ['1'] }),
      contoso({ roleIds: ['UGR-0000-0000'] }),
    ])
      expect(outcomeAndCodes(await inviteStaff(rollcall, input))).toBe('REJECTED VENDOR_REJECTED');
    expect(mails(rollcall)).toEqual([]);
  });
});

describe('suspended store', () => {
  const stage = useLedgerFixture();

  it('refuses each write with its code, and changes nothing', async () => {
    const rollcall = await stage.start();
    const invite = ecwidInviteId('maple-books', 'tomas@maple-books.example');
    const answers = [
      await inviteStaff(rollcall, tea({ accountId: 'maple-books' })),
      await revoke(rollcall, invite),
    ];
    for (const answer of answers)
      expect([outcomeAndCodes(answer), answer.userErrors[0]?.vendorCode]).toEqual([
        'REJECTED VENDOR_REJECTED',
        'STORE_IS_SUSPENDED',
      ]);
    const { data } = await rollcall.query('query ($id: ID!) { invite(id: $id) { status } }', { id: invite });
    expect(data?.invite?.status).toBe('PENDING');
  });
});

import { at } from '../support/at';
import { hostileStage, LONG, PAYLOAD } from './hostile';

const stage = hostileStage();
const { ask, expectBadInput, expectRefused } = stage;

describe('input validation: ids (injection)', () => {
  const IDS = [
    ...['', ':', '..', 'harbor-tea:..', 'harbor-tea:../profile', 'harbor-tea:a/b', 'harbor-tea:p1?x=1'],
    ...[
      'harbor-tea:p1#x',
      'harbor-tea:%2e%2e',
      'harbor-tea:%2e%2e%2fprofile',
      'harbor-tea:p1%0d%0a',
      '__proto__',
    ],
    ...['harbor-tea:p1\r\nx: 1', 'harbor-tea:p1\u0000', `harbor-tea:${LONG}`, LONG, '__proto__:constructor'],
    ...['contoso:"),eq(id,"x', 'harbor-tea:\ud800', 'harbor-tea:p1 ', ' harbor-tea:p1', '../harbor-tea:p1'],
  ];

  it.each(IDS)('is NOT_FOUND in every mutation without a vendor call, when invalid: %j', async (id) => {
    for (const verb of ['resendInvite', 'sendNewInvite', 'revokeInvite'])
      expectRefused(
        await ask(`mutation ($id: ID!) { ${verb}(input: { inviteId: $id }) ${PAYLOAD} }`, { id }),
        'NOT_FOUND',
        'inviteId',
      );
    const reveal = await ask(
      'mutation ($id: ID!) { revealInviteLink(input: { inviteId: $id }) { link userErrors { code } } }',
      { id },
    );
    expect(at(reveal.data, 'revealInviteLink')).toEqual({ link: null, userErrors: [{ code: 'NOT_FOUND' }] });
    const bulk = await ask(
      `mutation ($id: ID!) { resendInvites(input: { inviteIds: [$id] }) { results ${PAYLOAD} } }`,
      { id },
    );
    expect([bulk.errors, at(bulk.data, 'resendInvites.results.*.outcome')]).toEqual([[], ['NOT_SENT']]);
    expect(stage.app.vendorCalls()).toEqual([]);
  });

  it.each(IDS)('is no entity and no invite of a vendor, when invalid: %j', async (id) => {
    const { data, errors } = await ask(
      `query ($id: ID!, $text: String!, $list: [_Any!]!) {
         byAccount: inviteByExternalId(accountId: $id, externalId: "AUSR-2750-9914-0362") { id }
         byId: inviteByExternalId(accountId: "contoso", externalId: $text) { id }
         atWix: inviteByExternalId(accountId: "harbour-cafe", externalId: $text) { id }
         _entities(representations: $list) { __typename } }`,
      { id, text: id, list: ['Account', 'StaffMember', 'Invite'].map((__typename) => ({ __typename, id })) },
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({ byAccount: null, byId: null, atWix: null, _entities: [null, null, null] });
    expect(stage.app.vendorCalls()).toEqual([]);
  });
});

describe('input validation: email address', () => {
  it.each([
    ...[
      '',
      ' ',
      'a',
      'a@',
      '@b.example',
      'a@b',
      'a b@c.example',
      'a@b..example',
      'a@-b.example',
      'a..b@c.example',
    ],
    ...[
      'a\r\nbcc: x@y.example',
      'a@b.example\r\nbcc: x@y.example',
      'a@b.example,c@d.example',
      'a@b.example;c@d.example',
    ],
    ...[
      '<a@b.example>',
      'a@b.example\u0000',
      `${LONG}@b.example`,
      `a@${LONG}.example`,
      'a@[127.0.0.1]',
      'a@b.example/..',
    ],
    ...[
      'a@b.example?x=1',
      'a@b.example#x',
      'a@b%2eexample',
      'a@b.exam\r\nple',
      'a@\tb.example',
      'a@b.example\\x',
      'a\u202e@b.example',
      '\ud800@b.example\u0007',
      '__proto__',
    ],
  ])('is refused by name without a vendor call, when invalid: %j', async (email) => {
    const variables = { email };
    expectBadInput(
      await ask('query ($email: EmailAddress!) { person(email: $email) { email } }', variables),
      'email',
    );
    for (const list of ['staffMembers', 'invites'])
      expectBadInput(
        await ask(
          `query ($email: EmailAddress) { ${list}(filter: { email: $email }) { totalCount } }`,
          variables,
        ),
        'filter.email',
      );
    const invite = `mutation ($email: EmailAddress!) { inviteStaffMember(input: { accountId: "harbor-tea",
      email: $email, grantFullAccess: true }) ${PAYLOAD} }`;
    expectRefused(await ask(invite, variables), 'INVALID_INPUT', 'email');
  });
});

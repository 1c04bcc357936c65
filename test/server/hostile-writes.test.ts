import { randomUUID } from 'node:crypto';
import { at } from '../support/at';
import { hostileStage, LENA, LONG, PAYLOAD } from './hostile';

const stage = hostileStage();
const { ask, expectRefused } = stage;

describe('input validation: mutations', () => {
  it.each([
    '',
    'e',
    'en\r\nx: 1',
    'en\u0000',
    'en_US',
    '../en',
    'en?x=1',
    'en/us',
    LONG,
    'en-',
    '*',
    '__proto__',
    'ë',
  ])('refuse language: %j by name', async (language) => {
    const query = `mutation ($language: Locale) { resendInvite(input: { inviteId: "${LENA}", language: $language }) ${PAYLOAD} }`;
    expectRefused(await ask(query, { language }), 'INVALID_INPUT', 'language');
  });

  it.each(['', ' ', 'a b', 'a\r\nb', 'a\u0000', 'é', 'x'.repeat(256), LONG])(
    'refuse idempotencyKey: %j by name',
    async (key) => {
      const query = `mutation ($key: String) { resendInvite(input: { inviteId: "${LENA}", idempotencyKey: $key }) ${PAYLOAD} }`;
      expectRefused(await ask(query, { key }), 'INVALID_INPUT', 'idempotencyKey');
    },
  );

  const INVITE = `mutation ($email: EmailAddress! = "new@contoso.example", $firstName: String, $lastName: String = "B", $roleIds: [ID!]! = ["UGR-6104-2288"]) {
    inviteStaffMember(input: { accountId: "contoso", email: $email, firstName: $firstName,
      lastName: $lastName, roleIds: $roleIds }) ${PAYLOAD} }`;

  it.each(['', ' ', 'a\r\nb', 'a\u0000', 'x'.repeat(201), LONG])(
    'refuse the name %j by name',
    async (name) => {
      expectRefused(await ask(INVITE, { firstName: name }), 'INVALID_INPUT', 'firstName');
      expectRefused(await ask(INVITE, { firstName: 'A', lastName: name }), 'INVALID_INPUT', 'lastName');
    },
  );

  it.each([
    [['..']],
    [['a/b']],
    [['UGR\r\n']],
    [[LONG]],
    [['']],
    [Array.from({ length: 51 }, () => 'UGR-6104-2288')],
  ])('refuse roleIds %j by name', async (roleIds) => {
    expectRefused(await ask(INVITE, { firstName: 'A', roleIds }), 'INVALID_INPUT', 'roleIds');
  });

  it.each(['"),eq(id,"x', "O'Brien & Söhne", '*', '\\"', '{"a":1}', '<b>', '__proto__'])(
    'send a name to the vendor unchanged, in the body only: %j',
    async (firstName) => {
      const { errors, data } = await ask(INVITE, { firstName, email: `${randomUUID()}@contoso.example` });
      expect([errors, at(data, 'inviteStaffMember')]).toMatchObject([
        [],
        { outcome: 'REQUESTED', userErrors: [] },
      ]);
      const writes = stage.app.vendorCalls().filter(({ method }) => method === 'POST');
      expect(writes.map(({ path, query }) => [path.replace(/^.*(?=\/accounts)/, ''), query])).toEqual([
        ['/accounts/account-users', ''],
      ]);
      expect(at(JSON.parse(writes[0]?.body ?? ''), 'user.firstName')).toBe(firstName);
    },
  );

  it('accept 25 inviteIds, and refuse more by name', async () => {
    const query =
      'mutation ($ids: [ID!]!) { resendInvites(input: { inviteIds: $ids }) { results { outcome } userErrors { code field } } }';
    const ids = Array.from({ length: 26 }, (_, index) => `nowhere:${index}`);
    const { data } = await ask(query, { ids });
    expect(data).toEqual({
      resendInvites: { results: [], userErrors: [{ code: 'INVALID_INPUT', field: ['input', 'inviteIds'] }] },
    });
    expect(at((await ask(query, { ids: ids.slice(1) })).data, 'resendInvites.results')).toHaveLength(25);
    expect(stage.app.vendorCalls()).toEqual([]);
  });
});

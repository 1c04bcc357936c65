import { randomUUID } from 'node:crypto';
import { emailLocalId } from '../../src/email';
import { at } from '../support/at';
import { type Reply, type Secured, startSecured } from '../support/secured';
import { seconds } from '../support/tokens';

type Variables = Readonly<Record<string, unknown>>;

const LENA = `harbor-tea:${emailLocalId('lena@harbor-tea.example')}`;
const LONG = 'a'.repeat(10_240);

let app: Secured;
let token: string;
beforeAll(async () => {
  const limits = { cacheTtl: '0s', staleTtl: '0s', cooldown: '0s', emailsPerInvitePerDay: 1000 };
  app = await startSecured({ limits });
  token = await app.signer.sign({ exp: seconds(3600) });
});
beforeEach(() => {
  app.emulators.reset();
});
afterAll(() => app.close());

const ask = (query: string, variables: Variables = {}): Promise<Reply> =>
  app.ask(query, { token, variables });

/** A mistake in a mutation's input: nothing sent, the input named. */
function expectRefused({ errors, data }: Reply, code: string, field: string): void {
  expect(errors).toEqual([]);
  const [payload] = Object.values(data as Record<string, unknown>);
  expect(at(payload, 'outcome')).toBe('NOT_SENT');
  expect(at(payload, 'attempt')).toBeNull();
  expect(at(payload, 'userErrors')).toEqual([
    { code, field: ['input', field], message: expect.any(String) as string },
  ]);
  expect(app.vendorCalls()).toEqual([]);
}

const PAYLOAD = '{ outcome attempt { id } userErrors { code field message } }';

describe('an input of a mutation', () => {
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
  ])('language: %j is a mistake by name', async (language) => {
    const query = `mutation ($language: Locale) { resendInvite(input: { inviteId: "${LENA}", language: $language }) ${PAYLOAD} }`;
    expectRefused(await ask(query, { language }), 'INVALID_INPUT', 'language');
  });

  it.each(['', ' ', 'a b', 'a\r\nb', 'a\u0000', 'é', 'x'.repeat(256), LONG])(
    'idempotencyKey: %j is a mistake by name',
    async (key) => {
      const query = `mutation ($key: String) { resendInvite(input: { inviteId: "${LENA}", idempotencyKey: $key }) ${PAYLOAD} }`;
      expectRefused(await ask(query, { key }), 'INVALID_INPUT', 'idempotencyKey');
    },
  );

  const INVITE = `mutation ($email: EmailAddress! = "new@contoso.example", $firstName: String, $lastName: String = "B", $roleIds: [ID!]! = ["UGR-6104-2288"]) {
    inviteStaffMember(input: { accountId: "contoso", email: $email, firstName: $firstName,
      lastName: $lastName, roleIds: $roleIds }) ${PAYLOAD} }`;

  it.each(['', ' ', 'a\r\nb', 'a\u0000', 'x'.repeat(201), LONG])(
    'a name %j is a mistake by name',
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
  ])('roleIds %j are a mistake by name', async (roleIds) => {
    expectRefused(await ask(INVITE, { firstName: 'A', roleIds }), 'INVALID_INPUT', 'roleIds');
  });

  it.each(['"),eq(id,"x', "O'Brien & Söhne", '*', '\\"', '{"a":1}', '<b>', '__proto__'])(
    'a name goes to the vendor as it is, and in the body alone: %j',
    async (firstName) => {
      const { errors, data } = await ask(INVITE, { firstName, email: `${randomUUID()}@contoso.example` });
      expect([errors, at(data, 'inviteStaffMember')]).toMatchObject([
        [],
        { outcome: 'REQUESTED', userErrors: [] },
      ]);
      const writes = app.vendorCalls().filter(({ method }) => method === 'POST');
      expect(writes.map(({ path, query }) => [path.replace(/^.*(?=\/accounts)/, ''), query])).toEqual([
        ['/accounts/account-users', ''],
      ]);
      expect(at(JSON.parse(writes[0]?.body ?? ''), 'user.firstName')).toBe(firstName);
    },
  );

  it('inviteIds may be 25, and more are a mistake by name', async () => {
    const query =
      'mutation ($ids: [ID!]!) { resendInvites(input: { inviteIds: $ids }) { results { outcome } userErrors { code field } } }';
    const ids = Array.from({ length: 26 }, (_, index) => `nowhere:${index}`);
    const { data } = await ask(query, { ids });
    expect(data).toEqual({
      resendInvites: { results: [], userErrors: [{ code: 'INVALID_INPUT', field: ['input', 'inviteIds'] }] },
    });
    expect(at((await ask(query, { ids: ids.slice(1) })).data, 'resendInvites.results')).toHaveLength(25);
    expect(app.vendorCalls()).toEqual([]);
  });
});

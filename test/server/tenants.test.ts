import { emailLocalId } from '../../src/email';
import { at } from '../support/at';
import { closeAll } from '../support/close-all';
import { type Reply, type Secured, startSecured } from '../support/secured';

type Variables = Readonly<Record<string, unknown>>;

const GLOBEX_PENDING = 'globex-iberia:AUSR-6620-5151-0004';
const UNKNOWN_PENDING = 'nobody-iberia:AUSR-6620-5151-0004';
const ACME_PENDING = `harbor-tea:${emailLocalId('lena@harbor-tea.example')}`;
const PAYLOAD = `{ outcome invite { id status } attempt { id actor } userErrors { code message field
  suggestedAction availableAt vendorCode } }`;
const INPUT = 'query ($id: ID!)';
const ENTITIES = `query ($list: [_Any!]!) { _entities(representations: $list) { __typename
  ... on Account { id name } ... on StaffMember { id email } ... on Invite { id status } } }`;

/** Each question with what belongs to the other tenant, and with what belongs to nobody. */
const QUESTIONS: readonly (readonly [what: string, query: string, foreign: Variables, unknown: Variables])[] =
  [
    ['account', `${INPUT} { account(id: $id) { id name } }`, { id: 'globex-parts' }, { id: 'nobody-parts' }],
    [
      'staffMember at Ecwid',
      `${INPUT} { staffMember(id: $id) { id email } }`,
      { id: 'globex-parts:p70300001' },
      { id: 'nobody-parts:p70300001' },
    ],
    [
      'staffMember at SoftwareOne',
      `${INPUT} { staffMember(id: $id) { id email } }`,
      { id: 'globex-iberia:AUSR-6620-5151-0001' },
      { id: 'nobody-iberia:AUSR-6620-5151-0001' },
    ],
    [
      'a membership of the other tenant in an account of one’s own',
      `${INPUT} { staffMember(id: $id) { id email } }`,
      { id: 'contoso:AUSR-6620-5151-0001' },
      { id: 'contoso:AUSR-9999-5151-0001' },
    ],
    [
      'an invite of the other tenant in an account of one’s own',
      `${INPUT} { invite(id: $id) { id status } }`,
      { id: 'contoso:AUSR-6620-5151-0004' },
      { id: 'contoso:AUSR-9999-5151-0004' },
    ],
    ['invite', `${INPUT} { invite(id: $id) { id status } }`, { id: GLOBEX_PENDING }, { id: UNKNOWN_PENDING }],
    [
      'inviteByExternalId',
      `${INPUT} { inviteByExternalId(accountId: $id, externalId: "AUSR-6620-5151-0004") { id } }`,
      { id: 'globex-iberia' },
      { id: 'nobody-iberia' },
    ],
    ...['staffMembers', 'invites'].map(
      (list) =>
        [
          `${list} of accounts`,
          `query ($ids: [ID!]) { ${list}(filter: { accountIds: $ids }) { totalCount nodes { id }
          sources { account { id } state } pageInfo { hasNextPage endCursor } } }`,
          { ids: ['globex-parts', 'globex-iberia'] },
          { ids: ['nobody-parts', 'nobody-iberia'] },
        ] as const,
    ),
    ...['resendInvite', 'sendNewInvite', 'revokeInvite'].map(
      (verb) =>
        [
          verb,
          `mutation ($id: ID!) { ${verb}(input: { inviteId: $id, idempotencyKey: "k-${verb}" }) ${PAYLOAD} }`,
          { id: GLOBEX_PENDING },
          { id: UNKNOWN_PENDING },
        ] as const,
    ),
    [
      'resendInvites',
      `mutation ($ids: [ID!]!) { resendInvites(input: { inviteIds: $ids }) { results ${PAYLOAD} userErrors { code } } }`,
      { ids: [GLOBEX_PENDING, 'globex-parts:p70300219'] },
      { ids: [UNKNOWN_PENDING, 'nobody-parts:p70300219'] },
    ],
    [
      'inviteStaffMember',
      `mutation ($id: ID!) { inviteStaffMember(input: { accountId: $id, email: "x@y.example" }) ${PAYLOAD} }`,
      { id: 'globex-parts' },
      { id: 'nobody-parts' },
    ],
    [
      'revealInviteLink',
      `mutation ($id: ID!) { revealInviteLink(input: { inviteId: $id }) { link userErrors { code message field } } }`,
      { id: GLOBEX_PENDING },
      { id: UNKNOWN_PENDING },
    ],
    [
      'entities',
      ENTITIES,
      {
        list: [
          { __typename: 'Account', id: 'globex-parts' },
          { __typename: 'Account', vendor: 'ECWID', externalId: '8800311' },
          { __typename: 'StaffMember', id: 'globex-parts:p70300001' },
          { __typename: 'Invite', id: GLOBEX_PENDING },
        ],
      },
      {
        list: [
          { __typename: 'Account', id: 'nobody-parts' },
          { __typename: 'Account', vendor: 'ECWID', externalId: '8899999' },
          { __typename: 'StaffMember', id: 'nobody-parts:p70300001' },
          { __typename: 'Invite', id: UNKNOWN_PENDING },
        ],
      },
    ],
  ];

describe('tenant isolation: data of another tenant', () => {
  let app: Secured;
  beforeAll(async () => {
    app = await startSecured({
      auth: { accountsClaim: 'accounts' },
      limits: { cacheTtl: '0s', staleTtl: '0s' },
    });
  });
  beforeEach(() => {
    app.emulators.reset();
  });
  afterAll(() => closeAll(app));

  const as = async (tenant: string, query: string, variables: Variables = {}, more = {}) =>
    app.ask(query, { token: await app.signer.sign({ tenant, ...more }), variables });
  const comparable = ({ status, text, headers }: Reply) => ({
    status,
    text,
    headers: [...headers.entries()].filter(([name]) => name !== 'x-request-id' && name !== 'date'),
  });
  /** The vendor's accounts that were asked, by what tells them apart. */
  const foreignCalls = () => app.vendorCalls().filter(({ path }) => /8800311|ACC-7702-1185/.test(path));

  it.each(QUESTIONS)(
    'is indistinguishable from data that does not exist: %s',
    async (_what, query, foreign, unknown) => {
      const first = await as('acme', query, foreign);
      expect(comparable(first)).toEqual(comparable(await as('acme', query, unknown)));
      expect(comparable(await as('acme', query, foreign))).toEqual(comparable(first));
      expect(first.codes).toEqual([]);
      expect(foreignCalls()).toEqual([]);
      expect(app.emulators.softwareone.mails).toEqual([]);
    },
  );

  it.each(QUESTIONS)(
    'is hidden from a token that lists it among its accounts: %s',
    async (_what, query, foreign, unknown) => {
      const accounts = { accounts: ['contoso', 'globex-parts', 'globex-iberia', 'globex-studio'] };
      const first = await as('acme', query, foreign, accounts);
      expect(comparable(first)).toEqual(comparable(await as('acme', query, unknown, accounts)));
    },
  );

  it('is hidden from a token of its own tenant that is restricted to another account', async () => {
    for (const [, query, foreign, unknown] of QUESTIONS) {
      const narrowed = { accounts: ['globex-studio'] };
      const first = await as('globex', query, foreign, narrowed);
      expect(comparable(first)).toEqual(comparable(await as('globex', query, unknown, narrowed)));
    }
    expect(foreignCalls()).toEqual([]);
  });

  it('is visible for its own tenant', async () => {
    const found = await as(
      'globex',
      `{ account(id: "globex-parts") { id } invite(id: "${GLOBEX_PENDING}") { status } }`,
    );
    expect(found.data).toEqual({ account: { id: 'globex-parts' }, invite: { status: 'PENDING' } });
  });

  it('is not found by the email address of a person', async () => {
    const own = await as(
      'globex',
      '{ staffMembers(first: 1, filter: { accountIds: ["globex-parts"] }) { nodes { email } } }',
    );
    const [email] = at(own.data, 'staffMembers.nodes.*.email') as string[];
    app.forgetCalls();
    const { data } = await as(
      'acme',
      'query ($email: EmailAddress!) { person(email: $email) { staffMembers { id } invites { id } sources { account { id } } } }',
      { email },
    );
    expect(at(data, 'person')).toMatchObject({ staffMembers: [], invites: [] });
    expect(
      (at(data, 'person.sources.*.account.id') as string[]).filter((id) => id.startsWith('globex')),
    ).toEqual([]);
    expect(foreignCalls()).toEqual([]);
  });

  it.each(['staffMembers', 'invites', 'accounts'])('is not reachable with a cursor of %s', async (list) => {
    const page = `query ($after: String) { ${list}(first: 1, after: $after) { nodes { id } pageInfo { endCursor } } }`;
    const cursor = at((await as('globex', page)).data, `${list}.pageInfo.endCursor`);
    expect(cursor).toEqual(expect.any(String));
    const borrowed = await as('acme', page, { after: cursor });
    const made = Buffer.from('12345678901globex-parts:p70300001').toString('base64url');
    expect(borrowed.codes).toEqual(['BAD_USER_INPUT']);
    for (const after of [made, 'nonsense', '', '%', `${String(cursor)}A`])
      expect(comparable(await as('acme', page, { after }))).toEqual(comparable(borrowed));
  });

  it('does not conflict with the same idempotency key and subject', async () => {
    const send = (tenant: string, inviteId: string) =>
      as(
        tenant,
        `mutation ($inviteId: ID!) { resendInvite(input: { inviteId: $inviteId, idempotencyKey: "same" }) ${PAYLOAD} }`,
        { inviteId },
      );
    const ours = await send('acme', ACME_PENDING);
    expect(at(ours.data, 'resendInvite.outcome')).toBe('REQUESTED');
    const theirs = await send('globex', GLOBEX_PENDING);
    expect(at(theirs.data, 'resendInvite.outcome')).toBe('REQUESTED');
    expect(at(theirs.data, 'resendInvite.attempt.id')).not.toBe(at(ours.data, 'resendInvite.attempt.id'));
    const stolen = await send('globex', ACME_PENDING);
    expect(comparable(stolen)).toEqual(
      comparable(await send('globex', 'nobody-tea:i-AAAAAAAAAAAAAAAAAAAAAA')),
    );
    const again = await send('acme', ACME_PENDING);
    expect(at(again.data, 'resendInvite.attempt')).toEqual(at(ours.data, 'resendInvite.attempt'));
  });
});

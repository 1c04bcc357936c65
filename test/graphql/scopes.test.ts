import { getNamedType, type GraphQLField, type GraphQLObjectType, isObjectType } from 'graphql';
import { emailLocalId } from '../../src/email';
import { createSchema } from '../../src/graphql/schema';
import { at } from '../support/at';
import { closeAll } from '../support/close-all';
import { type Reply, type Secured, startSecured } from '../support/secured';

const lena = `harbor-tea:${emailLocalId('lena@harbor-tea.example')}`;
const STAFF = 'harbor-tea:p90112233';

/** Every field of the roots, asked so that a vendor would hear of it or something would be shown. */
const QUERIES: Readonly<Record<string, string>> = {
  account: 'account(id: "harbor-tea") { name }',
  accounts: 'accounts { nodes { name } }',
  staffMember: `staffMember(id: "${STAFF}") { name }`,
  staffMembers: 'staffMembers { nodes { name } sources { state } totalCount }',
  invite: `invite(id: "${lena}") { status }`,
  inviteByExternalId:
    'inviteByExternalId(accountId: "contoso", externalId: "AUSR-2750-9914-0362") { status }',
  invites: 'invites { nodes { status } }',
  person: 'person(email: "lena@harbor-tea.example") { invites { status } }',
};
const INVITED = '{ outcome invite { id } userErrors { code } }';
const MUTATIONS: Readonly<Record<string, string>> = {
  resendInvite: `resendInvite(input: { inviteId: "${lena}" }) ${INVITED}`,
  sendNewInvite: `sendNewInvite(input: { inviteId: "${lena}", grantFullAccess: true }) ${INVITED}`,
  inviteStaffMember: `inviteStaffMember(input: { accountId: "harbor-tea", email: "new@harbor-tea.example",
    grantFullAccess: true }) ${INVITED}`,
  revokeInvite: `revokeInvite(input: { inviteId: "${lena}" }) ${INVITED}`,
  resendInvites: `resendInvites(input: { inviteIds: ["${lena}"] }) { results ${INVITED} userErrors { code } }`,
  revealInviteLink:
    'revealInviteLink(input: { inviteId: "contoso:AUSR-2750-9914-0362" }) { link userErrors { code } }',
};
const ENTITIES: Readonly<Record<string, object>> = {
  Account: { id: 'harbor-tea' },
  StaffMember: { id: STAFF },
  Invite: { id: lena },
  Person: { email: 'lena@harbor-tea.example' },
};

const schema = createSchema();
const types = Object.values(schema.getTypeMap()).filter(
  (type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('_'),
);
const fieldsOf = (type: GraphQLObjectType | null | undefined) =>
  Object.values(type?.getFields() ?? {}).filter(({ name }) => !name.startsWith('_'));
const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name).sort();

let app: Secured;
beforeAll(async () => {
  app = await startSecured({ limits: { cooldown: '0s', cacheTtl: '0s', staleTtl: '0s' } });
});
beforeEach(() => {
  app.emulators.reset();
});
afterAll(() => closeAll(app));

const ask = async (scope: string, query: string, variables = {}): Promise<Reply> =>
  app.ask(query, { token: await app.signer.sign({ scope }), variables });
const places = ({ errors }: Reply) => errors.map(({ path, extensions }) => [path, extensions?.['code']]);

it('authorization: every root field has a test here', () => {
  expect(Object.keys(QUERIES).sort()).toEqual(names(fieldsOf(schema.getQueryType())));
  expect(Object.keys(MUTATIONS).sort()).toEqual(names(fieldsOf(schema.getMutationType())));
});

describe.each(Object.entries(QUERIES))('authorization: the query %s', (name, field) => {
  it.each(['', 'invites:send invites:reveal'])(
    'is refused to a token with the scopes %j, and its sibling is resolved',
    async (scope) => {
      const reply = await ask(scope, `{ ${field} _service { sdl } }`);
      expect([reply.status, places(reply)]).toEqual([200, [[[name], 'FORBIDDEN']]]);
      expect(at(reply.data, name)).toBeNull();
      expect(at(reply.data, '_service.sdl')).toEqual(expect.any(String));
      expect(app.vendorCalls()).toEqual([]);
    },
  );

  it('is refused under an alias and in a fragment', async () => {
    const reply = await ask('invites:send', `{ ...F } fragment F on Query { ... { other: ${field} } }`);
    expect([reply.data, places(reply)]).toEqual([{ other: null }, [[['other'], 'FORBIDDEN']]]);
    expect(app.vendorCalls()).toEqual([]);
  });

  it('is resolved with staff:read alone', async () => {
    const reply = await ask('staff:read', `{ ${field} }`);
    expect(reply.errors).toEqual([]);
    expect(at(reply.data, name)).not.toBeNull();
  });
});

describe.each(Object.entries(MUTATIONS))('authorization: the mutation %s', (name, field) => {
  const reveals = name === 'revealInviteLink';
  const own = reveals ? 'invites:reveal' : 'invites:send';
  const others = ['staff:read', reveals ? 'invites:send' : 'invites:reveal'];
  const sibling = reveals
    ? 'resendInvite(input: { inviteId: "nowhere:x" }) { outcome }'
    : 'revealInviteLink(input: { inviteId: "nowhere:x" }) { link }';

  it(`is refused without ${own}, and its sibling is resolved`, async () => {
    const reply = await ask(
      others.join(' '),
      `mutation { first: ${field} sibling: ${sibling} last: ${field} }`,
    );
    expect([reply.status, places(reply)]).toEqual([
      200,
      [
        [['first'], 'FORBIDDEN'],
        [['last'], 'FORBIDDEN'],
      ],
    ]);
    expect(reply.data).toMatchObject({ first: null, sibling: expect.any(Object) as object, last: null });
    expect(app.vendorCalls()).toEqual([]);
  });

  it(`is executed with ${own}`, async () => {
    const reply = await ask(`staff:read ${own}`, `mutation { ${field} }`);
    expect(reply.errors).toEqual([]);
    expect(at(reply.data, name)).not.toBeNull();
    expect(app.vendorCalls()).not.toEqual([]);
  });
});

describe('authorization: the invite in a mutation payload', () => {
  const paths: readonly (readonly [string, (string | number)[]])[] = [
    ['resendInvite', ['resendInvite', 'invite']],
    ['sendNewInvite', ['sendNewInvite', 'invite']],
    ['inviteStaffMember', ['inviteStaffMember', 'invite']],
    ['revokeInvite', ['revokeInvite', 'invite']],
    ['resendInvites', ['resendInvites', 'results', 0, 'invite']],
  ];
  const withInvites = fieldsOf(schema.getMutationType()).filter((field) =>
    below(field).some((inner) => getNamedType(inner.type).name === 'Invite'),
  );

  it('is queried in every mutation that has one', () => {
    expect(paths.map(([name]) => name).sort()).toEqual(names(withInvites));
  });

  it.each(paths)('of %s requires staff:read; all other fields do not', async (name, path) => {
    const reply = await ask('invites:send', `mutation { ${MUTATIONS[name] ?? ''} }`);
    expect(places(reply)).toEqual([[path, 'FORBIDDEN']]);
    expect(at(reply.data, path.slice(0, -1).join('.').replace('.0', '.*'))).toBeTruthy();
    expect(JSON.stringify(reply.data)).toMatch(/"outcome":"(REQUESTED|NOT_SENT)","invite":null/);
  });
});

describe('authorization: _entities', () => {
  const QUERY = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
    __typename ... on Account { id name } ... on StaffMember { name } ... on Invite { status }
    ... on Person { email } } _service { sdl } }`;

  it('has a test for every type with a key', () => {
    const entities = types.filter((type) => has(type, 'key'));
    expect(Object.keys(ENTITIES).sort()).toEqual(names(entities));
  });

  it.each(Object.entries(ENTITIES))('refuses %s without staff:read', async (type, key) => {
    const representations = [{ __typename: type, ...key }];
    const reply = await ask('invites:send invites:reveal', QUERY, { representations });
    expect([reply.status, places(reply)]).toEqual([200, [[['_entities', 0], 'FORBIDDEN']]]);
    expect(at(reply.data, '_entities')).toEqual([null]);
    expect(at(reply.data, '_service.sdl')).toEqual(expect.any(String));
    expect(app.vendorCalls()).toEqual([]);

    const known = await ask('staff:read', QUERY, { representations });
    expect([known.errors, at(known.data, '_entities.*.__typename')]).toEqual([[], [type]]);
  });

  it('refuses each representation at its own path, and does not reveal which exist', async () => {
    const list = Object.entries(ENTITIES).map(([type, key]) => ({ __typename: type, ...key }));
    const representations = [
      ...list,
      { __typename: 'StaffMember', id: 'nowhere:x' },
      { __typename: 'Account' },
    ];
    const reply = await ask('', QUERY, { representations });
    expect(at(reply.data, '_entities')).toEqual(representations.map(() => null));
    expect(places(reply)).toEqual(representations.map((_, index) => [['_entities', index], 'FORBIDDEN']));
  });
});

describe('authorization: SDL', () => {
  it('has the scopes of every root field', () => {
    const fields = [...fieldsOf(schema.getQueryType()), ...fieldsOf(schema.getMutationType())];
    expect(names(fields.filter((field) => !has(field, 'requiresScopes')))).toEqual([]);
  });

  it('protects every type that is reachable past a protected one', () => {
    const open = new Set<string>();
    const enter = (type: GraphQLObjectType): void => {
      if (open.has(type.name) || has(type, 'requiresScopes')) return;
      open.add(type.name);
      for (const { type: inner } of fieldsOf(type)) {
        const named = getNamedType(inner);
        if (isObjectType(named)) enter(named);
      }
    };
    for (const { type } of fieldsOf(schema.getMutationType())) enter(getNamedType(type) as GraphQLObjectType);
    for (const { type } of fieldsOf(schema.getQueryType())) enter(getNamedType(type) as GraphQLObjectType);
    for (const type of types) if (has(type, 'key')) enter(type);
    expect([...open].sort()).toEqual([
      'InviteAttempt',
      'InviteStaffMemberPayload',
      'InviteUserError',
      'ResendInvitePayload',
      'ResendInvitesPayload',
      'RevealInviteLinkPayload',
      'RevokeInvitePayload',
      'SendNewInvitePayload',
    ]);
  });

  it('shows a router the scopes that the subgraph enforces', async () => {
    const { data } = await ask('', '{ _service { sdl } }');
    const sdl = at(data, '_service.sdl') as string;
    for (const type of types.filter((each) => has(each, 'requiresScopes')))
      expect(sdl).toMatch(
        new RegExp(`type ${type.name}\\s[^{]*@requiresScopes\\(scopes: \\[\\["staff:read"\\]\\]\\)`),
      );
  });
});

function has(node: GraphQLObjectType | GraphQLField<unknown, unknown>, directive: string): boolean {
  return node.astNode?.directives?.some(({ name }) => name.value === directive) ?? false;
}

/** The fields of what a field answers, and of the lists in it. */
function below({ type }: GraphQLField<unknown, unknown>): GraphQLField<unknown, unknown>[] {
  const payload = getNamedType(type);
  const fields = isObjectType(payload) ? fieldsOf(payload) : [];
  return fields.flatMap((field) => (field.name === 'results' ? below(field) : [field]));
}

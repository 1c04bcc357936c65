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

/** Asks, and tells which columns Ecwid and SoftwareOne were asked for. */
async function columnsOf(
  document: string,
  variables: object = {},
): Promise<{ ecwid: string[]; softwareone: string[] }> {
  rollcall.forgetRequests();
  const { errors } = await rollcall.query(document, { ...variables });
  expect(errors).toEqual([]);
  const { ecwid, softwareone } = rollcall.emulators;
  return {
    ecwid: ecwid.requests.map(({ query }) => query.replace('responseFields=', '')),
    softwareone: softwareone.requests.map(({ query }) => /select=([^&]*)/.exec(query)?.[1] ?? ''),
  };
}

const both = 'filter: { accountIds: ["harbor-tea", "contoso"] }';
const bare = { ecwid: ['staffList(id,email)'], softwareone: ['-*,id,account.id'] };
const named = { ecwid: ['staffList(id,email,name)'], softwareone: ['-*,id,account.id,user.name'] };

describe('selected fields: vendor requests contain the selected fields only', () => {
  it.each([
    ['a field', `{ staffMembers(${both}) { nodes { name } } }`, named],
    ['a field under another name', `{ staffMembers(${both}) { nodes { email: name } } }`, named],
    ['a field below edges', `{ staffMembers(${both}) { edges { node { name } } } }`, named],
    ['nothing but ids', `{ staffMembers(${both}) { nodes { id } } }`, bare],
    ['nothing but __typename', `{ staffMembers(${both}) { nodes { __typename } } }`, bare],
    ['nothing but a count', `{ staffMembers(${both}) { totalCount } }`, bare],
    [
      'a named fragment',
      `{ staffMembers(${both}) { nodes { ...N } } } fragment N on StaffMember { name }`,
      named,
    ],
    ['an inline fragment', `{ staffMembers(${both}) { nodes { ... on StaffMember { name } } } }`, named],
    ['an inline fragment without a type', `{ staffMembers(${both}) { nodes { ... { name } } } }`, named],
    [
      'fragments in fragments, one of them twice',
      `{ staffMembers(${both}) { nodes { ...A ...B } } }
       fragment A on StaffMember { ...B } fragment B on StaffMember { ...C } fragment C on StaffMember { name }`,
      named,
    ],
    [
      'a fragment on the connection',
      `{ staffMembers(${both}) { ...P } } fragment P on StaffMemberConnection { nodes { name } }`,
      named,
    ],
    ['one operation of several', `query A { staffMembers(${both}) { nodes { name } } }`, named],
  ])('for %s', async (_what, document, expected) => {
    expect(await columnsOf(document)).toEqual(expected);
  });

  const directives = [
    ['@skip(if: $yes)', bare],
    ['@skip(if: $no)', named],
    ['@include(if: $yes)', named],
    ['@include(if: $no)', bare],
    ['@include(if: $yes) @skip(if: $yes)', bare],
    ['@include(if: $yes) @skip(if: $no)', named],
  ] as const;
  const selections = (directive: string) => [
    `{ nodes { id name ${directive} } }`,
    `{ nodes { id ... ${directive} { name } } }`,
    `{ nodes { id ... on StaffMember ${directive} { name } } }`,
  ];

  it.each(directives)('without the fields excluded by %s', async (directive, expected) => {
    for (const selection of selections(directive)) {
      const document = `query ($yes: Boolean!, $no: Boolean!) { a: __typename @skip(if: $yes) b: __typename @skip(if: $no)
        staffMembers(${both}) ${selection} }`;
      expect([selection, await columnsOf(document, { yes: true, no: false })]).toEqual([selection, expected]);
    }
  });

  it.each(directives)(
    'without the fields excluded by %s, with default values of variables',
    async (directive, expected) => {
      for (const selection of selections(directive)) {
        const document = `query ($yes: Boolean = true, $no: Boolean = false) {
        a: __typename @skip(if: $yes) b: __typename @skip(if: $no) staffMembers(${both}) ${selection} }`;
        expect([selection, await columnsOf(document)]).toEqual([selection, expected]);
      }
    },
  );

  it.each([
    ['@skip(if: true)', bare],
    ['@include(if: true)', named],
  ])('without the fields excluded by the literal %s', async (directive, expected) => {
    const fragment = 'fragment N on StaffMember { name }';
    expect(
      await columnsOf(`{ staffMembers(${both}) { nodes { id ...N ${directive} } } } ${fragment}`),
    ).toEqual(expected);
  });

  it('and a missing variable is a validation error', async () => {
    const { errors } = await rollcall.query(
      `query ($yes: Boolean!) { staffMembers(${both}) { nodes { id name @include(if: $yes) } } }`,
    );
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(rollcall.vendorRequests()).toEqual([]);
  });

  it('with the same columns in every part of an operation, so that one list serves all', async () => {
    const columns = await columnsOf(
      `{ staffMembers(${both}, first: 100) { nodes { name } }
         account(id: "harbor-tea") { staffMembers(first: 100) { nodes { status } } } }`,
    );
    expect(columns.ecwid).toEqual(['staffList(id,email,name,inviteAccepted)']);
  });

  it('never the link, for any selection', async () => {
    const fields = `id externalId name email avatarUrl status vendorStatus roles { id name } fullAccess joinedAt lastLoginAt`;
    const invite = `id externalId email status vendorStatus roles { id name } createdAt expiresAt expiresAtSource acceptedAt
      actions { resend { allowed } } attempts { id }`;
    const { softwareone } = await columnsOf(
      `{ staffMembers(${both}) { nodes { ${fields} invite { ${invite} } } } invites(${both}) { nodes { ${invite} } } }`,
    );
    expect(softwareone).toHaveLength(2);
    for (const select of softwareone) {
      expect(select.split(',')).toContain('invitation.status');
      expect(select).not.toMatch(/invitation(,|$)|url/);
    }
  });

  it('the profile only where it is selected', async () => {
    const profile = async (selection: string) => {
      rollcall.forgetRequests();
      await rollcall.query(
        `{ staffMembers(${both}) { nodes { id account { ${selection} } } sources { account { id } } } }`,
      );
      return rollcall.vendorRequests().filter(({ path }) => /profile|accounts\/ACC/.test(path)).length;
    };
    expect(await profile('id vendor externalId')).toBe(0);
    expect(await profile('id name')).toBe(2);
    expect(await profile('url')).toBe(2);
    expect(await profile('connection { state } capabilities { operation }')).toBe(0);
  });
});

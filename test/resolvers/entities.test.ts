import { emailLocalId } from '../../src/email';
import { at } from '../support/at';
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

const ENTITIES = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
  __typename
  ... on Account { id vendor externalId }
  ... on StaffMember { id email }
  ... on Invite { id status }
  ... on Person { address: email staffMembers { id } } } }`;
const entities = async (...representations: object[]) => {
  const answer = await rollcall.query(ENTITIES, { representations });
  return { ...answer, entities: at(answer.data, '_entities') };
};
const lena = `harbor-tea:${emailLocalId('lena@harbor-tea.example')}`;

describe('federation: _entities', () => {
  it('resolves all four types, valid, invalid and unknown, each at its own position', async () => {
    const { entities: found, errors } = await entities(
      { __typename: 'StaffMember', id: 'contoso:AUSR-2750-9914-0301' },
      { __typename: 'StaffMember', id: 'nonsense' },
      { __typename: 'Invite', id: lena },
      { __typename: 'Account', id: 'maple-books' },
      { __typename: 'StaffMember', id: 'contoso:AUSR-0000-0000-0000' },
      { __typename: 'Person', email: 'JOERG@bücher.example' },
      { __typename: 'Account', vendor: 'WIX', externalId: '5a1d6c1e-0f43-4f5b-9b7a-2f2d0a1c9e10' },
      { __typename: 'Account', id: 'nowhere' },
      { __typename: 'Invite', id: 'harbor-tea:..' },
      { __typename: 'Person', email: 'nobody' },
      { __typename: 'StaffMember', id: 'harbor-tea:p90112233' },
      { __typename: 'Account', vendor: 'ECWID', externalId: 'ACC-4821-7730' },
      { __typename: 'Person', email: 'nobody@nowhere.example' },
    );
    expect(errors).toEqual([]);
    expect(found).toEqual([
      { __typename: 'StaffMember', id: 'contoso:AUSR-2750-9914-0301', email: 'ivo.brandt@contoso.example' },
      null,
      { __typename: 'Invite', id: lena, status: 'PENDING' },
      { __typename: 'Account', id: 'maple-books', vendor: 'ECWID', externalId: '7700188' },
      null,
      {
        __typename: 'Person',
        address: 'joerg@xn--bcher-kva.example',
        staffMembers: [{ id: 'contoso:AUSR-2750-9914-0368' }, { id: 'maple-books:p80201122' }],
      },
      {
        __typename: 'Account',
        id: 'harbour-cafe',
        vendor: 'WIX',
        externalId: '5a1d6c1e-0f43-4f5b-9b7a-2f2d0a1c9e10',
      },
      null,
      null,
      null,
      { __typename: 'StaffMember', id: 'harbor-tea:p90112233', email: 'ines@harbor-tea.example' },
      null,
      { __typename: 'Person', address: 'nobody@nowhere.example', staffMembers: [] },
    ]);
  });

  it.each([
    [{ __typename: 'Account', id: 'contoso' }],
    [{ __typename: 'Account', vendor: 'SOFTWAREONE', externalId: 'ACC-4821-7730' }],
    [{ __typename: 'Account', id: 'contoso', vendor: 'SOFTWAREONE', externalId: 'ACC-4821-7730' }],
  ])('finds an account by either of its keys: %j', async (representation) => {
    const { entities: found } = await entities(representation);
    expect(found).toEqual([
      { __typename: 'Account', id: 'contoso', vendor: 'SOFTWAREONE', externalId: 'ACC-4821-7730' },
    ]);
    expect(rollcall.vendorRequests()).toEqual([]);
  });

  it.each([
    ['no key', { __typename: 'StaffMember' }],
    ['null for a key', { __typename: 'StaffMember', id: null }],
    ['a number for a key', { __typename: 'Invite', id: 7 }],
    ['an object for a key of an account', { __typename: 'Account', id: { $ne: '' } }],
    ['an object for a key', { __typename: 'StaffMember', id: { $ne: '' } }],
    ['a list for a key', { __typename: 'StaffMember', id: ['contoso:AUSR-2750-9914-0301'] }],
    ['half of a key', { __typename: 'Account', vendor: 'WIX' }],
    ['a vendor that is none', { __typename: 'Account', vendor: 'constructor', externalId: '1' }],
    ['a number for an address', { __typename: 'Person', email: 7 }],
    ['no address', { __typename: 'Person' }],
    ['null for an address', { __typename: 'Person', email: null }],
  ])(
    'with %s is null or an error at its own position, and does not affect the others',
    async (_what, broken) => {
      const { data, errors } = await rollcall.query(ENTITIES, {
        representations: [broken, { __typename: 'StaffMember', id: 'contoso:AUSR-2750-9914-0301' }],
      });
      expect(at(data, '_entities')).toMatchObject([null, { id: 'contoso:AUSR-2750-9914-0301' }]);
      expect(errors.map(({ extensions }) => extensions?.['code'])).not.toContain('INTERNAL_SERVER_ERROR');
    },
  );

  it('of a failing account are errors at their positions, and the others are resolved', async () => {
    rollcall.emulators.ecwid.faults.add({ kind: 'status', status: 501, account: 'harbor-tea' });
    const { entities: found, errors } = await entities(
      { __typename: 'StaffMember', id: 'harbor-tea:p90112233' },
      { __typename: 'StaffMember', id: 'maple-books:p80200417' },
      { __typename: 'Invite', id: lena },
      { __typename: 'StaffMember', id: 'contoso:AUSR-2750-9914-0301' },
    );
    expect(found).toMatchObject([
      null,
      { id: 'maple-books:p80200417' },
      null,
      { id: 'contoso:AUSR-2750-9914-0301' },
    ]);
    expect(errors.map(({ path, extensions }) => [path?.[1], extensions?.['code']]).sort()).toEqual([
      [0, 'VENDOR_UNAVAILABLE'],
      [2, 'VENDOR_UNAVAILABLE'],
    ]);
  });

  it('resolves duplicate representations with one read', async () => {
    const person = { __typename: 'StaffMember', id: 'harbor-tea:p90112233' };
    const { entities: found } = await entities(person, person, person);
    expect(found).toMatchObject([{ id: person.id }, { id: person.id }, { id: person.id }]);
    expect(rollcall.vendorRequests()).toHaveLength(1);
  });

  it('sees one tenant only (tenant isolation)', async () => {
    const acme = await startRollcall({
      emulators: rollcall.emulators,
      viewer: { tenant: 'acme', accounts: null, subject: 'ada', scopes: 'ALL' },
    });
    const { data, errors } = await acme.query(ENTITIES, {
      representations: [
        { __typename: 'Account', id: 'globex-parts' },
        { __typename: 'Account', vendor: 'ECWID', externalId: '8800311' },
        { __typename: 'StaffMember', id: 'globex-parts:p70300001' },
        { __typename: 'Invite', id: 'globex-iberia:AUSR-6620-5151-0004' },
      ],
    });
    expect([at(data, '_entities'), errors]).toEqual([[null, null, null, null], []]);
    expect(rollcall.vendorRequests()).toEqual([]);
    await acme.close();
  });
});

describe('federation: _service', () => {
  it('returns the SDL of the subgraph', async () => {
    const { data, errors } = await rollcall.query('{ _service { sdl } }');
    expect(errors).toEqual([]);
    expect(at(data, '_service.sdl')).toContain('type StaffMember');
    expect(at(data, '_service.sdl')).toContain('@key(fields: "vendor externalId")');
  });
});

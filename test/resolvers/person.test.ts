import { textsAt } from '../support/at';
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

const PERSON = `query ($email: EmailAddress!) { person(email: $email) {
  email
  staffMembers { account { id } email status }
  invites { account { id } email status }
  sources { account { id } state code } } }`;

const NORA = 'nora.lind@harbor-tea.example';

describe('person query', () => {
  it.each([NORA, 'Nora.Lind@Harbor-Tea.Example', ` ${NORA} `, NORA.toUpperCase()])(
    'finds %j at all three vendors, in any spelling',
    async (email) => {
      const { data, errors } = await rollcall.query(PERSON, { email });
      expect(errors).toEqual([]);
      expect(data?.person?.email).toBe(NORA);
      expect(textsAt(data, 'person.staffMembers.*.account.id').sort()).toEqual([
        ...['contoso', 'globex-iberia', 'globex-parts', 'globex-studio', 'harbor-tea', 'harbour-cafe'],
      ]);
      expect(textsAt(data, 'person.invites.*.account.id').sort()).toEqual([
        ...['contoso', 'globex-iberia', 'globex-parts', 'globex-studio', 'harbor-tea', 'harbour-cafe'],
      ]);
      expect(textsAt(data, 'person.sources.*.state')).toEqual(Array.from({ length: 8 }, () => 'FRESH'));
    },
  );

  it('returns the spelling of each vendor', async () => {
    const { data } = await rollcall.query(PERSON, { email: NORA });
    const spellings = new Map(data?.person?.staffMembers.map(({ account, email }) => [account.id, email]));
    expect(spellings.get('contoso')).toBe('Nora.Lind@Harbor-Tea.example');
    expect(spellings.get('harbor-tea')).toBe(NORA);
  });

  it.each(['joerg@bücher.example', 'joerg@xn--bcher-kva.example', 'JOERG@BU\u0308CHER.EXAMPLE'])(
    'finds %s when one vendor has the domain in Unicode and another in ASCII',
    async (email) => {
      const { data, errors } = await rollcall.query(PERSON, { email });
      expect(errors).toEqual([]);
      expect(data?.person?.email).toBe('joerg@xn--bcher-kva.example');
      expect(textsAt(data, 'person.staffMembers.*.account.id').sort()).toEqual(['contoso', 'maple-books']);
    },
  );

  it('treats a plus-tag as a different address', async () => {
    const tagged = await rollcall.query(PERSON, { email: 'sam.whitlock+cafe@harbour-cafe.example' });
    expect(textsAt(tagged.data, 'person.invites.*.account.id')).toEqual(['harbour-cafe']);
    expect(tagged.data?.person?.staffMembers).toEqual([]);
    const plain = await rollcall.query(PERSON, { email: 'sam.whitlock@harbour-cafe.example' });
    expect(textsAt(plain.data, 'person.staffMembers.*.account.id')).toEqual(['harbor-tea']);
    expect(textsAt(plain.data, 'person.invites.*.account.id')).toEqual(['harbor-tea']);
  });

  it('returns an empty person for an unknown address', async () => {
    const { data, errors } = await rollcall.query(PERSON, { email: 'nobody@nowhere.example' });
    expect(errors).toEqual([]);
    expect(data?.person).toMatchObject({ email: 'nobody@nowhere.example', staffMembers: [], invites: [] });
  });

  it.each([
    '',
    'nora',
    'nora@',
    '@example.com',
    'a b@example.com',
    'x'.repeat(10_240),
    '"),eq(id,"x"@a.example',
  ])('refuses the argument %j, without a vendor call', async (email) => {
    const { data, errors } = await rollcall.query(PERSON, { email });
    expect(data).toEqual({ person: null });
    expect(errors).toMatchObject([
      { path: ['person'], extensions: { code: 'BAD_USER_INPUT', argument: 'email' } },
    ]);
    expect(rollcall.vendorRequests()).toEqual([]);
  });

  it('reports an account that failed, and returns the others (partial results)', async () => {
    rollcall.emulators.softwareone.faults.add({ kind: 'status', status: 503 });
    const { data, errors } = await rollcall.query(PERSON, { email: NORA });
    expect(errors).toEqual([]);
    expect(textsAt(data, 'person.staffMembers.*.account.id').sort()).toEqual([
      ...['globex-parts', 'globex-studio', 'harbor-tea', 'harbour-cafe'],
    ]);
    const failed = data?.person?.sources.filter(({ state }) => state === 'FAILED');
    expect(failed?.map(({ account, code }) => [account.id, code])).toEqual([
      ['contoso', 'UNAVAILABLE'],
      ['contoso-nordic', 'UNAVAILABLE'],
      ['globex-iberia', 'UNAVAILABLE'],
    ]);
  });

  it('is limited to one tenant (tenant isolation)', async () => {
    const acme = await startRollcall({
      emulators: rollcall.emulators,
      viewer: { tenant: 'acme', accounts: null, subject: 'ada', scopes: 'ALL' },
    });
    const { data } = await acme.query(PERSON, { email: NORA });
    expect(textsAt(data, 'person.staffMembers.*.account.id').sort()).toEqual([
      'contoso',
      'harbor-tea',
      'harbour-cafe',
    ]);
    await acme.close();
  });
});

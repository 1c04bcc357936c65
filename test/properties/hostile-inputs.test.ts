import fc from 'fast-check';
import { type Emulators, startEmulators } from '../../src/emulators/start';
import { path } from '../../src/vendors/path';
import { closeAll } from '../support/close-all';
import { EPOCH, type Rollcall, startRollcall, UNCACHED } from '../support/start';
import { prefixOf, type RawRequest, type Recorder, startRecorder } from './recorder';

/** Every request that the app may make; a segment that comes from an id is one of known shape. */
const ROUTES: Readonly<Record<RawRequest['vendor'], readonly RegExp[]>> = {
  ecwid: [
    /^GET \/api\/v3\/\d+\/(staff|profile)\?responseFields=[\w(),]+$/,
    /^GET \/api\/v3\/\d+\/profile\/staffScopes$/,
    /^(POST|DELETE) \/api\/v3\/\d+\/staff(\/invite)?$/,
  ],
  softwareone: [
    // What a caller gave may stand between quotes, percent-encoded; nothing of it is a part of its own.
    /^GET \/public\/v1\/accounts\/(account-users|user-groups)\?select=[\w.,*-]+(&(and|eq)\((?:[\w.,()*~!-]|%[0-9A-F]{2}|')+\))?&order=id&limit=\d+&offset=\d+$/,
    /^GET \/public\/v1\/accounts\/accounts\/ACC-\d{4}-\d{4}\?select=[\w.,*-]+$/,
    /^(GET|DELETE) \/public\/v1\/accounts\/account-users\/AUSR-[\d-]+(\?select=[\w.,*-]+)?$/,
    /^POST \/public\/v1\/accounts\/account-users(\/AUSR-[\d-]+\/(resend|send-new)-invite)?$/,
  ],
  wix: [
    /^GET \/roles-management\/(v2\/contributors\/query|roles\?filter\.roleLevel=SITE_LEVEL)$/,
    /^POST \/site-list\/v2\/sites\/query$/,
    /^GET \/site-properties\/v4\/properties\?fields\.paths=siteDisplayName$/,
    /^POST \/invites\/site-invite\/(bulk|[0-9a-f-]{36}\/(resend|revoke))$/,
  ],
};

const PIECES = [
  ...['..', '.', '/', '\\', '%', '%2e%2e', '%2f', '?', '#', '&', '=', ';', ':', '@', '//evil.example'],
  ...['"', "'", '(', ')', ',', '*', '~', '\r\n', '\u0000', '\u007f', ' ', '\t', '\ufeff', '\u202e'],
  ...['é', '𝒳', '\ud800', '\udfff', 'AUSR-2750-9914-0362', 'p90112233', '__proto__', 'x'.repeat(10_240)],
];
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  // Any code unit, so that surrogates stand alone too.
  fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
  fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join('')),
);

const account = fc.constantFrom('harbor-tea', 'contoso', 'harbour-cafe');
/** Ids of real people and invites, so that writes get as far as they can. */
const real = fc.constantFrom(
  'harbor-tea:p90112233',
  'harbor-tea:i-5ea10d3XlM9AmFklvqW7UT',
  'contoso:AUSR-2750-9914-0362',
  'contoso:AUSR-2750-9914-0365',
  'harbour-cafe:e3ab7da6-f893-496a-8546-b38627996d24',
  'harbour-cafe:fbca100d-88c5-4cef-8421-07e1f94877d5',
);
const id = fc.oneof(
  hostile,
  real,
  fc.tuple(account, hostile).map(([key, local]) => `${key}:${local}`),
  fc.tuple(real, hostile).map(([begin, end]) => `${begin}${end}`),
);
const email = fc.oneof(
  hostile,
  fc.emailAddress(),
  hostile.map((local) => `${local}@contoso.example`),
  hostile.map((domain) => `nora@${domain}.example`),
);

describe('input fuzzing: path injection and query injection (SSRF)', () => {
  let emulators: Emulators;
  let recorder: Recorder;
  let rollcall: Rollcall;
  beforeAll(async () => {
    emulators = await startEmulators({ epoch: EPOCH });
    recorder = await startRecorder(emulators);
    rollcall = await startRollcall({
      emulators: recorder.emulators,
      limits: {
        ...UNCACHED,
        cooldown: '0s',
        emailsPerInvitePerDay: 1_000_000,
        emailsPerAccountPerHour: 1_000_000,
      },
    });
  });
  afterAll(() => closeAll(rollcall, recorder, emulators));

  /** Asks, and looks at every request that went out for it. */
  async function callsOf(document: string, variables: object): Promise<string[]> {
    recorder.seen.length = 0;
    const { status, errors } = await rollcall.query(document, { ...variables });
    expect([200, 400]).toContain(status);
    expect(errors.map(({ extensions }) => extensions?.['code'])).not.toContain('INTERNAL_SERVER_ERROR');
    return recorder.seen.map(({ vendor, method, target, host }) => {
      expect(host).toBe(recorder.host);
      const route = `${method} ${target.slice(prefixOf(vendor).length)}`;
      if (!ROUTES[vendor].some((known) => known.test(route))) throw new Error(`not a known route: ${route}`);
      return `${method} ${vendor}`;
    });
  }

  /** Tries one honest input, then many others; tells which vendors were asked, and how. */
  async function tryMany<T extends object>(
    document: string,
    honest: T,
    inputs: fc.Arbitrary<T>,
    numRuns: number,
  ) {
    const calls = new Set<string>();
    await fc.assert(
      fc.asyncProperty(inputs, async (input) => {
        for (const call of await callsOf(document, input)) calls.add(call);
      }),
      { numRuns, examples: [[honest]] },
    );
    return [...calls];
  }

  it('calls only known vendor routes for any id in a query', async () => {
    const calls = await tryMany(
      `query ($id: ID!, $account: ID!, $external: String!) {
        staffMember(id: $id) { name account { name roles { id } } invite { id } }
        invite(id: $id) { email actions { resend { allowed } } attempts { id } }
        account(id: $id) { name }
        inviteByExternalId(accountId: $account, externalId: $external) { email }
      }`,
      { id: 'harbor-tea:p90112233', account: 'contoso', external: 'AUSR-2750-9914-0362' },
      fc.record({ id, account: fc.oneof(account, hostile), external: fc.oneof(id, hostile) }),
      200,
    );
    expect(calls).toEqual(expect.arrayContaining(['GET ecwid', 'GET softwareone']));
  });

  it('calls only known vendor routes for any filter', async () => {
    const calls = await tryMany(
      `query ($search: String, $email: EmailAddress, $account: ID!, $after: String) {
        some: staffMembers(first: 2, filter: { search: $search, accountIds: ["contoso", "harbor-tea", $account] }) {
          nodes { id }
        }
        staffMembers(first: 2, filter: { email: $email, accountIds: ["contoso"] }) { nodes { id } }
        invites(first: 2, after: $after, filter: { email: $email, accountIds: ["contoso"] }) { nodes { id } }
      }`,
      { search: 'nora', email: null, account: 'harbour-cafe', after: null },
      fc.record({
        search: hostile,
        email: fc.oneof(fc.constant(null), email),
        account: fc.oneof(account, hostile),
        after: fc.oneof(fc.constant(null), hostile),
      }),
      200,
    );
    expect(calls).toEqual(expect.arrayContaining(['GET ecwid', 'GET softwareone', 'GET wix']));
  });

  it('calls only known vendor routes for any email address', async () => {
    const calls = await tryMany(
      'query ($email: EmailAddress!) { person(email: $email) { staffMembers { id } invites { id } } }',
      { email: 'nora.lind@harbor-tea.example' },
      fc.record({ email }),
      100,
    );
    expect(calls).toEqual(expect.arrayContaining(['GET ecwid', 'GET softwareone', 'GET wix']));
  });

  it('calls only known vendor routes for any invite id in a mutation', async () => {
    const calls = await tryMany(
      `mutation ($id: ID!, $language: Locale, $key: String) {
        resendInvite(input: { inviteId: $id, language: $language, idempotencyKey: $key }) { outcome }
        sendNewInvite(input: { inviteId: $id, language: $language }) { outcome }
        revealInviteLink(input: { inviteId: $id }) { link }
        resendInvites(input: { inviteIds: [$id] }) { results { outcome } }
        revokeInvite(input: { inviteId: $id }) { outcome }
      }`,
      { id: 'contoso:AUSR-2750-9914-0363', language: null, key: null },
      fc.record({
        id,
        language: fc.constantFrom(null, 'en', 'pt-BR'),
        key: fc.oneof(fc.constant(null), hostile),
      }),
      100,
    );
    expect(calls).toEqual(expect.arrayContaining(['POST softwareone', 'DELETE softwareone']));
  });

  it('calls only known vendor routes for any invitee', async () => {
    const invitee = { firstName: 'Noor', lastName: 'Haddad', grantFullAccess: false };
    const calls = await tryMany(
      `mutation ($input: InviteStaffMemberInput!) {
        inviteStaffMember(input: $input) { outcome invite { id } userErrors { code } }
      }`,
      {
        input: {
          ...invitee,
          accountId: 'harbour-cafe',
          email: 'noor@cafe.example',
          roleIds: ['7046409866117400001'],
        },
      },
      fc.record({
        input: fc.record({
          accountId: fc.oneof(account, hostile),
          email,
          firstName: hostile,
          lastName: hostile,
          roleIds: fc.array(hostile, { maxLength: 3 }),
          grantFullAccess: fc.boolean(),
        }),
      }),
      150,
    );
    expect(calls).toContain('POST wix');
  });
});

describe('input fuzzing: vendor paths', () => {
  /** The path with this segment in it, or the error that it is not made with. */
  const made = (segment: string): unknown => {
    try {
      return path`/staff/${segment}/resend`;
    } catch (error) {
      return error;
    }
  };

  it('keep origin, prefix and fixed segments for any input, or are refused', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.stringMatching(/^[\w.-]{1,128}$/)), (segment) => {
        const result = made(segment);
        fc.pre(!(result instanceof TypeError));
        const { href } = new URL(`https://vendor.example/api/v3${String(result)}`);
        expect(href).toBe(`https://vendor.example/api/v3/staff/${segment}/resend`);
      }),
      { numRuns: 500 },
    );
  });
});

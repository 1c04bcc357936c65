import { at } from '../support/at';
import { closeAll } from '../support/close-all';
import { type Secured, startSecured } from '../support/secured';
import { createSigner, forge, goodClaims, hmac, seconds, type Signer } from '../support/tokens';

const STAFF = '{ staffMembers(first: 1) { nodes { id } } }';
const ACCOUNTS = '{ accounts(first: 100) { nodes { id } } }';

let app: Secured;
let foreign: Signer;
let rsa: Signer;
beforeAll(async () => {
  [app, foreign, rsa] = await Promise.all([
    startSecured({ auth: { accountsClaim: 'accounts' } }),
    createSigner('main'),
    createSigner('main', 'RS256'),
  ]);
});
beforeEach(() => {
  app.forgetCalls();
});
afterAll(() => closeAll(app));

/** A refusal tells that there was one and nothing more; no vendor hears of it, and the log keeps nothing of it. */
async function expectRefusal(authorization: string | null): Promise<void> {
  const headers = authorization === null ? {} : { authorization };
  const { status, codes, data, text, headers: answered } = await app.ask(STAFF, { headers });
  expect([status, codes, data]).toEqual([401, ['UNAUTHENTICATED'], null]);
  expect(answered.get('content-type')).toMatch(/^application\/(graphql-response\+)?json/);
  expect(app.vendorCalls()).toEqual([]);
  const parts = (authorization ?? '').split(/[ .]/).filter((part) => part.length > 8);
  const said = [text, ...app.logged].join('\n');
  expect(parts.filter((part) => said.includes(part))).toEqual([]);
}

const expectRefused = (token: string) => expectRefusal(`Bearer ${token}`);
const signed = (claims: object, header: object = {}) => app.signer.sign({ ...claims }, { ...header });

describe('authentication: a refused request (missing, expired or invalid token)', () => {
  it.each([
    ['no header', null],
    ['an empty header', ''],
    ['the word alone', 'Bearer'],
    ['an empty token', 'Bearer '],
    ['another scheme', 'Basic YWRhOnNlY3JldHNlY3JldA=='],
    ['a token of two parts', 'Bearer aaaaaaaaaa.bbbbbbbbbb'],
    ['a token of five parts', 'Bearer aaaaaaaaaa.bbbbbbbbbb.cccccccccc.dddddddddd.eeeeeeeeee'],
    ['a token that is no base64', 'Bearer !!!!!!!!!.*********.?????????'],
    ['a token whose parts are no JSON', 'Bearer aaaaaaaaaa.bbbbbbbbbb.cccccccccc'],
    ['a long token', `Bearer ${'a'.repeat(5000)}.${'b'.repeat(5000)}.c`],
  ])('has %s', (_what, authorization) => expectRefusal(authorization));

  it('has two tokens in one header', async () => {
    const token = await signed({});
    await expectRefusal(`Bearer ${token}, Bearer ${token}`);
  });

  it.each([
    ['has expired', { exp: seconds(-3600) }],
    ['expired longer ago than clocks differ', { exp: seconds(-65) }],
    ['never expires', { exp: undefined }],
    ['expires at a text', { exp: '2100-01-01' }],
    ['is not yet valid', { nbf: seconds(300) }],
    ['is from another issuer', { iss: 'https://login.example.org/' }],
    ['is from an issuer that begins like ours', { iss: 'https://login.example.com/evil' }],
    ['names no issuer', { iss: undefined }],
    ['is for another audience', { aud: 'payroll' }],
    ['is for several others', { aud: ['payroll', 'rollcall2'] }],
    ['is for nobody', { aud: undefined }],
    ['has no tenant', { tenant: undefined }],
    ['has an empty tenant', { tenant: '' }],
    ['has a number for a tenant', { tenant: 7 }],
    ['has null for a tenant', { tenant: null }],
    ['has a list of tenants', { tenant: ['acme', 'globex'] }],
    ['has an object for a tenant', { tenant: { toString: 'acme' } }],
    ['has a text for accounts', { accounts: 'contoso' }],
    ['has null for accounts', { accounts: null }],
    ['has an object for accounts', { accounts: { length: 0 } }],
    ['has a number among its accounts', { accounts: ['contoso', 7] }],
    ['has a number for scopes', { scope: 7 }],
    ['has an object for scopes', { scope: { 'staff:read': true } }],
    ['has a list within its scopes', { scope: [['staff:read']] }],
    ['has an empty text among its scopes', { scope: ['staff:read', ''] }],
    ['has a scope that is too long', { scope: `staff:read ${'x'.repeat(256)}` }],
    ['has too many scopes', { scope: Array.from({ length: 1001 }, () => 'a') }],
    ['has a tenant that is too long', { tenant: 'a'.repeat(256) }],
    ['has a control character in its tenant', { tenant: 'acme\u0000' }],
    ['has an account that is too long', { accounts: ['a'.repeat(256)] }],
    ['has too many accounts', { accounts: Array.from({ length: 1001 }, () => 'a') }],
    ['has a number for a subject', { sub: 42 }],
    ['has true for a subject', { sub: true }],
    ['has null for a subject', { sub: null }],
    ['has an object for a subject', { sub: {} }],
    ['has a list for a subject', { sub: ['ada'] }],
    ['has an empty subject', { sub: '' }],
    ['has a subject that is too long', { sub: 'a'.repeat(256) }],
    ['has a control character in its subject', { sub: 'ada\u0000' }],
    ['has half a character in its subject', { sub: 'ada\ud83d' }],
  ])('has a token that %s', async (_what, claims) => expectRefused(await signed(claims)));

  it('has a token with valid claims under __proto__ only', async () => {
    await expectRefused(await signed({ tenant: undefined, ['__proto__']: { tenant: 'acme' } }));
  });
});

describe('authentication: metrics and logs of refused tokens, without the token (secret leak)', () => {
  it.each([
    ['missing', () => Promise.resolve(undefined)],
    ['malformed', () => Promise.resolve('Bearer a.b')],
    ['malformed', () => Promise.resolve(`Bearer ${forge({ alg: 'ES256' }, '{')}`)],
    ['alg', () => Promise.resolve(`Bearer ${forge({ alg: 'HS256', kid: 'main' }, goodClaims(), hmac('x'))}`)],
    ['kid', async () => `Bearer ${await foreign.sign({}, { kid: 'other' })}`],
    ['signature', async () => `Bearer ${await foreign.sign()}`],
    ['iss', async () => `Bearer ${await signed({ iss: 'https://login.example.org/' })}`],
    ['aud', async () => `Bearer ${await signed({ aud: 'payroll' })}`],
    ['exp', async () => `Bearer ${await signed({ exp: seconds(-3600) })}`],
    ['exp', async () => `Bearer ${await signed({ exp: undefined })}`],
    ['nbf', async () => `Bearer ${await signed({ nbf: seconds(300) })}`],
    ['claims', async () => `Bearer ${await signed({ sub: 42 })}`],
    ['claims', async () => `Bearer ${await signed({ tenant: undefined })}`],
  ])('are counted and logged by the reason %s', async (reason, authorizationOf) => {
    const authorization = await authorizationOf();
    const counted = async (): Promise<number> => {
      const text = await (await fetch(app.app.url.replace('/graphql', '/metrics'))).text();
      return Number(new RegExp(`^tokens_refused_total{reason="${reason}"} (\\d+)$`, 'm').exec(text)?.[1]);
    };
    const before = await counted();
    const headers = { 'x-request-id': `refused-${reason}`, ...(authorization ? { authorization } : {}) };
    expect((await app.ask(STAFF, { headers })).status).toBe(401);
    expect(await counted()).toBe(before + 1);
  });

  it('are at most 100 log lines in a minute', async () => {
    for (let index = 0; index < 120; index++)
      expect((await app.ask(ACCOUNTS, { token: 'a.b.c' })).status).toBe(401);
    const lines = app.logged.filter((line) => line.includes('"outcome":"refused"'));
    expect(lines).toHaveLength(100);
    expect(lines.map((line) => (JSON.parse(line) as { reason: string }).reason)).toContain('malformed');
  });
});

describe('authentication: a refused signature', () => {
  it.each(['none', 'None', 'NONE', 'nOnE'])('uses the algorithm %s', async (alg) => {
    await expectRefused(forge({ alg, kid: 'main' }, goodClaims()));
    await expectRefused(forge({ alg, kid: 'main' }, goodClaims(), () => 'c2lnbmF0dXJl'));
  });

  it('was made with the public key as a shared secret', async () => {
    for (const secret of [app.signer.pem, app.signer.pem.trim(), JSON.stringify(app.signer.jwk)])
      await expectRefused(forge({ alg: 'HS256', kid: 'main' }, goodClaims(), hmac(secret)));
  });

  it('was made with a foreign key under the same key id', async () => {
    await expectRefused(await foreign.sign());
    await expectRefused(await rsa.sign());
    await expectRefused(await foreign.sign({}, { kid: undefined }));
  });

  it('was made with a key from the token itself', async () => {
    await expectRefused(await foreign.sign({}, { jwk: foreign.jwk }));
    await expectRefused(await foreign.sign({}, { jku: 'http://127.0.0.1:1/keys.json' }));
    await expectRefused(await foreign.sign({}, { x5u: 'http://127.0.0.1:1/cert.pem' }));
    await expectRefused(await foreign.sign({}, { kid: '../../../dev/null' }));
  });

  it('covers other claims', async () => {
    const [header, , signature] = (await signed({})).split('.');
    const [, payload] = (await signed({ tenant: 'globex' })).split('.');
    await expectRefused([header, payload, signature].join('.'));
    await expectRefused((await signed({})).replace(/[^.]*$/, ''));
  });
});

describe('authentication: a valid token', () => {
  const accountsOf = async (claims: object): Promise<unknown> =>
    at((await app.ask(ACCOUNTS, { token: await signed(claims) })).data, 'accounts.nodes.*.id');

  it('shows the accounts of its tenant only (tenant isolation)', async () => {
    const acme = ['contoso', 'contoso-nordic', 'harbor-tea', 'harbour-cafe', 'maple-books'];
    expect(await accountsOf({})).toEqual(acme);
    expect(await accountsOf({ tenant: 'globex' })).toEqual([
      'globex-iberia',
      'globex-parts',
      'globex-studio',
    ]);
  });

  it.each(['nobody', '*', '__proto__', 'constructor', 'acme ', 'ACME', 'acme contoso'])(
    'of the unknown tenant %j shows nothing',
    async (tenant) => {
      expect(await accountsOf({ tenant })).toEqual([]);
    },
  );

  it.each([
    [
      ['contoso', 'harbor-tea'],
      ['contoso', 'harbor-tea'],
    ],
    [['contoso', 'globex-parts'], ['contoso']],
    [['globex-parts'], []],
    [[], []],
    [['__proto__', 'constructor', '*'], []],
  ])('with the accounts %j shows %j', async (accounts, seen) => {
    expect(await accountsOf({ accounts })).toEqual(seen);
  });

  it.each([
    ['has expired', () => ({ exp: seconds(-30) })],
    ['begins', () => ({ nbf: seconds(30) })],
  ])('is accepted when it %s within what clocks may differ', async (_what, claims) => {
    const { status, errors } = await app.ask(STAFF, { token: await signed(claims()) });
    expect([status, errors]).toEqual([200, []]);
  });

  it.each([
    ['is for several', { aud: ['payroll', 'rollcall'] }],
    ['has no subject', { sub: undefined }],
    ['has a subject of 255 characters', { sub: 'ö'.repeat(255) }],
    ['has an address for a subject', { sub: 'auth0|ada+1@example.com' }],
    ['has its scopes as a list', { scope: ['invites:send', 'staff:read'] }],
    ['has its scopes as a text', { scope: 'invites:send  staff:read ' }],
  ])('is accepted when it %s', async (_what, claims) => {
    const { status, errors } = await app.ask(STAFF, { token: await signed(claims) });
    expect([status, errors]).toEqual([200, []]);
  });

  it('is accepted with any case of the scheme', async () => {
    const { status } = await app.ask(STAFF, { headers: { authorization: `bearer ${await signed({})}` } });
    expect(status).toBe(200);
  });

  it.each([
    ['no scopes', { scope: undefined }],
    ['null for scopes', { scope: null }],
    ['an empty text of scopes', { scope: '' }],
    [
      'scopes that only look alike',
      { scope: 'staff:read:all xstaff:read STAFF:READ staff:read,invites:send' },
    ],
    ['scopes in one text of a list', { scope: ['staff:read invites:send'] }],
  ])('with %s is authorized for nothing', async (_what, claims) => {
    const { status, codes } = await app.ask(STAFF, { token: await signed(claims) });
    expect([status, codes]).toEqual([200, ['FORBIDDEN']]);
    expect(app.vendorCalls()).toEqual([]);
  });

  it('is the actor of the writes', async () => {
    const RESEND = `mutation ($inviteId: ID!) { resendInvite(input: { inviteId: $inviteId }) {
      outcome attempt { actor } } }`;
    const pending = await app.ask(
      '{ invites(first: 1, filter: { vendor: SOFTWAREONE, status: [PENDING] }) { nodes { id } } }',
      { token: await signed({}) },
    );
    const inviteId = at(at(pending.data, 'invites.nodes.*.id'), '') as string[];
    const { data } = await app.ask(RESEND, {
      token: await signed({ sub: 'grace@example.com' }),
      variables: { inviteId: inviteId[0] },
    });
    expect(at(data, 'resendInvite')).toEqual({
      outcome: 'REQUESTED',
      attempt: { actor: 'grace@example.com' },
    });
  });
});

describe('authentication: configured claim names', () => {
  it('that every object inherits are missing when the token lacks them', async () => {
    const odd = await startSecured({ auth: { tenantClaim: 'constructor', accountsClaim: 'toString' } });
    const { status, codes } = await odd.ask(ACCOUNTS, { token: await odd.signer.sign() });
    expect([status, codes]).toEqual([401, ['UNAUTHENTICATED']]);
    const named = await odd.ask(ACCOUNTS, { token: await odd.signer.sign({ constructor: 'globex' }) });
    expect(at(named.data, 'accounts.nodes.*.id')).toHaveLength(3);
    await odd.close();
  });
});

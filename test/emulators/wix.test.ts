import { startEmulators, type Emulators, type WixSiteInvite } from '../../src/emulators/start';
import { closeAll } from '../support/close-all';
import { at, clientOf, rows, send, text, type VendorClient } from './vendor-client';

let emulators: Emulators;
let cafe: VendorClient;
beforeAll(async () => {
  emulators = await startEmulators();
  cafe = clientOf(emulators, 'harbour-cafe');
});
afterEach(() => {
  emulators.reset();
});
afterAll(() => closeAll(emulators));

const manager = '6600344420111308827';
const frontDesk = '7046409866117400001';
const ownerId = '8f0e2a54-3c1b-4d68-a0c7-6f3b5e9d1122';
const apiKey = 'IST.demo-8f0e2a54';
const day = 24 * 60 * 60 * 1000;

const bulk = (emails: string[], more = {}) =>
  cafe('POST', '/invites/site-invite/bulk', { policyIds: [manager], emails, ...more });
const onInvite = (id: string, verb: string, body?: unknown) =>
  cafe('POST', `/invites/site-invite/${id}/${verb}`, body);
const ofAccount = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  send(
    method,
    `${emulators.wix.baseUrl}${path}`,
    { authorization: apiKey, 'wix-account-id': ownerId, 'content-type': 'application/json', ...headers },
    body === undefined ? undefined : JSON.stringify(body),
  );

function remembered(status: WixSiteInvite['status']): WixSiteInvite {
  const found = emulators.remembered.wix.find(
    ({ account, invite }) => account === 'harbour-cafe' && invite.status === status,
  );
  if (!found) throw new Error(`no ${status} invite`);
  return found.invite;
}

describe('Wix emulator: credentials', () => {
  const path = '/roles-management/v2/contributors/query';
  const site = '5a1d6c1e-0f43-4f5b-9b7a-2f2d0a1c9e10';

  it.each([
    ['no key', { 'wix-site-id': site }, 401, 'UNAUTHENTICATED'],
    ['a key nobody has', { authorization: 'IST.x', 'wix-site-id': site }, 401, 'UNAUTHENTICATED'],
    [
      'a key behind a scheme',
      { authorization: `Bearer ${apiKey}`, 'wix-site-id': site },
      401,
      'UNAUTHENTICATED',
    ],
    ['a site of somebody else', { authorization: apiKey, 'wix-site-id': ownerId }, 403, 'PERMISSION_DENIED'],
  ])('answers %s', async (_case, headers: Record<string, string>, status, code) => {
    const answer = await send('GET', `${emulators.wix.baseUrl}${path}`, headers);
    expect(answer.status).toBe(status);
    expect(at(answer.json, 'details.applicationError')).toMatchObject({ code, data: {} });
    expect(answer.headers['x-wix-request-id']).toBeDefined();
  });

  it('answers bad request without a site header', async () => {
    const { status, json } = await send('GET', `${emulators.wix.baseUrl}${path}`, { authorization: apiKey });
    expect([status, at(json, 'details.validationError.fieldViolations.0.field')]).toEqual([
      400,
      'wix-site-id',
    ]);
  });
});

describe('Wix emulator: bulk invite', () => {
  it('answers a full invite for each email address, and the addresses that failed', async () => {
    const { status, json } = await bulk(['new@harbour-cafe.example', 'bad@'], {
      defaultEmailLanguage: 'pt-BR',
    });
    expect(status).toBe(200);
    expect(at(json, 'failedEmails')).toEqual(['bad@']);
    expect(at(json, 'invites')).toHaveLength(1);
    expect(at(json, 'invites.0')).toMatchObject({
      siteId: '5a1d6c1e-0f43-4f5b-9b7a-2f2d0a1c9e10',
      email: 'new@harbour-cafe.example',
      policyIds: [manager],
      status: 'Pending',
      inviterAccountId: ownerId,
      locationIds: [],
    });
    expect(at(json, 'invites.0')).not.toHaveProperty('acceptedByAccountId');
    expect(emulators.wix.mails).toMatchObject([
      {
        account: 'harbour-cafe',
        to: 'new@harbour-cafe.example',
        kind: 'invite',
        language: 'pt-BR',
        link: at(json, 'invites.0.acceptLink'),
      },
    ]);
  });

  it('creates a new id for a second invite, and invalidates the first', async () => {
    const old = remembered('Pending');
    const { json } = await bulk([old.email]);
    expect(at(json, 'invites.0.id')).not.toBe(old.id);
    expect((await onInvite(old.id, 'resend')).status).toBe(400);
    expect((await onInvite(text(json, 'invites.0.id'), 'resend')).status).toBe(200);
  });

  it('fails for people who are already on the site', async () => {
    const { json } = await bulk([remembered('Used').email.toUpperCase()]);
    expect(json).toEqual({ invites: [], failedEmails: [remembered('Used').email.toUpperCase()] });
    expect(emulators.wix.mails).toEqual([]);
  });

  it.each([
    ['policyIds', { policyIds: [] }],
    ['policyIds', { policyIds: ['1'] }],
    ['policyIds', { policyIds: 'x' }],
    ['emails', { emails: [] }],
    ['emails', { emails: undefined }],
  ])('names the field %s when it is %j', async (field, body) => {
    const { status, json } = await bulk(['x@harbour-cafe.example'], body);
    expect([status, at(json, 'details.validationError.fieldViolations.0.field')]).toEqual([400, field]);
  });
});

describe('Wix emulator: resending an invite', () => {
  it('sends another mail and changes nothing', async () => {
    const invite = remembered('Pending');
    const { status, json } = await onInvite(invite.id, 'resend', {
      inviteId: invite.id,
      defaultEmailLanguage: 'de',
    });
    expect([status, json]).toEqual([200, { invite }]);
    expect(emulators.wix.mails).toMatchObject([{ to: invite.email, kind: 'resend', language: 'de' }]);
  });

  it('accepts no body as well as an empty one', async () => {
    expect((await onInvite(remembered('Pending').id, 'resend')).status).toBe(200);
    expect((await onInvite(remembered('Pending').id, 'resend', {})).status).toBe(200);
  });

  it.each(['Used', 'Deleted', 'Declined', 'Expired'] as const)(
    'refuses an invite that is %s',
    async (state) => {
      const { status, json } = await onInvite(remembered(state).id, 'resend');
      expect([status, at(json, 'details.applicationError.code')]).toEqual([400, 'FAILED_PRECONDITION']);
      expect(emulators.wix.mails).toEqual([]);
    },
  );

  it('refuses a body with the id of another invite, an unknown invite, and an invite of another site', async () => {
    const { id } = remembered('Pending');
    expect((await onInvite(id, 'resend', { inviteId: 'other' })).status).toBe(400);
    expect(at((await onInvite(ownerId, 'resend')).json, 'details.applicationError.code')).toBe('NOT_FOUND');
    const studio = clientOf(emulators, 'globex-studio');
    expect((await studio('POST', `/invites/site-invite/${id}/resend`)).status).toBe(404);
  });

  it('expires an invite thirty days after it was sent', async () => {
    const invite = remembered('Pending');
    emulators.clock.set(invite.expirationDate);
    emulators.clock.advance(-1000);
    expect((await onInvite(invite.id, 'resend')).status).toBe(200);
    emulators.clock.advance(1000);
    expect(at((await onInvite(invite.id, 'resend')).json, 'message')).toBe('The invite is Expired');
    expect(Date.parse(invite.expirationDate) - Date.parse(invite.dateCreated)).toBe(30 * day);
  });
});

describe('Wix emulator: revoking an invite', () => {
  it('answers an empty object and removes the invite', async () => {
    const { id } = remembered('Pending');
    const { status, text } = await onInvite(id, 'revoke');
    expect([status, text]).toEqual([200, '{}']);
    expect((await onInvite(id, 'revoke')).status).toBe(400);
    expect((await onInvite(id, 'resend')).status).toBe(400);
  });

  it('removes an expired invite, and never a member', async () => {
    expect((await onInvite(remembered('Expired').id, 'revoke')).status).toBe(200);
    expect((await onInvite(remembered('Used').id, 'revoke')).status).toBe(400);
  });
});

describe('Wix emulator: contributors', () => {
  const query = async (filter = '') =>
    rows((await cafe('GET', `/roles-management/v2/contributors/query${filter}`)).json, 'contributors');

  it('are ids only, including people who accepted an invite', async () => {
    const found = await query();
    expect(found.map((one) => Object.keys(one))).toEqual([
      ['accountId'],
      ['accountId'],
      ['accountId'],
      ['accountId'],
    ]);
    expect(found).toContainEqual({ accountId: remembered('Used').acceptedByAccountId });
  });

  it('are filtered by any of the roles', async () => {
    expect(await query(`?filter.policyIds=${frontDesk}`)).toHaveLength(2);
    expect(await query(`?filter.policyIds=${frontDesk}&filter.policyIds=${manager}`)).toHaveLength(4);
  });

  it('include everybody who accepts an invite', async () => {
    const invite = remembered('Pending');
    emulators.wix.changeInvite('harbour-cafe', invite.id, 'accept');
    expect(await query()).toHaveLength(5);
    expect(at((await onInvite(invite.id, 'resend')).json, 'message')).toBe('The invite is Used');
  });
});

describe('Wix emulator: account level', () => {
  it('requires the account header of the same account for roles', async () => {
    const { json } = await ofAccount('GET', '/roles-management/roles');
    expect(at(json, 'predefinedRoles')).toHaveLength(4);
    expect(at(json, 'customRoles')).toEqual([
      { id: frontDesk, title: 'Front desk', description: 'Takes bookings and answers the inbox' },
    ]);
    expect((await cafe('GET', '/roles-management/roles')).status).toBe(400);
    expect(
      (await ofAccount('GET', '/roles-management/roles', undefined, { 'wix-account-id': 'x' })).status,
    ).toBe(403);
    const atSite = await ofAccount('GET', '/roles-management/roles?filter.roleLevel=SITE_LEVEL');
    expect(at(atSite.json, 'predefinedRoles')).toHaveLength(3);
  });

  it('lists the sites of the account, of one namespace by default', async () => {
    const sites = async (query: unknown) =>
      rows((await ofAccount('POST', '/site-list/v2/sites/query', { query })).json, 'sites');
    expect(await sites({})).toHaveLength(2);
    expect(await sites({ filter: { namespace: { $in: ['WIX', 'HEADLESS'] } } })).toHaveLength(3);
    const [site] = await sites({ filter: { id: { $eq: '5a1d6c1e-0f43-4f5b-9b7a-2f2d0a1c9e10' } } });
    expect(site).toMatchObject({ displayName: 'Harbour Cafe', ownerAccountId: ownerId, namespace: 'WIX' });
    expect(at(site, 'contributorAccountIds')).toHaveLength(4);
  });

  it('paginates sites with a cursor that holds the whole query', async () => {
    const page = async (query: unknown) =>
      (await ofAccount('POST', '/site-list/v2/sites/query', { query })).json;
    const filter = { namespace: { $in: ['WIX', 'HEADLESS'] } };
    const first = await page({ filter, cursorPaging: { limit: 2 } });
    expect(at(first, 'metadata.hasNext')).toBe(true);
    const second = await page({ cursorPaging: { cursor: at(first, 'metadata.cursors.next') } });
    expect(at(second, 'metadata')).toEqual({ hasNext: false, cursors: {} });
    const names = [...rows(first, 'sites'), ...rows(second, 'sites')].map(({ name }) => name);
    expect(new Set(names).size).toBe(3);
  });

  it.each([
    { filter: { displayName: 'x' } },
    { filter: { id: { $regex: 'x' } } },
    { cursorPaging: { limit: 101 } },
    { cursorPaging: { cursor: 'x' } },
  ])('refuses the query %j', async (query) => {
    expect((await ofAccount('POST', '/site-list/v2/sites/query', { query })).status).toBe(400);
  });
});

it('Wix emulator: site properties contain the name of the site', async () => {
  const { json } = await cafe('GET', '/site-properties/v4/properties');
  expect(json).toMatchObject({ version: '1', properties: { siteDisplayName: 'Harbour Cafe' } });
});

it('Wix emulator: invites cannot be read', async () => {
  const answer = await cafe('GET', `/invites/site-invite/${remembered('Pending').id}`);
  expect([answer.status, at(answer.json, 'details.applicationError.code')]).toEqual([404, 'NOT_FOUND']);
});

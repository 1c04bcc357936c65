import { startEmulators, type Emulators } from '../../src/emulators/start';
import { closeAll } from '../support/close-all';
import { at, clientOf, credential, rows, send, type VendorClient } from './vendor-client';

let emulators: Emulators;
let tea: VendorClient;
beforeAll(async () => {
  emulators = await startEmulators();
  tea = clientOf(emulators, 'harbor-tea');
});
afterEach(() => {
  emulators.reset();
});
afterAll(() => closeAll(emulators));

const staffOf = async (store: VendorClient, email: string) =>
  rows((await store('GET', '/staff')).json, 'staffList').find((row) => row['email'] === email);

describe('Ecwid emulator: credentials', () => {
  const url = (store: string) => `${emulators.ecwid.baseUrl}/${store}/staff`;

  it.each([
    ['missing', {}],
    ['fake', { authorization: 'Bearer secret_fake' }],
    ['without its scheme', { authorization: 'secret_demo_harbor_tea' }],
    ["another store's", { authorization: 'Bearer secret_demo_globex_parts' }],
  ])('answers 403 without a body for a token that is %s', async (_case, headers: Record<string, string>) => {
    const { status, text, headers: answered } = await send('GET', url('7700142'), headers);
    expect([status, text, answered['content-length']]).toEqual([403, '', '0']);
  });

  it('answers 404 with the measured error code for an unknown store', async () => {
    const { status, json } = await send('GET', url('1'), credential(tea.account));
    expect([status, json]).toEqual([404, { errorMessage: 'Store not found', errorCode: 'STORE_NOT_FOUND' }]);
  });
});

describe('Ecwid emulator: reads', () => {
  it('lists pending rows without id and name: absent, not null', async () => {
    const { status, headers, json } = await tea('GET', '/staff');
    expect([status, headers['content-type']]).toEqual([200, 'application/json;charset=utf-8']);
    expect(at(json, 'staffList')).toHaveLength(12);
    expect(at(json, 'staffList')).toContainEqual({
      email: 'lena@harbor-tea.example',
      staffScopes: ['CATALOG_MANAGEMENT'],
      inviteAccepted: false,
    });
  });

  it('returns one member with email and scopes only', async () => {
    expect((await tea('GET', '/staff/p90112233')).json).toEqual({
      email: 'ines@harbor-tea.example',
      staffScopes: ['SALES_MANAGEMENT', 'REPORT_ACCESS'],
    });
    expect((await tea('GET', '/staff/p1')).status).toBe(404);
  });

  it('restricts the profile to the selected fields, and adds billing only on request', async () => {
    const { json } = await tea('GET', '/profile?responseFields=generalInfo(storeId),settings(storeName)');
    expect(json).toEqual({ generalInfo: { storeId: 7700142 }, settings: { storeName: 'Harbor Tea' } });
    expect((await tea('GET', '/profile')).json).not.toHaveProperty('accountBilling');
    expect((await tea('GET', '/profile?showExtendedInfo=true')).json).toHaveProperty('accountBilling');
  });

  it('lists the scopes of the store', async () => {
    expect(at((await tea('GET', '/profile/staffScopes')).json, 'staffScopes')).toHaveLength(7);
  });
});

describe('Ecwid emulator: inviting staff', () => {
  it('creates a pending row without an id and sends one mail', async () => {
    const body = { email: 'New.One@harbor-tea.example', staffScopes: ['CATALOG_MANAGEMENT'] };
    expect((await tea('POST', '/staff', body)).json).toEqual({ success: true });
    expect(await staffOf(tea, body.email)).toEqual({ ...body, inviteAccepted: false });
    expect(emulators.ecwid.mails).toMatchObject([{ account: 'harbor-tea', to: body.email, kind: 'invite' }]);
  });

  it.each([[{}], [{ staffScopes: [] }]])('grants every permission for %j', async (scopes) => {
    await tea('POST', '/staff', { email: 'all@harbor-tea.example', ...scopes });
    expect(await staffOf(tea, 'all@harbor-tea.example')).toMatchObject({ staffScopes: [] });
  });

  it.each([
    ['a taken address', { email: 'lena@harbor-tea.example' }, 409],
    ['a taken address in capitals', { email: 'LENA@harbor-tea.example' }, 409],
    ['no address', {}, 400],
    ['something that is no address', { email: 'lena' }, 400],
    ['a scope that does not exist', { email: 'x@harbor-tea.example', staffScopes: ['FLY'] }, 400],
  ])('refuses %s and sends no mail', async (_case, body, status) => {
    expect((await tea('POST', '/staff', body)).status).toBe(status);
    expect(emulators.ecwid.mails).toEqual([]);
  });

  it('accepts the content type JSON only', async () => {
    const headers = { ...credential(tea.account), 'content-type': 'text/plain' };
    const url = `${emulators.ecwid.baseUrl}/7700142/staff`;
    expect((await send('POST', url, headers, '{"email":"x@y.example"}')).status).toBe(415);
    expect(at((await tea('POST', '/staff', 'not an object')).json, 'errorCode')).toBe('WRONG_PARAMETER');
  });
});

describe('Ecwid emulator: resending an invite', () => {
  const resend = (email: string) => tea('POST', '/staff/invite', { email });

  it('sends another mail for a pending invite', async () => {
    expect((await resend('lena@harbor-tea.example')).json).toEqual({ success: true });
    expect(emulators.ecwid.mails).toMatchObject([
      { to: 'lena@harbor-tea.example', kind: 'resend', language: null },
    ]);
  });

  it.each([
    ['an accepted invite', 'ines@harbor-tea.example', 200, { success: false }],
    [
      'another spelling than the stored one',
      'Lena@harbor-tea.example',
      400,
      { errorCode: 'WRONG_PARAMETER' },
    ],
    ['an unknown address', 'nobody@harbor-tea.example', 400, { errorCode: 'WRONG_PARAMETER' }],
  ])('sends no mail for %s', async (_case, email, status, body) => {
    const answer = await resend(email);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject(body);
    expect(emulators.ecwid.mails).toEqual([]);
  });
});

describe('Ecwid emulator: cancelling, updating and removing', () => {
  it('removes the row of a cancelled invite, and counts no row for the second cancellation', async () => {
    const cancel = () => tea('DELETE', '/staff/invite', { email: 'lena@harbor-tea.example' });
    expect((await cancel()).json).toEqual({ deleteCount: 1 });
    expect((await cancel()).json).toEqual({ deleteCount: 0 });
    expect(await staffOf(tea, 'lena@harbor-tea.example')).toBeUndefined();
  });

  it('does not cancel an accepted invite', async () => {
    expect((await tea('DELETE', '/staff/invite', { email: 'ines@harbor-tea.example' })).json).toEqual({
      deleteCount: 0,
    });
    expect(await staffOf(tea, 'ines@harbor-tea.example')).toBeDefined();
  });

  it('updates scopes and email address of a member', async () => {
    const body = { email: 'ines.v@harbor-tea.example', staffScopes: ['REPORT_ACCESS'] };
    expect((await tea('PUT', '/staff/p90112233', body)).json).toEqual({ updateCount: 1 });
    expect((await tea('GET', '/staff/p90112233')).json).toEqual(body);
    expect((await tea('PUT', '/staff/p90112233', { email: 'omar@harbor-tea.example' })).status).toBe(409);
    expect((await tea('PUT', '/staff/p1', {})).json).toEqual({ updateCount: 0 });
  });

  it('removes a member', async () => {
    expect((await tea('DELETE', '/staff/p90112233')).json).toEqual({ deleteCount: 1 });
    expect((await tea('DELETE', '/staff/p90112233')).json).toEqual({ deleteCount: 0 });
  });
});

it('Ecwid emulator: a suspended store can be read and not written', async () => {
  const books = clientOf(emulators, 'maple-books');
  expect(at((await books('GET', '/profile')).json, 'account.suspended')).toBe(true);
  const refused = await books('POST', '/staff/invite', { email: 'tomas@maple-books.example' });
  expect([refused.status, at(refused.json, 'errorCode')]).toEqual([402, 'STORE_IS_SUSPENDED']);
  expect(emulators.ecwid.mails).toEqual([]);
});

it('Ecwid emulator: an unknown route answers 404 in the format of Ecwid, and is recorded', async () => {
  const { status, json } = await tea('GET', '/stuff');
  expect([status, at(json, 'errorMessage')]).toEqual([404, 'Ecwid has no GET /api/v3/7700142/stuff']);
  expect(emulators.ecwid.requests.at(-1)).toMatchObject({ path: '/api/v3/7700142/stuff', status: 404 });
});

it('Ecwid emulator: accepting an invite gives the row an id and a name', async () => {
  emulators.ecwid.changeInvite('harbor-tea', 'lena@harbor-tea.example', 'accept');
  const row = await staffOf(tea, 'lena@harbor-tea.example');
  expect(row).toMatchObject({ inviteAccepted: true, name: 'lena' });
  expect(at(row, 'id')).toMatch(/^p\d+$/);
  expect(() => {
    emulators.ecwid.changeInvite('harbor-tea', 'priya@harbor-tea.example', 'decline');
  }).toThrow('cannot show');
});

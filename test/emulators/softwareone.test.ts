import { startEmulators, type Emulators } from '../../src/emulators/start';
import { operationsToken } from '../../src/emulators/world/demo-softwareone';
import { closeAll } from '../support/close-all';
import { at, clientOf, keys, rows, send, text, type VendorClient } from './vendor-client';

let emulators: Emulators;
let contoso: VendorClient;
beforeAll(async () => {
  emulators = await startEmulators();
  contoso = clientOf(emulators, 'contoso');
});
afterEach(() => {
  emulators.reset();
});
afterAll(() => closeAll(emulators));

const list = '/accounts/account-users';
const scoped = '/accounts/accounts/ACC-4821-7730/users';
const invited = `${list}/AUSR-2750-9914-0362`;
const expired = `${list}/AUSR-2750-9914-0365`;
const active = `${list}/AUSR-2750-9914-0301`;
const day = 24 * 60 * 60 * 1000;

const invitationOf = async (path: string) => at((await contoso('GET', path)).json, 'invitation');
const operations = (method: string, path: string) =>
  send(method, `${emulators.softwareone.baseUrl}${path}`, { authorization: `Bearer ${operationsToken}` });

describe('SoftwareOne emulator: credentials', () => {
  it.each([
    {},
    { authorization: 'Bearer idt:TKN-4821-7730:wrong' },
    { authorization: 'idt:TKN-4821-7730:demo-contoso' },
  ])('answers 401 with problem details for %j', async (headers: Record<string, string>) => {
    const { status, json } = await send('GET', `${emulators.softwareone.baseUrl}${list}`, headers);
    expect(status).toBe(401);
    expect(json).toMatchObject({ title: 'Unauthorized', status: 401 });
    expect(at(json, 'traceId')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  });

  it('hides other accounts from a token', async () => {
    const globex = clientOf(emulators, 'globex-iberia');
    for (const path of [
      invited,
      scoped,
      '/accounts/accounts/ACC-4821-7730',
      '/accounts/users/USR-1190-4502',
    ]) {
      expect((await globex('GET', path)).status).toBe(404);
    }
    expect((await globex('POST', `${invited}/resend-invite`)).status).toBe(404);
    expect(at((await globex('GET', '/accounts/accounts')).json, 'data')).toHaveLength(1);
    expect(at((await globex('GET', '/accounts/user-groups')).json, 'data')).toHaveLength(2);
    expect(emulators.softwareone.mails).toEqual([]);
  });
});

describe('SoftwareOne emulator: rows', () => {
  it('omit audit unless it is selected, and list it as omitted', async () => {
    const { json } = await contoso('GET', `${list}?limit=1`);
    expect(at(json, '$meta')).toEqual({ pagination: { offset: 0, limit: 1, total: 15 }, omitted: ['audit'] });
    expect(at(json, 'data.0')).not.toHaveProperty('audit');
    expect(at(json, 'data.0.user')).toEqual({
      id: 'USR-1190-4502',
      name: 'Ivo Brandt',
      icon: '/v1/accounts/users/USR-1190-4502/icon',
    });
  });

  it('omit null and empty fields', async () => {
    const { json } = await contoso('GET', `${list}/AUSR-2750-9914-0308?select=user`);
    expect(keys(json, 'user')).toEqual(['id', 'icon', 'email', 'status', 'settings', 'currentAccount']);
    expect(json).not.toHaveProperty('buyers');
  });

  it('support the module filter whose key contains a dot', async () => {
    const { json } = await contoso('GET', active);
    const filters = rows(json, 'modules')
      .map((module: { filters?: unknown }) => module.filters)
      .filter(Boolean);
    expect(filters).toEqual([{ 'group.buyers': ['selected', 'all'] }]);
  });

  it('contain the link only while the invitation is pending', async () => {
    expect(at(await invitationOf(invited), 'url')).toMatch(/^https:/);
    expect(await invitationOf(expired)).toEqual({ status: 'InvitationExpired' });
    expect(await invitationOf(active)).toEqual({ status: 'Active' });
  });

  it('are the same data in both views', async () => {
    const { json } = await contoso('GET', `${scoped}/USR-8046-3317`);
    expect(json).toMatchObject({
      id: 'USR-8046-3317',
      status: 'Invited',
      email: 'nora.vale@contoso.example',
    });
    await contoso('DELETE', `${scoped}/USR-8046-3317`);
    expect((await contoso('GET', invited)).status).toBe(404);
  });
});

describe('SoftwareOne emulator: RQL queries', () => {
  const query = async (text: string) => (await contoso('GET', `${list}?${text}`)).json;

  it.each([
    ['-*,id', { id: 'AUSR-2750-9914-0362' }],
    ['-*,id,user.email', { id: 'AUSR-2750-9914-0362', user: { email: 'nora.vale@contoso.example' } }],
    ['-*,invitation.status', { invitation: { status: 'Invited' } }],
    ['-*,account.id,+account.name', { account: { id: 'ACC-4821-7730', name: 'Contoso' } }],
    ['-*,groups.name', { groups: [{ name: 'Administrators' }] }],
    ['-*,audit.created.by.name', { audit: { created: { by: { name: 'Ivo Brandt' } } } }],
  ])('supports select=%s', async (select, expected) => {
    expect(at(await query(`select=${select}&eq(id,"AUSR-2750-9914-0362")`), 'data')).toEqual([expected]);
  });

  it('a nested pick restricts an object, and adds to a reference', async () => {
    const [row] = rows(await query('select=invitation.status,user.email&id="AUSR-2750-9914-0362"'), 'data');
    expect(at(row, 'invitation')).toEqual({ status: 'Invited' });
    expect(keys(row, 'user')).toEqual(['id', 'name', 'icon', 'email']);
    expect(row).toHaveProperty('groups');
  });

  it('a minus excludes a field', async () => {
    const json = await query('select=-groups,-user.icon,audit&limit=1');
    const [row] = rows(json, 'data');
    expect(row).not.toHaveProperty('groups');
    expect(keys(row, 'user')).toEqual(['id', 'name']);
    expect(row).toHaveProperty('audit');
    expect(keys(json, '$meta')).toEqual(['pagination']);
  });

  it('combines a bare filter with the named parameters, encoded or not', async () => {
    const raw = await query(
      'limit=5&in(invitation.status,(Invited,InvitationExpired))&select=-*,id&offset=4',
    );
    const encoded = await query(
      `${encodeURIComponent('in(invitation.status,("Invited","InvitationExpired"))')}&select=-*,id&limit=5&offset=4`,
    );
    expect(raw).toEqual(encoded);
    expect(at(raw, '$meta.pagination')).toEqual({ offset: 4, limit: 5, total: 6 });
    expect(at(raw, 'data')).toHaveLength(2);
  });

  it('combines several bare filters with and', async () => {
    const json = await query('eq(invitation.status,"Invited")&any(groups,id=UGR-6104-2288)&select=-*,id');
    expect(at(json, 'data')).toEqual([{ id: 'AUSR-2750-9914-0362' }]);
  });

  it('decodes an unencoded plus as a space', async () => {
    const total = async (filter: string) => at(await query(`${filter}&limit=0`), '$meta.pagination.total');
    await contoso('POST', list, {
      user: { email: 'a+b@contoso.example', firstName: 'A', lastName: 'B' },
      groups: [{ id: 'UGR-6104-2288' }],
    });
    expect(await total('eq(user.email,"a+b@contoso.example")')).toBe(0);
    expect(await total('eq(user.email,"a%2Bb@contoso.example")')).toBe(1);
  });

  it('order sorts, descending with a minus, and accepts audit only when it is selected', async () => {
    const ids = (json: unknown) => rows(json, 'data').map((row) => text(row, 'id').slice(-4));
    const newest = await query('select=-*,id,audit.created.at&order=-audit.created.at&limit=3');
    expect(ids(newest)).toEqual(['0362', '0364', '0365']);
    expect(ids(await query('select=-*,id&order=user.email&limit=2'))).toEqual(['0307', '0306']);
    const refused = await contoso('GET', `${list}?order=-audit.created.at`);
    expect(at(refused.json, 'errors')).toEqual({ 'audit.created.at': ['Ordering is not permitted.'] });
  });

  it('limit is capped at 100, and 0 returns the count only', async () => {
    expect(at(await query('limit=5000'), '$meta.pagination.limit')).toBe(100);
    expect(await query('eq(invitation.status,"Active")&limit=0')).toEqual({
      $meta: { pagination: { offset: 0, limit: 0, total: 9 } },
      data: [],
    });
    expect((await contoso('GET', `${list}?limit=-1`)).status).toBe(400);
  });

  it.each([
    ['eq(invitation.state,"Invited")', { 'invitation.state': ['Invalid property path.'] }],
    ['rql=eq(id,"x")', { query: ['Invalid equals shortcut expression'] }],
    ['foo(id,1)', { foo: ['Unknown expression group.'] }],
    ['select=nothing', { nothing: ['Invalid property path.'] }],
    ['eq(id,%zz)', { query: ['Malformed percent-encoding.'] }],
  ])('answers 400 with the path for %s', async (text, errors) => {
    const { status, json } = await contoso('GET', `${list}?${text}`);
    expect(status).toBe(400);
    expect(json).toMatchObject({
      title: 'Bad Request',
      detail: 'One or more validation errors occurred.',
      errors,
    });
  });
});

describe('SoftwareOne emulator: invitations', () => {
  it('resend renews the link and the seven days, and mails the new link', async () => {
    const before = await invitationOf(invited);
    emulators.clock.advance(4 * day);
    const { status, json } = await contoso('POST', `${invited}/resend-invite`);
    expect(status).toBe(200);
    expect(at(json, 'invitation.status')).toBe('Invited');
    expect(at(json, 'invitation.url')).not.toBe(at(before, 'url'));
    expect(emulators.softwareone.mails).toMatchObject([
      {
        account: 'contoso',
        to: 'nora.vale@contoso.example',
        kind: 'resend',
        link: at(json, 'invitation.url'),
      },
    ]);
    emulators.clock.advance(6 * day);
    expect(at(await invitationOf(invited), 'status')).toBe('Invited');
  });

  it('expire after seven days of the emulated clock', async () => {
    await contoso('POST', `${invited}/resend-invite`);
    emulators.clock.advance(7 * day - 60_000);
    expect(at(await invitationOf(invited), 'status')).toBe('Invited');
    emulators.clock.advance(60_000);
    expect(await invitationOf(invited)).toEqual({ status: 'InvitationExpired' });
  });

  it('send-new renews an expired invitation under the same id', async () => {
    const { status, json } = await contoso('POST', `${expired}/send-new-invite`);
    expect([status, at(json, 'id'), at(json, 'invitation.status')]).toEqual([
      200,
      'AUSR-2750-9914-0365',
      'Invited',
    ]);
    expect(emulators.softwareone.mails).toMatchObject([{ kind: 'invite', link: at(json, 'invitation.url') }]);
  });

  it.each([
    ['resend-invite', expired],
    ['resend-invite', active],
    ['send-new-invite', invited],
    ['send-new-invite', active],
  ])('refuses %s of %s, and sends no mail', async (verb, path) => {
    const { status, json } = await contoso('POST', `${path}/${verb}`);
    expect(status).toBe(400);
    expect(at(json, 'errors')).toMatchObject([{ properties: ['invitation.status'] }]);
    expect(emulators.softwareone.mails).toEqual([]);
  });

  it('accept has no effect for a member, and is refused for the token of another user', async () => {
    expect((await contoso('POST', `${active}/accept-invite`)).status).toBe(200);
    expect((await contoso('POST', `${invited}/accept-invite`)).status).toBe(400);
  });

  it('delete answers 204, then 404', async () => {
    const removed = await contoso('DELETE', invited);
    expect([removed.status, removed.text]).toEqual([204, '']);
    expect((await contoso('DELETE', invited)).status).toBe(404);
    expect((await contoso('GET', invited)).status).toBe(404);
  });

  it('accepting activates the membership and adds an audit entry', async () => {
    emulators.softwareone.changeInvite('contoso', 'AUSR-2750-9914-0362', 'accept');
    const { json } = await contoso('GET', `${invited}?select=audit`);
    expect(at(json, 'invitation')).toEqual({ status: 'Active' });
    expect(keys(json, 'audit')).toEqual(expect.arrayContaining(['joined', 'access', 'invitationAcceptedAt']));
    expect(() => {
      emulators.softwareone.changeInvite('globex-iberia', 'AUSR-2750-9914-0362', 'accept');
    }).toThrow('no membership');
  });
});

describe('SoftwareOne emulator: creating a membership', () => {
  const person = { email: 'new@contoso.example', firstName: 'New', lastName: 'One' };
  const groups = [{ id: 'UGR-6104-2290' }];

  it('answers 201 with an invited membership and mails its link', async () => {
    const { status, json } = await contoso('POST', list, {
      user: person,
      groups,
      invitation: { status: 'Invited' },
    });
    expect(status).toBe(201);
    expect(json).toMatchObject({ user: { name: 'New One' }, invitation: { status: 'Invited' } });
    expect(at(json, 'id')).toMatch(/^AUSR-\d{4}-\d{4}-\d{4}$/);
    expect(emulators.softwareone.mails).toMatchObject([
      { to: person.email, kind: 'invite', link: at(json, 'invitation.url') },
    ]);
  });

  it('reuses the user of a known email address, and creates a new id for a repeated invite', async () => {
    const user = { ...person, email: 'Lucia@globex-iberia.example' };
    const first = await contoso('POST', scoped, { user, groups });
    expect([first.status, at(first.json, 'id')]).toEqual([201, 'USR-3301-6601']);
    const ofUser = `${list}?eq(user.id,"USR-3301-6601")&select=-*,id`;
    const id = text((await contoso('GET', ofUser)).json, 'data.0.id');
    await contoso('DELETE', `${list}/${id}`);
    await contoso('POST', list, { user, groups });
    expect(at((await contoso('GET', ofUser)).json, 'data.0.id')).not.toBe(id);
  });

  it.each([
    ['no group', { user: person }, 400],
    ["another account's group", { user: person, groups: [{ id: 'UGR-7215-0001' }] }, 400],
    ['no names', { user: { email: person.email }, groups }, 400],
    ['a live member', { user: { ...person, email: 'ivo.brandt@contoso.example' }, groups }, 400],
    ['a member outright', { user: person, groups, invitation: { status: 'Active' } }, 403],
    ['another account', { user: person, groups, account: { id: 'ACC-7702-1185' } }, 404],
  ])('refuses %s', async (_case, body, status) => {
    expect((await contoso('POST', list, body)).status).toBe(status);
    expect(emulators.softwareone.mails).toEqual([]);
  });

  it('accepts the content type JSON only', async () => {
    expect((await contoso('POST', list, {}, { 'content-type': 'text/plain' })).status).toBe(415);
  });
});

describe('SoftwareOne emulator: groups', () => {
  const groupsOf = async () => rows((await contoso('GET', invited)).json, 'groups').map(({ id }) => id);

  it('adds, replaces and removes groups, but never removes the last one', async () => {
    await contoso('POST', `${invited}/groups`, { id: 'UGR-6104-2290' });
    expect(await groupsOf()).toEqual(['UGR-6104-2288', 'UGR-6104-2290']);
    await contoso('PUT', `${invited}/groups`, [{ id: 'UGR-6104-2295' }, { id: 'UGR-6104-2290' }]);
    expect((await contoso('DELETE', `${invited}/groups/UGR-6104-2295`)).status).toBe(204);
    expect(await groupsOf()).toEqual(['UGR-6104-2290']);
    expect((await contoso('DELETE', `${invited}/groups/UGR-6104-2290`)).status).toBe(400);
    expect((await contoso('PUT', `${invited}/groups`, [])).status).toBe(400);
  });
});

describe('SoftwareOne emulator: users', () => {
  it('are blocked for every account, by the platform only', async () => {
    expect((await contoso('POST', '/accounts/users/USR-1190-4502/block')).status).toBe(403);
    await operations('POST', '/accounts/users/USR-1190-4502/block');
    expect(at((await contoso('GET', '/accounts/users/ivo.brandt@contoso.example')).json, 'status')).toBe(
      'Blocked',
    );
    expect(at((await contoso('GET', `${scoped}/USR-1190-4502`)).json, 'status')).toBe('Blocked');
    expect(await invitationOf(active)).toEqual({ status: 'Active' });
    await operations('POST', '/accounts/users/USR-1190-4502/unblock');
    expect(at((await contoso('GET', '/accounts/users/USR-1190-4502')).json, 'status')).toBe('Active');
  });

  it('have the best status of their memberships', async () => {
    const status = async (id: string) => at((await contoso('GET', `/accounts/users/${id}`)).json, 'status');
    expect(await status('USR-1190-4533')).toBe('Active');
    expect(await status('USR-8046-3317')).toBe('Invited');
    expect(await status('USR-8046-3358')).toBe('InvitationExpired');
    expect(await status('USR-1190-4540')).toBe('Blocked');
  });
});

it('SoftwareOne emulator: an unknown route answers 404 in the format of the platform', async () => {
  expect((await contoso('GET', '/accounts/unknown')).json).toMatchObject({ title: 'Not Found', status: 404 });
});

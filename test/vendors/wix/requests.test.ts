import { localIdOf } from '../../../src/ids';
import type { Invite, InviteStatus } from '../../../src/model';
import type { Provider } from '../../../src/vendors/provider';
import { closeAll } from '../../support/close-all';
import { fieldsOf, plainly, reading, startVendors, type Vendors } from '../../support/provider';
import { BODY_HEADERS, READ_HEADERS, sent, type Sent } from '../../support/sent';

let vendors: Vendors;
beforeAll(async () => {
  vendors = await startVendors();
});
afterEach(() => {
  vendors.reset();
});
afterAll(() => closeAll(vendors));

const SITE = '5a1d6c1e-0f43-4f5b-9b7a-2f2d0a1c9e10';
const OWNER = '8f0e2a54-3c1b-4d68-a0c7-6f3b5e9d1122';
const key = { authorization: 'IST.demo-8f0e2a54' };
const site = { 'wix-site-id': SITE };
const owner = { 'wix-account-id': OWNER };
const manager = '6600344420111308827';
const page = { first: 5, after: null };
const everyone = { status: null, emails: null, search: null };
const withoutNames = fieldsOf({ role: ['id'] });
const get = (path: string, query: string, whose: object): Sent => ({
  method: 'GET',
  path,
  query,
  headers: { ...READ_HEADERS, ...key, ...whose },
  body: null,
});
const post = (path: string, body: object, whose: object): Sent => ({
  method: 'POST',
  path,
  query: '',
  headers: { ...BODY_HEADERS, ...key, ...whose },
  body,
});

async function remembered(status: InviteStatus): Promise<Invite> {
  const { provider } = vendors.connect('harbour-cafe');
  const filter = { status: [status], emails: null, expiresBefore: null };
  const { rows } = await provider.invitePage(reading(withoutNames), page, filter);
  if (!rows[0]) throw new Error(`no invite that is ${status}`);
  return rows[0].item;
}

describe('Wix requests', () => {
  const reads: [string, (provider: Provider) => Promise<unknown>, Sent][] = [
    [
      'for the contributors of a site',
      (provider) => provider.staffPage(reading(withoutNames), page, everyone),
      get('/roles-management/v2/contributors/query', '', site),
    ],
    [
      'for some of them by the same list',
      (provider) => provider.staffByIds(reading(withoutNames), ['b7c4f2d0-6a91-4d6e-8f32-1c5e7a90d001']),
      get('/roles-management/v2/contributors/query', '', site),
    ],
    [
      'for the roles that a site may give',
      (provider) => provider.roles(reading()),
      get('/roles-management/roles', 'filter.roleLevel=SITE_LEVEL', owner),
    ],
    [
      'for the site',
      (provider) => provider.profile(reading()),
      post(
        '/site-list/v2/sites/query',
        {
          query: {
            filter: { id: { $eq: SITE }, namespace: { $in: ['WIX', 'HEADLESS'] } },
            cursorPaging: { limit: 1 },
          },
        },
        owner,
      ),
    ],
  ];

  it.each(reads)('are made %s', async (_what, ask, expected) => {
    const { provider, vendor } = vendors.connect('harbour-cafe');
    await ask(provider);
    expect(vendor.requests.map(sent)).toEqual([expected]);
    expect(vendor.requests).toMatchObject([{ status: 200 }]);
  });

  it('read only the name of a site whose Wix account is not configured', async () => {
    const { provider, vendor } = vendors.connect('globex-studio');
    expect(await provider.profile(reading())).toEqual({
      name: 'Globex Studio',
      url: null,
      status: 'UNKNOWN',
    });
    expect(vendor.requests).toMatchObject([
      {
        method: 'GET',
        path: '/site-properties/v4/properties',
        query: 'fields.paths=siteDisplayName',
        status: 200,
      },
    ]);
    expect(vendor.requests[0]?.headers).not.toHaveProperty('wix-account-id');
  });

  it('are not made for roles of a site whose Wix account is not configured', async () => {
    const { provider, vendor } = vendors.connect('globex-studio');
    await expect(provider.roles(reading())).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
    expect(vendor.requests).toEqual([]);
  });

  it('read role names for remembered invites only when names are selected', async () => {
    const filter = { status: ['PENDING' as const], emails: null, expiresBefore: null };
    const { provider, vendor } = vendors.connect('harbour-cafe');
    await provider.invitePage(reading(withoutNames), page, filter);
    expect(vendor.requests).toEqual([]);
    const { rows } = await provider.invitePage(reading(), page, filter);
    expect(vendor.requests.map(({ path }) => path)).toEqual(['/roles-management/roles']);
    expect(rows.flatMap(({ item }) => item.roles.map(({ name }) => name)).sort()).toEqual([
      'Front desk',
      'Website Manager',
    ]);
  });

  it.each([
    [null, {}],
    ['pt-BR', { defaultEmailLanguage: 'pt-BR' }],
  ])('resend an invite in the language %s', async (language, body) => {
    const invite = await remembered('PENDING');
    const { provider, vendor } = vendors.connect('harbour-cafe');
    expect(await provider.resend(invite, { ...plainly, language })).toMatchObject({ kind: 'ok' });
    expect(vendor.requests.map(sent)).toEqual([
      post(`/invites/site-invite/${localIdOf(invite.id)}/resend`, body, site),
    ]);
  });

  it('revoke an invite', async () => {
    const invite = await remembered('PENDING');
    const { provider, vendor } = vendors.connect('harbour-cafe');
    expect(await provider.revoke(invite, plainly)).toMatchObject({
      kind: 'ok',
      value: { status: 'REVOKED' },
    });
    expect(vendor.requests.map(sent)).toEqual([
      post(`/invites/site-invite/${localIdOf(invite.id)}/revoke`, {}, site),
    ]);
  });

  it('invite one person', async () => {
    const { provider, vendor } = vendors.connect('harbour-cafe');
    const invitee = { email: 'New@harbour-cafe.example', firstName: '', lastName: '', roleIds: [manager] };
    const outcome = await provider.create(invitee, { ...plainly, language: 'en' });
    expect(outcome).toMatchObject({
      kind: 'ok',
      value: { status: 'PENDING', email: 'New@harbour-cafe.example' },
    });
    expect(vendor.requests.map(sent)).toEqual([
      post(
        '/invites/site-invite/bulk',
        { policyIds: [manager], emails: ['New@harbour-cafe.example'], defaultEmailLanguage: 'en' },
        site,
      ),
    ]);
  });

  it('invite a person again after expiry, with the remembered roles', async () => {
    const invite = await remembered('EXPIRED');
    const { provider, vendor } = vendors.connect('harbour-cafe');
    const outcome = await provider.sendNew(invite, plainly);
    expect(vendor.requests.map(sent)).toEqual([
      post(
        '/invites/site-invite/bulk',
        { policyIds: invite.roles.map(({ id }) => id), emails: [invite.email] },
        site,
      ),
    ]);
    expect(outcome.kind === 'ok' && outcome.value.id).not.toBe(invite.id);
  });

  it('are never made for a link: Wix shows it only to the sender of the invite', async () => {
    const { provider, vendor } = vendors.connect('harbour-cafe');
    await expect(provider.reveal(reading(), SITE)).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
    expect(vendor.requests).toEqual([]);
  });
});

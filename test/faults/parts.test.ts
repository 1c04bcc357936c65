import type { BodyChange, VendorName } from '../../src/emulators/start';
import type { Rollcall } from '../support/start';
import { readList } from '../support/list-queries';
import { FAILING_ACCOUNTS, useVendorFixture } from '../support/vendor-fixture';

const stage = useVendorFixture();
const CHANGES = ['remove', 'null', 'retype'] as const;

const PROFILE = `query ($id: ID!) {
  account(id: $id) { name status url connection { state } roles { id name } }
}`;

async function readAccount(rollcall: Rollcall, id: string) {
  const { data, errors } = await rollcall.query(PROFILE, { id });
  if (!data?.account) throw new Error(`no account: ${JSON.stringify(errors)}`);
  const { connection, ...account } = data.account;
  return { account, connection, codes: errors.map(({ path, extensions }) => [path, extensions?.['code']]) };
}

const unknown = { name: null, status: 'UNKNOWN', url: null };

/** Account, route, field, and what its loss costs of the account. */
const FIELDS: readonly (readonly [VendorName, account: string, route: string, field: string, object])[] = [
  ['ecwid', 'harbor-tea', 'GET */profile', 'settings', { name: 'Harbor Tea Ltd' }],
  ['ecwid', 'harbor-tea', 'GET */profile', 'settings.storeName', { name: 'Harbor Tea Ltd' }],
  ['ecwid', 'harbor-tea', 'GET */profile', 'company.companyName', {}],
  ['ecwid', 'harbor-tea', 'GET */profile', 'generalInfo', { url: null }],
  ['ecwid', 'harbor-tea', 'GET */profile', 'generalInfo.storeUrl', { url: null }],
  ['ecwid', 'harbor-tea', 'GET */profile', 'account', { status: 'UNKNOWN' }],
  ['ecwid', 'harbor-tea', 'GET */profile', 'account.suspended', { status: 'UNKNOWN' }],
  ['softwareone', 'contoso', 'GET */accounts/accounts/*', 'name', { name: null }],
  ['softwareone', 'contoso', 'GET */accounts/accounts/*', 'status', { status: 'UNKNOWN' }],
  ['softwareone', 'contoso', 'GET */accounts/accounts/*', 'website', { url: null }],
  ['softwareone', 'contoso', 'GET */user-groups', 'data.*.name', { roles: named(null) }],
  ['softwareone', 'contoso', 'GET */user-groups', 'data.*.id', { roles: [] }],
  ['softwareone', 'contoso', 'GET */user-groups', '$meta', {}],
  ['wix', 'harbour-cafe', 'POST */sites/query', 'sites', unknown],
  ['wix', 'harbour-cafe', 'POST */sites/query', 'sites.0', unknown],
  ['wix', 'harbour-cafe', 'POST */sites/query', 'sites.0.displayName', { name: 'harbour-cafe' }],
  ['wix', 'harbour-cafe', 'POST */sites/query', 'sites.0.viewUrl', { url: null }],
  ['wix', 'harbour-cafe', 'POST */sites/query', 'sites.0.blocked', { status: 'UNKNOWN' }],
  ['wix', 'globex-studio', 'GET */properties', 'properties', { name: null }],
  ['wix', 'globex-studio', 'GET */properties', 'properties.siteDisplayName', { name: null }],
];

function named(name: string | null) {
  return [{ id: 'UGR-6104-2288' }, { id: 'UGR-6104-2290' }, { id: 'UGR-6104-2295' }].map((role) => ({
    ...role,
    name,
  }));
}

describe('partial results: an account field that is missing, null or of another type', () => {
  it.each(FIELDS)(
    'loses that field only: at %s, %s: %s, %s',
    async (vendor, id, route, field, difference) => {
      const rollcall = await stage.start({ limits: { cacheTtl: '0s', staleTtl: '0s' } });
      const before = await readAccount(rollcall, id);
      for (const change of CHANGES) {
        stage.emulators[vendor].faults.add({
          kind: 'patchBody',
          changes: [{ path: field, change }],
          route,
          times: 1,
        });
        const after = await readAccount(rollcall, id);
        expect({ change, ...after }).toEqual({
          change,
          ...before,
          account: { ...before.account, ...difference },
        });
        expect(stage.emulators[vendor].faults.list()).toEqual([]);
      }
    },
  );
});

describe('partial results: an account whose roles cannot be read', () => {
  const BROKEN: readonly (readonly [VendorName, route: string, changes: readonly BodyChange[]])[] = [
    ['ecwid', 'GET */staffScopes', [{ path: 'staffScopes', change: 'retype' }]],
    ['softwareone', 'GET */user-groups', [{ path: 'data', change: 'null' }]],
    [
      'wix',
      'GET */roles',
      [
        { path: 'predefinedRoles', change: 'remove' },
        { path: 'customRoles', change: 'remove' },
      ],
    ],
  ];

  it.each(BROKEN)(
    'has all its other fields, and an error for its roles: %s',
    async (vendor, route, changes) => {
      const rollcall = await stage.start({ limits: { cacheTtl: '0s', staleTtl: '0s' } });
      const id = FAILING_ACCOUNTS[vendor];
      const before = await readAccount(rollcall, id);
      expect(before.account.roles?.length).toBeGreaterThan(0);
      stage.emulators[vendor].faults.add({ kind: 'patchBody', changes, route });
      const { account, codes } = await readAccount(rollcall, id);
      expect(account).toEqual({ ...before.account, roles: null });
      expect(codes).toEqual([[['account', 'roles'], 'VENDOR_PROTOCOL']]);
    },
  );
});

describe('partial results: role names', () => {
  it('are missing alone when they cannot be read: Wix invites keep their role ids', async () => {
    const rollcall = await stage.start({ limits: { readTimeout: '300ms' } });
    stage.emulators.wix.faults.add({ kind: 'hang', route: 'GET */roles' });
    const { data, errors } = await rollcall.query(
      '{ invites(filter: { accountIds: ["harbour-cafe"] }) { nodes { roles { id name } } sources { state code } } }',
    );
    expect(errors).toEqual([]);
    expect(data?.invites?.sources).toEqual([{ state: 'FRESH', code: null }]);
    const roles = data?.invites?.nodes.flatMap((invite) => invite.roles) ?? [];
    expect(roles.length).toBeGreaterThan(4);
    expect(new Set(roles.map(({ name }) => name))).toEqual(new Set([null]));
  });
});

describe('partial results: 403 for one resource', () => {
  const RESOURCES: readonly (readonly [VendorName, route: string, body: object])[] = [
    ['ecwid', 'GET */profile', { errorCode: 'ACCESS_DENIED', errorMessage: 'no read_store_profile' }],
    ['softwareone', 'GET */accounts/accounts/*', { type: 'about:blank', status: 403, title: 'Forbidden' }],
    ['wix', 'POST */sites/query', { details: { applicationError: { code: 'PERMISSION_DENIED' } } }],
  ];

  it.each(RESOURCES)('affects that resource, and never the account: %s', async (vendor, route, body) => {
    const rollcall = await stage.start({ limits: { cacheTtl: '0s' } });
    const id = FAILING_ACCOUNTS[vendor];
    stage.emulators[vendor].faults.add({ kind: 'status', status: 403, body, route });
    for (let times = 1; times <= 7; times++) {
      const { account, connection, codes } = await readAccount(rollcall, id);
      expect({ times, account, connection, codes }).toMatchObject({
        times,
        account: unknown,
        connection: { state: 'OK' },
        codes: [],
      });
    }
    const { sources } = await readList(rollcall, 'staffMembers', { accountIds: [id] });
    expect(sources[id]).toMatchObject({ state: 'FRESH', code: null });
  });
});

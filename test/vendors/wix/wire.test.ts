import { wixDialect } from '../../../src/vendors/wix/client';
import {
  answered,
  toProfile,
  toRole,
  toStaffMember,
  toUnreadableInvite,
} from '../../../src/vendors/wix/mapper';
import {
  readBulkAnswer,
  readContributors,
  readInviteAnswer,
  readRefusal,
  readRoles,
  readSite,
  readSiteName,
} from '../../../src/vendors/wix/wire';
import { bulk, contributors, refusal, resent, roles, sites } from './samples';

const ID = '0f5e3a1c-7c52-4c0e-9a66-3d1f2b7f0001';

describe('Wix responses', () => {
  it.each([null, {}, [], 'x', { invite: null }, { invite: {} }, { invite: { id: 7, status: 'Pending' } }])(
    'of a resend without the id of the invite are refused: %j',
    (body) => {
      expect(readInviteAnswer(body)).toBeNull();
    },
  );

  it('of a bulk invite are its invites and the addresses that failed', () => {
    expect(readBulkAnswer(bulk)).toMatchObject({
      invites: [{ id: ID, email: 'nora.lind@example.test', status: 'Pending' }],
      failedEmails: ['bad@'],
    });
    expect(readBulkAnswer({ invites: [] })).toEqual({ invites: [], failedEmails: [] });
    for (const body of [null, {}, [], { invites: {} }, 'x']) expect(readBulkAnswer(body)).toBeNull();
  });

  it('of contributors are ids, without rows that have none', () => {
    expect(readContributors(contributors)).toEqual(['b7c4f2d0-6a91-4d6e-8f32-1c5e7a90d001']);
    expect(readContributors({ contributors: [null, {}, { accountId: 7 }, { accountId: 'a' }] })).toEqual([
      'a',
    ]);
    for (const body of [null, {}, [], { contributors: null }]) expect(readContributors(body)).toBeNull();
  });

  it('of roles are both kinds, without those that no site may assign', () => {
    expect(readRoles(roles)?.map(toRole)).toEqual([
      { id: '6601492336091027458', name: 'Owner' },
      { id: '7046409866117400001', name: 'Front desk' },
    ]);
    const barred = readRoles({
      customRoles: [{ id: '1', title: 'A', restrictFromLevel: 'Site' }, { title: 'B' }],
    });
    expect(barred?.map(toRole)).toEqual([null]);
    expect(readRoles({})).toBeNull();
  });

  it('of a site are its name, its URL and whether it is usable', () => {
    const site = (more: object) => {
      const read = readSite({ sites: [{ ...sites.sites[0], ...more }] });
      return read && toProfile(read);
    };
    expect(site({})).toEqual({ name: 'Harbour Cafe', url: null, status: 'UNKNOWN' });
    expect(site({ viewUrl: 'https://cafe.example/', blocked: false })).toEqual({
      name: 'Harbour Cafe',
      url: 'https://cafe.example/',
      status: 'ACTIVE',
    });
    expect(site({ displayName: '', viewUrl: '', blocked: true })).toEqual({
      name: 'harbour-cafe',
      url: null,
      status: 'SUSPENDED',
    });
    expect(site({ blocked: false, trashedDate: '2026-01-01T00:00:00Z' })?.status).toBe('DISABLED');
    for (const body of [null, {}, { sites: [] }, { sites: [null] }, { sites: {} }])
      expect(readSite(body)).toBeNull();
    expect(readSiteName({ version: '1', properties: { siteDisplayName: 'Studio' } })).toEqual({
      name: 'Studio',
    });
    expect(readSiteName({})).toBeNull();
  });

  it('of a person are an id, and the address of the accepted invite', () => {
    const used = readInviteAnswer({ invite: { ...resent.invite, status: 'Used' } });
    const invite = used && answered(toUnreadableInvite('cafe', ID), used);
    expect(toStaffMember('cafe', 'b7c4f2d0-6a91-4d6e-8f32-1c5e7a90d001', invite)).toMatchObject({
      id: 'cafe:b7c4f2d0-6a91-4d6e-8f32-1c5e7a90d001',
      externalId: 'b7c4f2d0-6a91-4d6e-8f32-1c5e7a90d001',
      name: null,
      email: 'nora.lind@example.test',
      status: 'ACTIVE',
      roles: [],
      fullAccess: null,
      invite,
    });
  });
});

describe('Wix responses: a refusal', () => {
  it.each([
    [refusal, 'NOT_FOUND'],
    [
      { message: '', details: { applicationError: { code: 'PERMISSION_DENIED', description: '' } } },
      'PERMISSION_DENIED',
    ],
    [
      {
        details: { validationError: { fieldViolations: [{ field: 'emails', ruleName: 'REQUIRED_FIELD' }] } },
      },
      'REQUIRED_FIELD',
    ],
    [{ message: '', details: {} }, null],
    [null, null],
  ])('%j has the code %s', (body, code) => {
    expect(readRefusal(body)).toEqual({ code, requestId: null });
  });

  it('with 403 concerns the credential only if it says so', () => {
    const { refusesCredential } = wixDialect('https://www.wixapis.com', 'x');
    expect(refusesCredential({ status: 403, code: 'PERMISSION_DENIED', empty: false })).toBe(false);
    expect(refusesCredential({ status: 403, code: null, empty: true })).toBe(false);
    expect(refusesCredential({ status: 403, code: 'UNAUTHENTICATED', empty: false })).toBe(true);
  });
});

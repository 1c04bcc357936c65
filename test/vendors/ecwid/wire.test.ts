import { ecwidDialect } from '../../../src/vendors/ecwid/client';
import { toProfile } from '../../../src/vendors/ecwid/mapper';
import { readDeleteCount, readProfile, readStaffScopes, readSuccess } from '../../../src/vendors/ecwid/wire';
import { storeProfile } from './samples';

describe('Ecwid responses: the profile', () => {
  const profile = (body: unknown) => {
    const read = readProfile(body);
    return read && toProfile(read);
  };

  it('of the documentation becomes an account', () => {
    expect(profile(storeProfile)).toEqual({
      name: 'Harbor Tea',
      url: 'https://harbor-tea.example/',
      status: 'ACTIVE',
    });
  });

  it.each([
    [{ settings: { storeName: 'A' }, company: { companyName: 'B' }, account: { accountName: 'C' } }, 'A'],
    [{ settings: { storeName: '' }, company: { companyName: 'B' }, account: { accountName: 'C' } }, 'B'],
    [{ settings: null, company: 7, account: { accountName: 'C' } }, 'C'],
    [{}, null],
  ])('has the name of the store, else the company, else the owner: %j', (body, name) => {
    expect(profile(body)?.name).toBe(name);
  });

  it.each([
    [{ account: { suspended: true } }, 'SUSPENDED'],
    [{ account: { suspended: false } }, 'ACTIVE'],
    [{ account: { suspended: 'false' } }, 'UNKNOWN'],
    [{}, 'UNKNOWN'],
  ])('has the status of the store: %j', (body, status) => {
    expect(profile(body)?.status).toBe(status);
  });

  it.each(['javascript:alert(1)', 'ftp://x.example', '/relative', 'x', 7, null])(
    'has no URL in %j',
    (storeUrl) => {
      expect(profile({ generalInfo: { storeUrl } })?.url).toBeNull();
    },
  );

  it.each([null, [], 'x', 7])('is refused in %j', (body) => {
    expect(readProfile(body)).toBeNull();
  });
});

describe('Ecwid responses: small responses', () => {
  it.each([
    [{ success: true }, { done: true }],
    [{ success: false }, { done: false }],
    [{ success: 'true' }, null],
    [{}, null],
    [null, null],
    [[], null],
  ])('parse success: %j', (body, read) => {
    expect(readSuccess(body)).toEqual(read);
  });

  it.each([
    [{ deleteCount: 1 }, { done: true }],
    [{ deleteCount: 0 }, { done: false }],
    [{ deleteCount: '1' }, null],
    [{ deleteCount: 2 }, null],
    [{}, null],
  ])('parse deleteCount: %j', (body, read) => {
    expect(readDeleteCount(body)).toEqual(read);
  });

  it('parse staffScopes: a set of texts, or null for an invalid list', () => {
    const scopes = ['SALES_MANAGEMENT', 'CATALOG_MANAGEMENT', 'REPORT_ACCESS'];
    expect(readStaffScopes({ staffScopes: scopes })).toEqual(scopes);
    expect(readStaffScopes({ staffScopes: ['A', 7, null, ''] })).toEqual(['A']);
    expect(readStaffScopes({})).toBeNull();
  });
});

describe('Ecwid responses: a refusal', () => {
  const { readRefusal, refusesCredential } = ecwidDialect('https://app.ecwid.com/api/v3', 'x');

  it.each([
    [{ errorMessage: 'Store not found', errorCode: 'STORE_NOT_FOUND' }, 'STORE_NOT_FOUND'],
    [{ error: 'OTHER', errorMessage: '...' }, null],
    [{ error_message: '...' }, null],
    [{ errorCode: 7 }, null],
    [{ errorCode: `<b>${'x'.repeat(100)}` }, null],
    [null, null],
  ])('%j has the code %s', (body, code) => {
    expect(readRefusal(body)).toEqual({ code, requestId: null });
  });

  it.each([
    [{ status: 403, code: null, empty: true }, true],
    [{ status: 403, code: 'INVALID_API_TOKEN', empty: false }, true],
    [{ status: 403, code: 'INSUFFICIENT_APP_SCOPE', empty: false }, false],
    [{ status: 403, code: null, empty: false }, false],
  ])('%j concerns the credential: %s', (refusal, ofCredential) => {
    expect(refusesCredential(refusal)).toBe(ofCredential);
  });
});

import type { Dialect, VendorCall } from '../call';
import { path } from '../path';
import type { WriteOptions } from '../provider';
import type { Asking } from '../shared-reads';
import { field, word } from '../wire';
import { readDeleteCount, readProfile, readStaffList, readStaffScopes, readSuccess } from './wire';

/** Every Ecwid endpoint we call, one line each: https://docs.ecwid.com, "Staff accounts" and "Store profile". */
export const createEcwidClient = (call: VendorCall, store: string) => ({
  listStaff: (responseFields: string, asking: Asking) =>
    call.read(
      {
        operation: 'listStaff',
        method: 'GET',
        path: path`/${store}/staff`,
        query: `responseFields=${responseFields}`,
        parse: readStaffList,
      },
      asking,
    ),
  getProfile: (responseFields: string, asking: Asking) =>
    call.read(
      {
        operation: 'getProfile',
        method: 'GET',
        path: path`/${store}/profile`,
        query: `responseFields=${responseFields}`,
        parse: readProfile,
      },
      asking,
    ),
  listStaffScopes: (asking: Asking) =>
    call.read(
      {
        operation: 'listStaffScopes',
        method: 'GET',
        path: path`/${store}/profile/staffScopes`,
        parse: readStaffScopes,
      },
      asking,
    ),
  createStaff: (email: string, staffScopes: readonly string[], options: WriteOptions) =>
    call.write(
      {
        operation: 'createStaff',
        method: 'POST',
        path: path`/${store}/staff`,
        body: { email, staffScopes },
        parse: readSuccess,
      },
      options,
    ),
  resendInvite: (email: string, options: WriteOptions) =>
    call.write(
      {
        operation: 'resendInvite',
        method: 'POST',
        path: path`/${store}/staff/invite`,
        body: { email },
        parse: readSuccess,
      },
      options,
    ),
  cancelInvite: (email: string, options: WriteOptions) =>
    call.write(
      {
        operation: 'cancelInvite',
        method: 'DELETE',
        path: path`/${store}/staff/invite`,
        body: { email },
        parse: readDeleteCount,
      },
      options,
    ),
});

/** Ecwid's HTTP: a dead token is answered by a 403 without a body as often as by a code. */
export const ecwidDialect = (baseUrl: string, token: string): Dialect => ({
  vendor: 'ECWID',
  baseUrl,
  headers: { authorization: `Bearer ${token}` },
  readRefusal: (body) => ({ code: word(field(body, 'errorCode')), requestId: null }),
  refusesCredential: ({ code, empty }) => empty || code === 'INVALID_API_TOKEN',
  requestIdHeader: null,
});

import type { Dialect, VendorCall } from '../call';
import { path } from '../path';
import type { Reading, WriteOptions } from '../provider';
import { field, word } from '../wire';
import { readDeleteCount, readProfile, readStaffList, readStaffScopes, readSuccess } from './wire';

/** Every Ecwid endpoint we call, one line each: https://docs.ecwid.com, "Staff accounts" and "Store profile". */
export const createEcwidClient = (call: VendorCall, store: string) => ({
  listStaff: (responseFields: string, reading: Reading) =>
    call.read(
      {
        method: 'GET',
        path: path`/${store}/staff`,
        query: `responseFields=${responseFields}`,
        parse: readStaffList,
      },
      reading,
    ),
  getProfile: (responseFields: string, reading: Reading) =>
    call.read(
      {
        method: 'GET',
        path: path`/${store}/profile`,
        query: `responseFields=${responseFields}`,
        parse: readProfile,
      },
      reading,
    ),
  listStaffScopes: (reading: Reading) =>
    call.read({ method: 'GET', path: path`/${store}/profile/staffScopes`, parse: readStaffScopes }, reading),
  createStaff: (email: string, staffScopes: readonly string[], options: WriteOptions) =>
    call.write(
      { method: 'POST', path: path`/${store}/staff`, body: { email, staffScopes }, parse: readSuccess },
      options,
    ),
  resendInvite: (email: string, options: WriteOptions) =>
    call.write(
      { method: 'POST', path: path`/${store}/staff/invite`, body: { email }, parse: readSuccess },
      options,
    ),
  cancelInvite: (email: string, options: WriteOptions) =>
    call.write(
      { method: 'DELETE', path: path`/${store}/staff/invite`, body: { email }, parse: readDeleteCount },
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

import type { Dialect, VendorCall } from '../call';
import { path } from '../path';
import type { Invitee, Reading, WriteOptions } from '../provider';
import type { Rql } from './rql';
import {
  readAccount,
  readGroupPage,
  readInvitation,
  readMembership,
  readMembershipPage,
  readProblem,
} from './wire';

/** Which page of which rows, with which fields. */
export interface CollectionQuery {
  readonly select: string;
  readonly filter: Rql | null;
  readonly limit: number;
  readonly offset: number;
}

/** Every SoftwareOne endpoint we call: https://docs.platform.softwareone.com, "Accounts API". */
export const createSoftwareOneClient = (call: VendorCall) => ({
  listAccountUsers: (query: CollectionQuery, reading: Reading) =>
    call.read(
      {
        method: 'GET',
        path: '/accounts/account-users',
        query: queryString(query),
        parse: readMembershipPage,
      },
      reading,
    ),
  getAccount: (id: string, select: string, reading: Reading) =>
    call.read(
      { method: 'GET', path: path`/accounts/accounts/${id}`, query: `select=${select}`, parse: readAccount },
      reading,
    ),
  listUserGroups: (query: CollectionQuery, reading: Reading) =>
    call.read(
      { method: 'GET', path: '/accounts/user-groups', query: queryString(query), parse: readGroupPage },
      reading,
    ),
  getInvitation: (id: string, reading: Reading) =>
    call.read(
      {
        method: 'GET',
        path: path`/accounts/account-users/${id}`,
        query: 'select=-*,id,account.id,invitation,audit',
        parse: readInvitation,
      },
      reading,
    ),
  createAccountUser: ({ roleIds, ...user }: Invitee, accountId: string, options: WriteOptions) =>
    call.write(
      {
        method: 'POST',
        path: '/accounts/account-users',
        body: {
          user,
          account: { id: accountId },
          groups: roleIds.map((id) => ({ id })),
          invitation: { status: 'Invited' },
        },
        parse: readMembership,
      },
      options,
    ),
  resendInvite: (id: string, options: WriteOptions) =>
    call.write(
      { method: 'POST', path: path`/accounts/account-users/${id}/resend-invite`, parse: readMembership },
      options,
    ),
  sendNewInvite: (id: string, options: WriteOptions) =>
    call.write(
      { method: 'POST', path: path`/accounts/account-users/${id}/send-new-invite`, parse: readMembership },
      options,
    ),
  deleteAccountUser: (id: string, options: WriteOptions) =>
    call.write({ method: 'DELETE', path: path`/accounts/account-users/${id}`, parse: () => ({}) }, options),
});

/** SoftwareOne's HTTP. */
export const softwareOneDialect = (baseUrl: string, token: string): Dialect => ({
  vendor: 'SOFTWAREONE',
  baseUrl,
  headers: { authorization: `Bearer ${token}` },
  readRefusal: readProblem,
  refusesCredential: () => false,
  requestIdHeader: null,
});

// The filter is a bare part of the query string: as a parameter's value it is a 400.
const queryString = ({ select, filter, limit, offset }: CollectionQuery): string =>
  [`select=${select}`, filter, 'order=id', `limit=${limit}`, `offset=${offset}`]
    .filter((part) => part !== null)
    .join('&');

import type { Dialect, VendorCall } from '../call';
import { path } from '../path';
import type { Invitee, WriteOptions } from '../provider';
import type { Asking } from '../shared-reads';
import type { Rql } from './rql';
import {
  readAccount,
  readGroupPage,
  readInvitation,
  readWritten,
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
  listAccountUsers: (query: CollectionQuery, asking: Asking) =>
    call.read(
      {
        operation: 'listAccountUsers',
        method: 'GET',
        path: '/accounts/account-users',
        query: queryString(query),
        parse: readMembershipPage,
      },
      asking,
    ),
  getAccount: (id: string, select: string, asking: Asking) =>
    call.read(
      {
        operation: 'getAccount',
        method: 'GET',
        path: path`/accounts/accounts/${id}`,
        query: `select=${select}`,
        parse: readAccount,
      },
      asking,
    ),
  listUserGroups: (query: CollectionQuery, asking: Asking) =>
    call.read(
      {
        operation: 'listUserGroups',
        method: 'GET',
        path: '/accounts/user-groups',
        query: queryString(query),
        parse: readGroupPage,
      },
      asking,
    ),
  getInvitation: (id: string, asking: Asking) =>
    call.read(
      {
        operation: 'getInvitation',
        method: 'GET',
        path: path`/accounts/account-users/${id}`,
        query: 'select=-*,id,account.id,invitation,audit',
        parse: readInvitation,
      },
      asking,
    ),
  createAccountUser: ({ roleIds, ...user }: Invitee, accountId: string, options: WriteOptions) =>
    call.write(
      {
        operation: 'createAccountUser',
        method: 'POST',
        path: '/accounts/account-users',
        body: {
          user,
          account: { id: accountId },
          groups: roleIds.map((id) => ({ id })),
          invitation: { status: 'Invited' },
        },
        parse: readWritten,
      },
      options,
    ),
  resendInvite: (id: string, options: WriteOptions) =>
    call.write(
      {
        operation: 'resendInvite',
        method: 'POST',
        path: path`/accounts/account-users/${id}/resend-invite`,
        parse: readWritten,
      },
      options,
    ),
  sendNewInvite: (id: string, options: WriteOptions) =>
    call.write(
      {
        operation: 'sendNewInvite',
        method: 'POST',
        path: path`/accounts/account-users/${id}/send-new-invite`,
        parse: readWritten,
      },
      options,
    ),
  deleteAccountUser: (id: string, options: WriteOptions) =>
    call.write(
      {
        operation: 'deleteAccountUser',
        method: 'DELETE',
        path: path`/accounts/account-users/${id}`,
        parse: () => ({}),
      },
      options,
    ),
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

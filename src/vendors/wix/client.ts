import type { Dialect, VendorCall } from '../call';
import { path } from '../path';
import type { WriteOptions } from '../provider';
import type { Asking } from '../shared-reads';
import {
  readBulkAnswer,
  readContributors,
  readInviteAnswer,
  readRefusal,
  readRoles,
  readSite,
  readSiteName,
} from './wire';

/** Every Wix endpoint we call: https://dev.wix.com/docs/api-reference/account-level/user-management */
export function createWixClient(call: VendorCall, siteId: string, accountId: string | null) {
  // One of the two, never both: Wix's rule for API keys.
  const site = { 'wix-site-id': siteId };
  const account = { 'wix-account-id': accountId ?? '' };
  const language = ({ language }: WriteOptions) =>
    language === null ? {} : { defaultEmailLanguage: language };

  return {
    queryContributors: (asking: Asking) =>
      call.read(
        {
          operation: 'queryContributors',
          method: 'GET',
          path: '/roles-management/v2/contributors/query',
          headers: site,
          parse: readContributors,
        },
        asking,
      ),
    getRoles: (asking: Asking) =>
      call.read(
        {
          operation: 'getRoles',
          method: 'GET',
          path: '/roles-management/roles',
          query: 'filter.roleLevel=SITE_LEVEL',
          headers: account,
          parse: readRoles,
        },
        asking,
      ),
    querySite: (asking: Asking) =>
      call.read(
        {
          operation: 'querySite',
          method: 'POST',
          path: '/site-list/v2/sites/query',
          headers: account,
          // Without a namespace Wix shows sites of its editor alone.
          body: {
            query: {
              filter: { id: { $eq: siteId }, namespace: { $in: ['WIX', 'HEADLESS'] } },
              cursorPaging: { limit: 1 },
            },
          },
          parse: readSite,
        },
        asking,
      ),
    getSiteName: (asking: Asking) =>
      call.read(
        {
          operation: 'getSiteName',
          method: 'GET',
          path: '/site-properties/v4/properties',
          query: 'fields.paths=siteDisplayName',
          headers: site,
          parse: readSiteName,
        },
        asking,
      ),
    bulkInvite: (email: string, policyIds: readonly string[], options: WriteOptions) =>
      call.write(
        {
          operation: 'bulkInvite',
          method: 'POST',
          path: '/invites/site-invite/bulk',
          headers: site,
          body: { policyIds, emails: [email], ...language(options) },
          parse: readBulkAnswer,
        },
        options,
      ),
    resendInvite: (inviteId: string, options: WriteOptions) =>
      call.write(
        {
          operation: 'resendInvite',
          method: 'POST',
          path: path`/invites/site-invite/${inviteId}/resend`,
          headers: site,
          body: language(options),
          parse: readInviteAnswer,
        },
        options,
      ),
    revokeInvite: (inviteId: string, options: WriteOptions) =>
      call.write(
        {
          operation: 'revokeInvite',
          method: 'POST',
          path: path`/invites/site-invite/${inviteId}/revoke`,
          headers: site,
          body: {},
          parse: () => ({}),
        },
        options,
      ),
  };
}

/** Wix's HTTP: the raw API key, without `Bearer`. A 403 may be of one permission, and may say nothing. */
export const wixDialect = (baseUrl: string, apiKey: string): Dialect => ({
  vendor: 'WIX',
  baseUrl,
  headers: { authorization: apiKey },
  readRefusal,
  refusesCredential: ({ code }) => code === 'UNAUTHENTICATED',
  requestIdHeader: 'x-wix-request-id',
});

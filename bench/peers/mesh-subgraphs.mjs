/** The vendors' REST endpoints as Mesh describes them: each a field of a subgraph, with the shape of its answer. */
import { loadJSONSchemaSubgraph } from '@omnigraph/json-schema';

const text = { type: 'string' };
const flag = { type: 'boolean' };
const number = { type: 'integer' };
const list = (items) => ({ type: 'array', items });
const object = (title, properties) => ({ type: 'object', title, properties });
const instant = (title) => object(title, { at: text });

const membership = object('SwoMembership', {
  id: text,
  user: object('SwoUser', { name: text, email: text, status: text }),
  invitation: object('SwoInvitation', { status: text }),
  audit: object('SwoAudit', {
    created: instant('SwoCreated'),
    invited: instant('SwoInvited'),
    joined: instant('SwoJoined'),
  }),
});

export const ecwid = ({ baseUrl }) =>
  loadJSONSchemaSubgraph('Ecwid', {
    endpoint: baseUrl,
    operationHeaders: { Authorization: 'Bearer {args.token}' },
    operations: [
      {
        type: 'Query',
        field: 'ecwidStaff',
        path: '/{args.store}/staff',
        method: 'GET',
        argTypeMap: { token: text, store: text },
        responseSchema: object('EcwidStaffList', {
          staffList: list(object('EcwidStaff', { id: text, name: text, email: text, inviteAccepted: flag })),
        }),
      },
      {
        type: 'Query',
        field: 'ecwidProfile',
        path: '/{args.store}/profile',
        method: 'GET',
        argTypeMap: { token: text, store: text },
        responseSchema: object('EcwidProfile', {
          settings: object('EcwidSettings', { storeName: text }),
          account: object('EcwidAccount', { suspended: flag }),
        }),
      },
      {
        type: 'Mutation',
        field: 'ecwidResend',
        path: '/{args.store}/staff/invite',
        method: 'POST',
        argTypeMap: { token: text, store: text },
        requestSchema: object('EcwidResend', { email: text }),
        responseSchema: object('EcwidDone', { success: flag }),
      },
    ],
  });

export const softwareone = ({ baseUrl }) =>
  loadJSONSchemaSubgraph('SoftwareOne', {
    endpoint: baseUrl,
    operationHeaders: { Authorization: 'Bearer {args.token}' },
    operations: [
      {
        type: 'Query',
        field: 'swoMembers',
        path: '/accounts/account-users?select=audit,user&{args.filter}&order=id&limit={args.limit}',
        method: 'GET',
        argTypeMap: { token: text, filter: text, limit: number },
        responseSchema: object('SwoMembers', { data: list(membership) }),
      },
      {
        type: 'Query',
        field: 'swoAccount',
        path: '/accounts/accounts/{args.id}',
        method: 'GET',
        argTypeMap: { token: text, id: text },
        responseSchema: object('SwoAccount', { name: text, status: text }),
      },
      {
        type: 'Mutation',
        field: 'swoResend',
        path: '/accounts/account-users/{args.id}/resend-invite',
        method: 'POST',
        argTypeMap: { token: text, id: text },
        responseSchema: membership,
      },
    ],
  });

export const wix = ({ baseUrl }) =>
  loadJSONSchemaSubgraph('Wix', {
    endpoint: baseUrl,
    operationHeaders: { Authorization: '{args.token}' },
    operations: [
      {
        type: 'Query',
        field: 'wixContributors',
        path: '/roles-management/v2/contributors/query',
        method: 'GET',
        headers: { 'wix-site-id': '{args.site}' },
        argTypeMap: { token: text, site: text },
        responseSchema: object('WixContributors', {
          contributors: list(object('WixContributor', { accountId: text })),
        }),
      },
      {
        type: 'Query',
        field: 'wixSite',
        path: '/site-list/v2/sites/query',
        method: 'POST',
        headers: { 'wix-account-id': '{args.owner}' },
        argTypeMap: { token: text, owner: text },
        requestSchema: object('WixSiteQuestion', { query: { type: 'object', additionalProperties: true } }),
        responseSchema: object('WixSites', {
          sites: list(object('WixSite', { displayName: text, blocked: flag })),
        }),
      },
      {
        type: 'Mutation',
        field: 'wixResend',
        path: '/invites/site-invite/{args.id}/resend',
        method: 'POST',
        headers: { 'wix-site-id': '{args.site}' },
        argTypeMap: { token: text, site: text, id: text },
        responseSchema: object('WixResent', {
          invite: object('WixInvite', { id: text, email: text, status: text }),
        }),
      },
    ],
  });

import { isObject } from '../shell/json';
import type { SwoAccount, SwoMembership } from './model';
import type { View } from './membership-routes';
import { notFound, sees, type Parts } from './parts';
import { accountUserShape, membershipShape } from './shape';

/** `/accounts/account-users`: memberships by their own id. */
export function standaloneView({ directory, rows }: Parts): View {
  return {
    path: '/accounts/account-users',
    shape: membershipShape,
    row: rows.membership,
    list: (viewer) =>
      viewer.type === 'Operations' ? directory.memberships.values() : directory.membershipsIn(viewer.id),
    find: (viewer, { params }) => visible(viewer, directory.memberships.get(params['id'] ?? '')),
    target: (_request, { account }) =>
      isObject(account) && typeof account['id'] === 'string' ? account['id'] : undefined,
  };
}

/** `/accounts/accounts/{id}/users`: the same memberships by their user's id. */
export function scopedView(parts: Parts): View {
  const { directory, rows } = parts;
  return {
    path: '/accounts/accounts/:accountId/users',
    shape: accountUserShape,
    row: rows.accountUser,
    list: (viewer, { params }) => {
      const accountId = params['accountId'] ?? '';
      if (!sees(viewer, accountId) || !directory.accounts.has(accountId)) throw notFound(parts, accountId);
      return directory.membershipsIn(accountId);
    },
    find: (viewer, { params }) => {
      const held = [...directory.membershipsOf(params['id'] ?? '')];
      return visible(
        viewer,
        held.find(({ accountId }) => accountId === params['accountId']),
      );
    },
    target: ({ params }) => params['accountId'],
  };
}

const visible = (viewer: SwoAccount, membership: SwoMembership | undefined) =>
  membership && sees(viewer, membership.accountId) ? membership : undefined;

import { Refused, type Route, type VendorRequest } from '../shell/vendor';
import { listAnswer, rowAnswer } from './listing';
import type { SwoAccount, SwoUser } from './model';
import { notFound, sees, type Parts } from './parts';
import { accountShape, groupShape, userShape } from './shape';

/** Accounts, user groups and users, as far as the token's account may see them. */
export function directoryRoutes(parts: Parts): readonly Route[] {
  const { directory, rows, problems, enter } = parts;

  const accounts = (request: VendorRequest) => {
    const viewer = enter(request);
    const visible = [...directory.accounts.values()].filter(({ id }) => sees(viewer, id));
    return listAnswer(problems, request, visible.map(rows.account), accountShape);
  };

  const account = (request: VendorRequest) => {
    const viewer = enter(request);
    const id = request.params['id'] ?? '';
    const found = sees(viewer, id) ? directory.accounts.get(id) : undefined;
    if (!found) throw notFound(parts, id);
    return rowAnswer(problems, request, rows.account(found), accountShape);
  };

  const groups = (request: VendorRequest) => {
    const viewer = enter(request);
    const visible = [...directory.groups.values()].filter(({ accountId }) => sees(viewer, accountId));
    return listAnswer(problems, request, visible.map(rows.group), groupShape);
  };

  const users = (request: VendorRequest) =>
    listAnswer(problems, request, visibleUsers(enter(request)).map(rows.user), userShape);

  function visibleUsers(viewer: SwoAccount): SwoUser[] {
    if (viewer.type === 'Operations') return [...directory.users.values()];
    return Array.from(directory.membershipsIn(viewer.id)).flatMap(
      ({ userId }) => directory.users.get(userId) ?? [],
    );
  }

  function visibleUser(viewer: SwoAccount, idOrEmail: string): SwoUser {
    const user = directory.users.get(idOrEmail) ?? directory.userByEmail(idOrEmail);
    const held = user ? [...directory.membershipsOf(user.id)] : [];
    const visible = viewer.type === 'Operations' || held.some(({ accountId }) => accountId === viewer.id);
    if (!user || !visible) throw notFound(parts, idOrEmail);
    return user;
  }

  const user = (request: VendorRequest) => {
    const found = visibleUser(enter(request), request.params['id'] ?? '');
    return rowAnswer(problems, request, rows.user(found), userShape);
  };

  /** Blocking is global, so it is for the platform's own people. */
  const block = (blocked: boolean) => (request: VendorRequest) => {
    const viewer = enter(request);
    if (viewer.type !== 'Operations') throw new Refused(problems.plain(403));
    const found = visibleUser(viewer, request.params['id'] ?? '');
    found.blocked = blocked;
    return rowAnswer(problems, request, rows.user(found), userShape);
  };

  return [
    { method: 'GET', path: '/accounts/accounts', handle: accounts },
    { method: 'GET', path: '/accounts/accounts/:id', handle: account },
    { method: 'GET', path: '/accounts/user-groups', handle: groups },
    { method: 'GET', path: '/accounts/users', handle: users },
    { method: 'GET', path: '/accounts/users/:id', handle: user },
    { method: 'POST', path: '/accounts/users/:id/block', handle: block(true) },
    { method: 'POST', path: '/accounts/users/:id/unblock', handle: block(false) },
  ];
}

import type { JsonObject } from '../shell/json';
import type { Answer, Route, VendorRequest } from '../shell/vendor';
import { createMembership, readGroups, readJson } from './create-membership';
import { listAnswer, rowAnswer } from './listing';
import type { SwoAccount, SwoMembership } from './model';
import { mailInvitation, notFound, type Parts } from './parts';
import type { Row, Shape } from './shape';

/** One of the two views of memberships. */
export interface View {
  /** Where the list lives; a row lives under it at `/:id`. */
  readonly path: string;
  readonly shape: Shape;
  readonly row: (membership: SwoMembership) => Row;
  readonly list: (viewer: SwoAccount, request: VendorRequest) => Iterable<SwoMembership>;
  /** Only what the viewer may see. */
  readonly find: (viewer: SwoAccount, request: VendorRequest) => SwoMembership | undefined;
  readonly target: (request: VendorRequest, body: JsonObject) => string | undefined;
}

type Act = (membership: SwoMembership, viewer: SwoAccount, request: VendorRequest) => Answer | null;

/** The endpoints of a view: list, get, invite, remove, the three invitation verbs, groups. */
export function membershipRoutes(parts: Parts, view: View): readonly Route[] {
  const { directory, problems, enter } = parts;
  const { path, shape } = view;

  const list = (request: VendorRequest) =>
    listAnswer(problems, request, Array.from(view.list(enter(request), request), view.row), shape);

  const create = (request: VendorRequest) => {
    const viewer = enter(request);
    const membership = createMembership(parts, request, viewer, (body) => view.target(request, body));
    return rowAnswer(problems, request, view.row(membership), shape, 201);
  };

  /** Finds the membership, acts on it, and answers its row unless the act has an answer of its own. */
  const on = (act: Act) => (request: VendorRequest) => {
    const viewer = enter(request);
    const membership = view.find(viewer, request);
    if (!membership) throw notFound(parts, request.params['id'] ?? '');
    return act(membership, viewer, request) ?? rowAnswer(problems, request, view.row(membership), shape);
  };

  const remove: Act = (membership) => {
    directory.removeMembership(membership);
    return { status: 204 };
  };

  const accept: Act = (membership) => {
    // For a member this does nothing; for anybody else only the invited person could do it, and a token is none.
    if (directory.status(membership) === 'Active') return null;
    return problems.ruled('Accept failed', 'Invitation can be accepted by the invited user only', [
      'invitation',
    ]);
  };

  const resend: Act = (membership, viewer) => {
    const status = directory.status(membership);
    if (status !== 'Invited') return wrongState(parts, 'Resend failed', status);
    directory.invite(membership, signer(viewer));
    mailInvitation(parts, membership, 'resend');
    return null;
  };

  const sendNew: Act = (membership, viewer) => {
    const status = directory.status(membership);
    if (status !== 'InvitationExpired') return wrongState(parts, 'Send new invitation failed', status);
    directory.invite(membership, signer(viewer));
    mailInvitation(parts, membership, 'invite');
    return null;
  };

  const addGroup: Act = (membership, _viewer, request) => {
    const groups = readGroups(parts, membership.accountId, [readJson(parts, request)], 'Update failed');
    membership.groupIds = [...new Set([...membership.groupIds, ...groups])];
    return null;
  };

  const replaceGroups: Act = (membership, _viewer, request) => {
    membership.groupIds = readGroups(parts, membership.accountId, readJson(parts, request), 'Update failed');
    return null;
  };

  const removeGroup: Act = (membership, _viewer, { params }) => {
    const left = membership.groupIds.filter((id) => id !== params['groupId']);
    if (left.length === membership.groupIds.length) throw notFound(parts, params['groupId'] ?? '');
    if (left.length === 0)
      return problems.ruled('Update failed', 'The last group cannot be removed', ['groups']);
    membership.groupIds = left;
    return { status: 204 };
  };

  return [
    { method: 'GET', path, handle: list },
    { method: 'POST', path, handle: create },
    { method: 'GET', path: `${path}/:id`, handle: on(() => null) },
    { method: 'DELETE', path: `${path}/:id`, handle: on(remove) },
    { method: 'POST', path: `${path}/:id/accept-invite`, handle: on(accept) },
    { method: 'POST', path: `${path}/:id/resend-invite`, handle: on(resend) },
    { method: 'POST', path: `${path}/:id/send-new-invite`, handle: on(sendNew) },
    { method: 'POST', path: `${path}/:id/groups`, handle: on(addGroup) },
    { method: 'PUT', path: `${path}/:id/groups`, handle: on(replaceGroups) },
    { method: 'DELETE', path: `${path}/:id/groups/:groupId`, handle: on(removeGroup) },
  ];
}

const signer = ({ token }: SwoAccount) => ({ id: token.id, name: token.name });

/** What the platform answers in the wrong state is unknown; 400 is the only status specified besides 404. */
const wrongState = ({ problems }: Parts, title: string, status: string): Answer =>
  problems.ruled(title, `Invitation is in status ${status}`, ['invitation.status']);

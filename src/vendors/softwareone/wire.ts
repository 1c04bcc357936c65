import { count, field, instant, list, text, url, word } from '../wire';

/** An AccountUser: the membership of one user in one account, with its invitation. Its `url` is never read here. */
export interface SoftwareOneMembership {
  readonly id: string | null;
  readonly accountId: string | null;
  readonly userName: string | null;
  readonly userEmail: string | null;
  readonly userIcon: string | null;
  readonly userStatus: string | null;
  readonly invitationStatus: string | null;
  readonly groups: readonly SoftwareOneGroup[];
  readonly lastLoginAt: string | null;
  readonly created: string | null;
  readonly invited: string | null;
  readonly joined: string | null;
  readonly accepted: string | null;
}

/** A user group. */
export interface SoftwareOneGroup {
  readonly id: string;
  readonly name: string | null;
}

/** One page of a collection; `total` is null where the envelope does not say. */
export interface SoftwareOnePage<T> {
  /** As many as the vendor gave, so that pages can be counted by it: null for a row that is none. */
  readonly data: readonly (T | null)[];
  readonly total: number | null;
}

/** What we read of an Account. */
export interface SoftwareOneAccount {
  readonly name: string | null;
  readonly status: string | null;
  readonly website: string | null;
}

/** One AccountUser; null if it is no object. */
export function readMembership(body: unknown): SoftwareOneMembership | null {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null;
  const user = field(body, 'user');
  const audit = field(body, 'audit');
  return {
    id: text(field(body, 'id')),
    accountId: text(field(field(body, 'account'), 'id')),
    userName: text(field(user, 'name')),
    userEmail: text(field(user, 'email')),
    userIcon: url(field(user, 'icon')),
    userStatus: word(field(user, 'status')),
    invitationStatus: word(field(field(body, 'invitation'), 'status')),
    groups: readGroups(field(body, 'groups')),
    lastLoginAt: instant(field(body, 'lastLoginAt')),
    created: instant(field(field(audit, 'created'), 'at')),
    invited: instant(field(field(audit, 'invited'), 'at')),
    joined: instant(field(field(audit, 'joined'), 'at')),
    accepted: instant(field(audit, 'invitationAcceptedAt')),
  };
}

/** The AccountUser that a write answers with; null without its id: then nobody knows what answered. */
export function readWritten(body: unknown): SoftwareOneMembership | null {
  const membership = readMembership(body);
  return membership?.id == null ? null : membership;
}

/** A page of AccountUsers; null without its list. */
export const readMembershipPage = (body: unknown): SoftwareOnePage<SoftwareOneMembership> | null =>
  readPage(body, (row) => readMembership(row));

/** A page of user groups; null without its list. */
export const readGroupPage = (body: unknown): SoftwareOnePage<SoftwareOneGroup> | null =>
  readPage(body, readGroup);

/** An Account; null if it is no object. */
export const readAccount = (body: unknown): SoftwareOneAccount | null =>
  typeof body !== 'object' || body === null || Array.isArray(body)
    ? null
    : {
        name: text(field(body, 'name')),
        status: word(field(body, 'status')),
        website: url(field(body, 'website')),
      };

/** A membership with `invitation.url`, the link that accepts its invite: nothing else reads that. */
export function readInvitation(
  body: unknown,
): { membership: SoftwareOneMembership; link: string | null } | null {
  const membership = readMembership(body);
  return membership && { membership, link: url(field(field(body, 'invitation'), 'url')) };
}

/**
 * The code and the trace id in a refusal. Codes stand in the fragment of a problem's `type`; `errors` may be an object,
 * a list or missing, and older answers have `statusCode` alone: none of these holds anything a program could act on.
 */
export function readProblem(body: unknown): { code: string | null; requestId: string | null } {
  const type = text(field(body, 'type'));
  return {
    code: word(/#([\w-]{1,64})$/.exec(type ?? '')?.[1]),
    requestId: word(field(body, 'traceId')),
  };
}

function readPage<T>(body: unknown, read: (row: unknown) => T | null): SoftwareOnePage<T> | null {
  const rows = list(field(body, 'data'));
  return (
    rows && {
      data: rows.map(read),
      total: count(field(field(field(body, '$meta'), 'pagination'), 'total')),
    }
  );
}

const readGroups = (value: unknown): SoftwareOneGroup[] =>
  (list(value) ?? []).map(readGroup).filter((group) => group !== null);

function readGroup(value: unknown): SoftwareOneGroup | null {
  const id = text(field(value, 'id'));
  return id === null ? null : { id, name: text(field(value, 'name')) };
}

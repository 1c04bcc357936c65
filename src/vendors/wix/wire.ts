import { field, flag, instant, list, text, texts, url, word } from '../wire';

/** A SiteInvite. Its `acceptLink` is never read: whoever holds it can join. */
export interface WixInvite {
  readonly id: string | null;
  readonly email: string | null;
  readonly policyIds: readonly string[] | null;
  readonly status: string | null;
  readonly acceptedByAccountId: string | null;
  readonly dateCreated: string | null;
  readonly expirationDate: string | null;
}

/** What came of a bulk invite: the invites made, and the addresses that failed. */
export interface WixBulkAnswer {
  readonly invites: readonly WixInvite[];
  readonly failedEmails: readonly string[];
}

/** A predefined or custom role. */
export interface WixRole {
  readonly id: string;
  readonly title: string | null;
  /** Where the role may not be given: `Site` or `Account`. */
  readonly restrictFromLevel: string | null;
}

/** What we read of a site. */
export interface WixSite {
  readonly displayName: string | null;
  readonly viewUrl: string | null;
  readonly blocked: boolean | null;
  readonly trashed: boolean;
}

/** One SiteInvite. */
const readInvite = (value: unknown): WixInvite => ({
  id: text(field(value, 'id')),
  email: text(field(value, 'email')),
  policyIds: texts(field(value, 'policyIds')),
  status: word(field(value, 'status')),
  acceptedByAccountId: text(field(value, 'acceptedByAccountId')),
  dateCreated: instant(field(value, 'dateCreated')),
  expirationDate: instant(field(value, 'expirationDate')),
});

/** `{invite}` of a resend; null without the invite's id: then nobody knows what answered. */
export function readInviteAnswer(body: unknown): WixInvite | null {
  const invite = readInvite(field(body, 'invite'));
  return invite.id === null ? null : invite;
}

/** `{invites, failedEmails}` of a bulk invite; null without either list: then nobody knows. */
export function readBulkAnswer(body: unknown): WixBulkAnswer | null {
  const invites = list(field(body, 'invites'));
  const failedEmails = list(field(body, 'failedEmails'));
  return invites || failedEmails
    ? { invites: (invites ?? []).map(readInvite), failedEmails: texts(failedEmails) ?? [] }
    : null;
}

/** `{contributors: [{accountId}]}`: ids are all it has. */
export const readContributors = (body: unknown): string[] | null =>
  list(field(body, 'contributors'))
    ?.map((row) => text(field(row, 'accountId')))
    .filter((id) => id !== null) ?? null;

/** `{predefinedRoles, customRoles}`. */
export function readRoles(body: unknown): WixRole[] | null {
  const predefined = list(field(body, 'predefinedRoles'));
  const custom = list(field(body, 'customRoles'));
  if (!predefined && !custom) return null;
  return [...(predefined ?? []), ...(custom ?? [])].flatMap((role) => {
    const id = text(field(role, 'id'));
    const restrictFromLevel = word(field(role, 'restrictFromLevel'));
    return id === null ? [] : [{ id, title: text(field(role, 'title')), restrictFromLevel }];
  });
}

/** The first of `{sites}`; null without the list or with an empty one. */
export function readSite(body: unknown): WixSite | null {
  const site = list(field(body, 'sites'))?.[0];
  if (!isObject(site)) return null;
  return {
    displayName: text(field(site, 'displayName')) ?? text(field(site, 'name')),
    viewUrl: url(field(site, 'viewUrl')),
    blocked: flag(field(site, 'blocked')),
    trashed: text(field(site, 'trashedDate')) !== null,
  };
}

/** `{properties: {siteDisplayName}}`. */
export function readSiteName(body: unknown): { name: string | null } | null {
  const properties = field(body, 'properties');
  return isObject(properties) ? { name: text(field(properties, 'siteDisplayName')) } : null;
}

/** The code in `details.applicationError`, or the rule that a field broke; the request's id is in a header. */
export function readRefusal(body: unknown): { code: string | null; requestId: string | null } {
  const details = field(body, 'details');
  const violation = list(field(field(details, 'validationError'), 'fieldViolations'))?.[0];
  return {
    code: word(field(field(details, 'applicationError'), 'code')) ?? word(field(violation, 'ruleName')),
    requestId: null,
  };
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

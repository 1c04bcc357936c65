import { isObject, isStrings, parseJson, type JsonObject } from '../shell/json';
import { Refused, type Answer, type Route, type SendMail, type VendorRequest } from '../shell/vendor';
import { applicationError, validationError } from './answers';
import { wixRoles, type WixSiteInvite } from './model';
import { acceptLink, sameAddress, type SiteBook } from './store';

/** Lets a site-level request in: the book of its site, or a refusal. */
export type EnterSite = (request: VendorRequest) => SiteBook;

/** Bulk invite, resend, revoke. Wix has no read for invites. Success is always exactly 200, for its own SDK's sake. */
export function inviteRoutes(enter: EnterSite, sendMail: SendMail): readonly Route[] {
  function mail(book: SiteBook, to: string, kind: 'invite' | 'resend', body: JsonObject, link: string): void {
    const chosen = body['defaultEmailLanguage'];
    const language = typeof chosen === 'string' ? chosen : null;
    sendMail({ account: book.seed.key ?? book.seed.id, to, kind, language, link });
  }

  const bulk = (request: VendorRequest) => {
    const book = enter(request);
    const body = readBody(request);
    const policyIds = readList(body, 'policyIds');
    const unknown = policyIds.find((id) => !wixRoles.some((role) => role.id === id));
    if (unknown !== undefined) return validationError('policyIds', `unknown role ${unknown}`);
    const invites: WixSiteInvite[] = [];
    const failedEmails: string[] = [];
    for (const email of new Set(readList(body, 'emails'))) {
      // What else lands here is unknown; people who are on the site already are taken to.
      if (!isAddress(email) || book.contributors().some((one) => sameAddress(one.email, email))) {
        failedEmails.push(email);
        continue;
      }
      const invite = book.create(email, policyIds);
      invites.push({ ...invite });
      mail(book, email, 'invite', body, invite.acceptLink);
    }
    return { status: 200, body: { invites, failedEmails } };
  };

  const resend = (request: VendorRequest) => {
    const book = enter(request);
    const body = readBody(request);
    const invite = find(book, request, body);
    if (invite.status !== 'Pending') return notPending(invite);
    mail(book, invite.email, 'resend', body, acceptLink(invite.id));
    // Whether a resend moves the dates is unknown: they stay, so that nobody counts on more time.
    return { status: 200, body: { invite } };
  };

  const revoke = (request: VendorRequest) => {
    const book = enter(request);
    const invite = find(book, request, readBody(request));
    // Unknown for an expired invite: it is let go like a pending one.
    if (invite.status !== 'Pending' && invite.status !== 'Expired') return notPending(invite);
    book.set(invite.id, { status: 'Deleted' });
    return { status: 200, body: {} };
  };

  return [
    { method: 'POST', path: '/invites/site-invite/bulk', handle: bulk },
    { method: 'POST', path: '/invites/site-invite/:inviteId/resend', handle: resend },
    { method: 'POST', path: '/invites/site-invite/:inviteId/revoke', handle: revoke },
  ];
}

/** The code of this refusal is unknown; this is the standard word for a wrong state. */
const notPending = ({ status }: WixSiteInvite): Answer =>
  applicationError(400, 'FAILED_PRECONDITION', `The invite is ${status}`);

/** Generated SDK modules repeat the path parameter in the body; one that differs is refused. */
function find(book: SiteBook, { params }: VendorRequest, body: JsonObject): WixSiteInvite {
  const id = params['inviteId'] ?? '';
  if (body['inviteId'] !== undefined && body['inviteId'] !== id) {
    throw new Refused(validationError('inviteId', 'differs from the path'));
  }
  const invite = book.invite(id);
  if (!invite) throw new Refused(applicationError(404, 'NOT_FOUND', 'Invite not found'));
  return invite;
}

/** A JSON object; no body at all counts as an empty one. */
export function readBody({ body }: VendorRequest): JsonObject {
  const parsed = body === '' ? {} : parseJson(body);
  if (!isObject(parsed)) throw new Refused(validationError('body', 'must be a JSON object'));
  return parsed;
}

function readList(body: JsonObject, field: string): readonly string[] {
  const value = body[field];
  if (!isStrings(value) || value.length === 0) {
    throw new Refused(validationError(field, 'must be a list of strings that is not empty'));
  }
  return value;
}

const isAddress = (email: string) => email.length <= 254 && /^[^\s@]+@[^\s@]+\.[^\s@]+$/u.test(email);

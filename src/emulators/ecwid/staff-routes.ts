import { hex } from '../seeded';
import { Refused, type Answer, type Route, type SendMail, type VendorRequest } from '../shell/vendor';
import { failure, wrongParameter } from './answers';
import { readBody, readEmail, readScopes } from './bodies';
import { parseResponseFields, pickFields } from './response-fields';
import type { StaffBook } from './store';

/** Lets a request in: the book of its store, or a refusal. */
export type Enter = (request: VendorRequest) => StaffBook;

/** The staff endpoints. Reads answer in a suspended store; writes do not (unknown, the careful reading). */
export function staffRoutes(enter: Enter, sendMail: SendMail): readonly Route[] {
  function mail(book: StaffBook, to: string, kind: 'invite' | 'resend'): void {
    const { key, storeId } = book.seed;
    const link = `https://join.ecwid.example/${storeId}/${hex(`${storeId} ${to}`, 20)}`;
    sendMail({ account: key, to, kind, language: null, link });
  }

  function enterToWrite(request: VendorRequest): StaffBook {
    const book = enter(request);
    if (book.seed.suspended) throw new Refused(failure(402, 'STORE_IS_SUSPENDED', 'Store is suspended'));
    return book;
  }

  const list = (request: VendorRequest) => {
    const staffList = enter(request).rows();
    return ok(pickFields({ staffList }, parseResponseFields(responseFieldsOf(request))));
  };

  const get = (request: VendorRequest) => {
    const row = enter(request).byId(request.params['staffId'] ?? '');
    // No code is documented for an unknown staff id; this is the nearest of the documented ones.
    if (!row) return failure(404, 'PROFILE_NOT_FOUND', 'User store profile not found');
    const { email, staffScopes } = row;
    return ok(pickFields({ email, staffScopes }, parseResponseFields(responseFieldsOf(request))));
  };

  const create = (request: VendorRequest) => {
    const book = enterToWrite(request);
    const body = readBody(request);
    const email = readEmail(body);
    const staffScopes = readScopes(body, book.seed.scopes);
    if (book.isTaken(email))
      return failure(409, 'CONSTRAINT_VIOLATION', 'Staff account with this email exists');
    // Whether a row has an id and a name before its invite is accepted is unknown: the poorer row is made.
    book.add({ email, staffScopes, inviteAccepted: false });
    mail(book, email, 'invite');
    return ok({ success: true });
  };

  const update = (request: VendorRequest) => {
    const book = enterToWrite(request);
    const body = readBody(request);
    const row = book.byId(request.params['staffId'] ?? '');
    // Whether an unknown id is a 404 is unknown; the documented count of 0 says it too.
    if (!row) return ok({ updateCount: 0 });
    if (body['staffScopes'] !== undefined) row.staffScopes = readScopes(body, book.seed.scopes);
    if (body['email'] !== undefined && body['email'] !== row.email) {
      const email = readEmail(body);
      const sameMailbox = email.toLowerCase() === row.email.toLowerCase();
      if (!sameMailbox && book.isTaken(email)) {
        return failure(409, 'CONSTRAINT_VIOLATION', 'Staff account with this email exists');
      }
      book.rename(row, email);
    }
    return ok({ updateCount: 1 });
  };

  const remove = (request: VendorRequest) => {
    const book = enterToWrite(request);
    const row = book.byId(request.params['staffId'] ?? '');
    if (row) book.remove(row);
    return ok({ deleteCount: row ? 1 : 0 });
  };

  const resend = (request: VendorRequest) => {
    const book = enterToWrite(request);
    const email = readEmail(readBody(request));
    const row = book.byEmail(email);
    // Both refusals are unknown: `success: false` for an accepted invite, 400 for an address that has none.
    if (!row) return wrongParameter('No staff account with this email');
    if (row.inviteAccepted) return ok({ success: false });
    mail(book, email, 'resend');
    return ok({ success: true });
  };

  const cancel = (request: VendorRequest) => {
    const book = enterToWrite(request);
    const row = book.byEmail(readEmail(readBody(request)));
    if (!row || row.inviteAccepted) return ok({ deleteCount: 0 });
    book.remove(row);
    return ok({ deleteCount: 1 });
  };

  return [
    { method: 'GET', path: '/:storeId/staff', handle: list },
    { method: 'POST', path: '/:storeId/staff', handle: create },
    { method: 'POST', path: '/:storeId/staff/invite', handle: resend },
    { method: 'DELETE', path: '/:storeId/staff/invite', handle: cancel },
    { method: 'GET', path: '/:storeId/staff/:staffId', handle: get },
    { method: 'PUT', path: '/:storeId/staff/:staffId', handle: update },
    { method: 'DELETE', path: '/:storeId/staff/:staffId', handle: remove },
  ];
}

const ok = (body: unknown): Answer => ({ status: 200, body });

/** The one query parameter the staff endpoints have. */
export const responseFieldsOf = ({ query }: VendorRequest): string =>
  new URLSearchParams(query).get('responseFields') ?? '';

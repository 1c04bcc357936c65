import type { InviteHook } from '../emulator';
import { Refused, type Route, type SendMail, type Vendor, type VendorRequest } from '../shell/vendor';
import { failure, plainFailure } from './answers';
import type { EcwidStore } from './model';
import { parseResponseFields, pickFields } from './response-fields';
import { responseFieldsOf, staffRoutes, type Enter } from './staff-routes';
import { createStaffBook, type StaffBook } from './store';

const basePath = '/api/v3';

/** Ecwid: a store per token, and a boolean on a staff row for an invite. */
export function createEcwid(seed: readonly EcwidStore[], sendMail: SendMail): Vendor {
  const books = new Map(seed.map((store) => [store.storeId, createStaffBook(store)]));

  const enter: Enter = (request) => {
    const book = books.get(request.params['storeId'] ?? '');
    if (!book) throw new Refused(failure(404, 'STORE_NOT_FOUND', 'Store not found'));
    // Missing, false and foreign tokens get no body at all, as measured.
    if (request.headers.authorization !== `Bearer ${book.seed.token}`) throw new Refused({ status: 403 });
    return book;
  };

  return {
    name: 'ecwid',
    basePath,
    contentType: 'application/json;charset=utf-8',
    routes: [...profileRoutes(enter), ...staffRoutes(enter, sendMail)],
    headers: () => ({}),
    accountOf: ({ path }) => books.get(path.slice(basePath.length).split('/')[1] ?? '')?.seed.key ?? null,
    unknownRoute: ({ method, path }) => failure(404, 'NOT_FOUND', `Ecwid has no ${method} ${path}`),
    failure: plainFailure,
    statusPaths: ['staffList.*.inviteAccepted'],
    changeInvite: (account, email, deed) => {
      const book = [...books.values()].find(({ seed: { key } }) => key === account);
      if (!book) throw new Error(`Ecwid has no account ${account}`);
      change(book, email, deed);
    },
  };
}

function change(book: StaffBook, email: string, deed: Parameters<InviteHook>[2]): void {
  const row = book.byEmail(email);
  if (!row) throw new Error(`${book.seed.key} has no staff row for ${email}`);
  if (deed === 'remove') book.remove(row);
  else if (deed === 'accept') book.accept(row);
  else throw new Error(`Ecwid cannot show that an invite did ${deed}`);
}

function profileRoutes(enter: Enter): readonly Route[] {
  const profile = (request: VendorRequest) => {
    const { seed } = enter(request);
    const extended = new URLSearchParams(request.query).get('showExtendedInfo') === 'true';
    const { accountBilling, ...basic } = seed.profile;
    const body = extended ? { ...basic, accountBilling } : basic;
    return { status: 200, body: pickFields(body, parseResponseFields(responseFieldsOf(request))) };
  };
  const staffScopes = (request: VendorRequest) => ({
    status: 200,
    body: { staffScopes: enter(request).seed.scopes },
  });
  return [
    { method: 'GET', path: '/:storeId/profile', handle: profile },
    { method: 'GET', path: '/:storeId/profile/staffScopes', handle: staffScopes },
  ];
}

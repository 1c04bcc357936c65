import type { IncomingHttpHeaders } from 'node:http';
import { toIso } from '../clock';
import type { EmulatorClock, InviteDeed } from '../emulator';
import { hex } from '../seeded';
import { Refused, type SendMail, type Vendor } from '../shell/vendor';
import {
  applicationError,
  permissionDenied,
  plainFailure,
  unauthenticated,
  validationError,
} from './answers';
import { inviteRoutes, type EnterSite } from './invite-routes';
import type { WixSite } from './model';
import { siteRoutes, type EnterAccount } from './site-routes';
import { createSiteBook, type SiteBook } from './store';

/** Wix: invites that can be written but not read back, under a raw API key and a header that names the site. */
export function createWix(seed: readonly WixSite[], clock: EmulatorClock, sendMail: SendMail): Vendor {
  const books = new Map(seed.map((site) => [site.id, createSiteBook(site, clock)]));
  const ownerOf = new Map(seed.map(({ apiKey, ownerAccountId }) => [apiKey, ownerAccountId]));
  let answers = 0;

  /** The account whose key this is: the key goes as it is, without a scheme. */
  function owner(headers: IncomingHttpHeaders): string {
    const account = ownerOf.get(headers.authorization ?? '');
    if (account === undefined) throw new Refused(unauthenticated());
    return account;
  }

  // The status for a missing id header is unknown; a second one beside it is let pass, as the SDK sends both.
  const enterSite: EnterSite = ({ headers }) => {
    const account = owner(headers);
    const id = single(headers['wix-site-id']);
    if (id === null) throw new Refused(validationError('wix-site-id', 'is required'));
    const book = books.get(id);
    if (book?.seed.ownerAccountId !== account) throw new Refused(permissionDenied());
    return book;
  };

  const enterAccount: EnterAccount = ({ headers }) => {
    const account = owner(headers);
    const id = single(headers['wix-account-id']);
    if (id === null) throw new Refused(validationError('wix-account-id', 'is required'));
    if (id !== account) throw new Refused(permissionDenied());
    return [...books.values()].filter((book) => book.seed.ownerAccountId === account);
  };

  return {
    name: 'wix',
    basePath: '',
    contentType: 'application/json',
    routes: [...inviteRoutes(enterSite, sendMail), ...siteRoutes(enterSite, enterAccount)],
    headers: () => {
      answers += 1;
      return { 'x-wix-request-id': `${answers}.${hex(`wix answer ${answers}`, 16)}` };
    },
    accountOf: ({ headers }) => {
      const account = ownerOf.get(headers.authorization ?? '');
      const site = books.get(single(headers['wix-site-id']) ?? '');
      return (
        site?.seed.key ?? seed.find((one) => one.ownerAccountId === account && one.key !== null)?.key ?? null
      );
    },
    unknownRoute: ({ method, path }) => applicationError(404, 'NOT_FOUND', `Wix has no ${method} ${path}`),
    failure: plainFailure,
    statusPaths: ['invite.status', 'invites.*.status'],
    changeInvite: (account, id, deed) => {
      const book = [...books.values()].find(({ seed: { key } }) => key === account);
      if (!book) throw new Error(`Wix has no account ${account}`);
      change(book, id, deed, clock);
    },
  };
}

const single = (value: string | string[] | undefined) =>
  typeof value === 'string' && value !== '' ? value : null;

function change(book: SiteBook, id: string, deed: InviteDeed, clock: EmulatorClock): void {
  const invite = book.invite(id);
  if (!invite) throw new Error(`${book.seed.name} has no invite ${id}`);
  if (deed === 'accept') book.join(invite);
  else if (deed === 'decline') book.set(id, { status: 'Declined' });
  else if (deed === 'remove') book.set(id, { status: 'Deleted' });
  else book.set(id, { expirationDate: toIso(clock.now()) });
}

import type DataLoader from 'dataloader';
import type { VisibleAccounts } from '../accounts';
import type { AbortSignalLike } from '../abort';
import type { Clock } from '../clock';
import type { Ledger } from '../ledger/ledger';
import type { SendLimits } from '../ledger/limits';
import type { AttemptRow } from '../ledger/tables';
import type {
  Account,
  AccountProfile,
  Invite,
  InviteActions,
  InviteList,
  Role,
  Source,
  StaffList,
  StaffMember,
} from '../model';
import type { Metrics } from '../metrics';
import type { Cursor } from '../pagination';
import { inSpan } from '../tracing';
import type { InviteFilter, Provider, Reading, StaffFilter } from '../vendors/provider';
import { byId } from './by-id';
import { actionsLoader, attemptsLoader } from './invite-loaders';
import { lazily } from './lazily';
import { type PersonRecord, personLoader } from './person';
import { createLoader } from './loader';
import { type Patience, sideBySide } from './side-by-side';
import { walk } from './walk';

/** All reads of one operation. Made for it and gone with it: nothing here outlives a request or crosses viewers. */
export interface Loaders {
  /** What the vendor says of an account; null and UNKNOWN where it cannot be asked. */
  readonly profile: DataLoader<string, AccountProfile>;
  readonly roles: DataLoader<string, readonly Role[]>;
  readonly staffMember: DataLoader<string, StaffMember | null>;
  readonly invite: DataLoader<string, Invite | null>;
  /** By normalised address. */
  readonly person: DataLoader<string, PersonRecord>;
  /** The newest 100 attempts of an invite, by its id. */
  readonly attempts: DataLoader<string, readonly AttemptRow[]>;
  readonly actions: DataLoader<Invite, InviteActions, string>;
  readonly staffList: (list: ListRequest<StaffFilter>) => Promise<StaffList>;
  readonly inviteList: (list: ListRequest<InviteFilter>) => Promise<InviteList>;
}

/** A list across accounts, as a resolver asks for it. */
export interface ListRequest<Filter> {
  readonly accounts: readonly Account[];
  readonly first: number;
  readonly after: Cursor | null;
  readonly question: string;
  readonly filter: Filter;
}

/** What loaders read from. */
export interface LoaderParts {
  readonly accounts: VisibleAccounts;
  readonly provider: (account: Account) => Provider;
  readonly ledger: Ledger;
  readonly limits: SendLimits & { readonly softDeadline: number };
  readonly reading: Reading;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly report: (error: unknown) => void;
}

/** Makes the loaders of one operation. */
export const createLoaders = lazily<LoaderParts, Loaders>({
  profile: (parts) =>
    perAccount(
      'profile',
      parts,
      (account, signal) => parts.provider(account).profile(parts.reading.until(signal)),
      () => unknownProfile,
    ),
  roles: (parts) =>
    perAccount(
      'roles',
      parts,
      (account, signal) => parts.provider(account).roles(parts.reading.until(signal)),
      (error) => error,
    ),
  staffMember: (parts, loaders) =>
    byId(
      'staffMember',
      parts.metrics,
      finderOf(parts, loaders),
      patienceOf(parts),
      (vendor, localIds, signal) => vendor.staffByIds(parts.reading.until(signal), localIds),
    ),
  invite: (parts, loaders) =>
    byId('invite', parts.metrics, finderOf(parts, loaders), patienceOf(parts), (vendor, localIds, signal) =>
      vendor.invitesByIds(parts.reading.until(signal), localIds),
    ),
  person: (parts, loaders) =>
    personLoader(
      { ...walkOf(parts), accounts: parts.accounts.list },
      (account) => touch(account, parts, loaders),
      parts.reading,
      parts.metrics,
    ),
  attempts: (parts) => attemptsLoader({ ...parts, signal: parts.reading.signal }),
  actions: (parts, { invite }) => actionsLoader({ ...parts, invite, signal: parts.reading.signal }),
  staffList:
    (parts, loaders) =>
    ({ filter, ...list }) =>
      inSpan('list staff', {}, () =>
        walk({
          ...walkOf(parts),
          ...list,
          read: (account, page, signal) =>
            touch(account, parts, loaders).staffPage(parts.reading.until(signal), page, filter),
        }),
      ),
  inviteList:
    (parts, loaders) =>
    ({ filter, ...list }) =>
      inSpan('list invites', {}, () =>
        walk({
          ...walkOf(parts),
          ...list,
          read: (account, page, signal) =>
            touch(account, parts, loaders).invitePage(parts.reading.until(signal), page, filter),
        }),
      ),
});

/** The provider of an account that is about to be read. If the operation shows its profile too, both go out side by side. */
function touch(account: Account, { reading, provider }: LoaderParts, loaders: Loaders): Provider {
  if (PROFILE_FIELDS.some((field) => reading.fields.account.has(field)))
    void loaders.profile.load(account.id);
  return provider(account);
}

const PROFILE_FIELDS = ['name', 'status', 'url'];

const finderOf =
  (parts: LoaderParts, loaders: Loaders) =>
  (accountId: string): Provider | null => {
    const account = parts.accounts.get(accountId);
    return account && touch(account, parts, loaders);
  };

const patienceOf = ({ reading, limits }: LoaderParts): Patience => ({
  signal: reading.signal,
  softDeadline: limits.softDeadline,
});

/** What all walks of an operation have in common. */
const walkOf = (parts: LoaderParts) => ({
  ...patienceOf(parts),
  report: parts.report,
  callsLeft: () => parts.reading.callsLeft(),
  note: ({ account, state }: Source) => {
    parts.metrics.sources.inc({ vendor: account.vendor, state });
  },
});

const unknownProfile: AccountProfile = { name: null, status: 'UNKNOWN', url: null };

/** Loads something that each account has one of. */
function perAccount<T>(
  name: string,
  parts: LoaderParts,
  read: (account: Account, signal: AbortSignalLike) => Promise<T>,
  failed: (error: Error) => T | Error,
): DataLoader<string, T> {
  const { accounts, metrics } = parts;
  const loader: DataLoader<string, T> = createLoader(name, metrics, async (accountIds) => {
    const answers = await sideBySide(accountIds, patienceOf(parts), async (id, signal) => {
      const account = accounts.get(id);
      if (!account) throw new Error('No such account.');
      return read(account, signal);
    });
    return answers.map((answer, index) => {
      if (answer.status === 'fulfilled') return answer.value;
      // The next one to ask may have more luck.
      loader.clear(accountIds[index] ?? '');
      return failed(answer.reason as Error);
    });
  });
  return loader;
}

import type DataLoader from 'dataloader';
import type { VisibleAccounts } from '../accounts';
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
export function createLoaders(parts: LoaderParts): Loaders {
  const { accounts, provider, reading, metrics, report } = parts;
  const patience = { signal: reading.signal, softDeadline: parts.limits.softDeadline };
  const profile = perAccount(
    'profile',
    parts,
    patience,
    (account, signal) => provider(account).profile(reading.until(signal)),
    () => unknownProfile,
  );

  /** The provider of an account that is about to be read. If the operation shows its profile too, both go out side by side. */
  const touch = (account: Account): Provider => {
    if (PROFILE_FIELDS.some((field) => reading.fields.account.has(field))) void profile.load(account.id);
    return provider(account);
  };
  const find = (accountId: string) => {
    const account = accounts.get(accountId);
    return account && touch(account);
  };

  const common = {
    ...patience,
    report,
    note: ({ account, state }: Source) => {
      metrics.sources.inc({ vendor: account.vendor, state });
    },
  };
  const invite = byId('invite', metrics, find, patience, (vendor, localIds, signal) =>
    vendor.invitesByIds(reading.until(signal), localIds),
  );
  return {
    profile,
    roles: perAccount(
      'roles',
      parts,
      patience,
      (account, signal) => provider(account).roles(reading.until(signal)),
      (error) => error,
    ),
    staffMember: byId('staffMember', metrics, find, patience, (vendor, localIds, signal) =>
      vendor.staffByIds(reading.until(signal), localIds),
    ),
    invite,
    person: personLoader({ ...common, accounts: accounts.list }, touch, reading, metrics),
    attempts: attemptsLoader({ ...parts, signal: reading.signal }),
    actions: actionsLoader({ ...parts, invite, signal: reading.signal }),
    staffList: ({ filter, ...list }) =>
      inSpan('list staff', {}, () =>
        walk({
          ...common,
          ...list,
          read: (account, page, signal) => touch(account).staffPage(reading.until(signal), page, filter),
        }),
      ),
    inviteList: ({ filter, ...list }) =>
      inSpan('list invites', {}, () =>
        walk({
          ...common,
          ...list,
          read: (account, page, signal) => touch(account).invitePage(reading.until(signal), page, filter),
        }),
      ),
  };
}

const PROFILE_FIELDS = ['name', 'status', 'url'];

const unknownProfile: AccountProfile = { name: null, status: 'UNKNOWN', url: null };

/** Loads something that each account has one of. */
function perAccount<T>(
  name: string,
  { accounts, metrics }: LoaderParts,
  patience: Patience,
  read: (account: Account, signal: AbortSignal) => Promise<T>,
  failed: (error: Error) => T | Error,
): DataLoader<string, T> {
  const loader: DataLoader<string, T> = createLoader(name, metrics, async (accountIds) => {
    const answers = await sideBySide(accountIds, patience, async (id, signal) => {
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

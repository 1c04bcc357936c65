import DataLoader from 'dataloader';
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
  StaffList,
  StaffMember,
} from '../model';
import type { Cursor } from '../pagination';
import type { InviteFilter, Provider, Reading, StaffFilter } from '../vendors/provider';
import { byId } from './by-id';
import { actionsLoader, attemptsLoader } from './invite-loaders';
import { type PersonRecord, personLoader } from './person';
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
  readonly limits: SendLimits;
  readonly reading: Reading;
  readonly clock: Clock;
  readonly report: (error: unknown) => void;
}

/** Makes the loaders of one operation. */
export function createLoaders(parts: LoaderParts): Loaders {
  const { accounts, provider, ledger, reading, report } = parts;
  const profile = perAccount(accounts, async (account) =>
    provider(account)
      .profile(reading)
      .catch(() => unknownProfile),
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

  const invite = byId(find, (vendor, localIds) => vendor.invitesByIds(reading, localIds));
  return {
    profile,
    roles: perAccount(accounts, (account) => provider(account).roles(reading)),
    staffMember: byId(find, (vendor, localIds) => vendor.staffByIds(reading, localIds)),
    invite,
    person: personLoader(accounts.list, touch, reading, report),
    attempts: attemptsLoader(ledger),
    actions: actionsLoader({ ...parts, invite }),
    staffList: ({ filter, ...list }) =>
      walk({ ...list, report, read: (account, page) => touch(account).staffPage(reading, page, filter) }),
    inviteList: ({ filter, ...list }) =>
      walk({ ...list, report, read: (account, page) => touch(account).invitePage(reading, page, filter) }),
  };
}

const PROFILE_FIELDS = ['name', 'status', 'url'];

const unknownProfile: AccountProfile = { name: null, status: 'UNKNOWN', url: null };

/** Loads something that each account has one of. */
const perAccount = <T>(
  accounts: VisibleAccounts,
  read: (account: Account) => Promise<T>,
): DataLoader<string, T> =>
  new DataLoader(async (accountIds) => {
    const answers = await Promise.allSettled(
      accountIds.map((id) => {
        const account = accounts.get(id);
        return account ? read(account) : Promise.reject(new Error('No such account.'));
      }),
    );
    return answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : (answer.reason as Error)));
  });

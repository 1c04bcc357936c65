import type { Directory } from './directory';
import type { SwoAccount, SwoGroup, SwoMembership, SwoModule, SwoUser } from './model';
import type { Row } from './shape';

/** The platform's resources with every field; what is expensive or circular is a getter, read only when asked. */
export interface Rows {
  readonly account: (account: SwoAccount) => Row;
  readonly group: (group: SwoGroup) => Row;
  readonly user: (user: SwoUser) => Row;
  /** By its own id, as the standalone view shows it. */
  readonly membership: (membership: SwoMembership) => Row;
  /** By its user's id, as the account-scoped view shows it. */
  readonly accountUser: (membership: SwoMembership) => Row;
}

/** The link a membership's invitation is accepted by. */
export const inviteUrl = (code: string): string =>
  `https://portal.softwareone.example/accept-invite?code=${code}`;

/** Rows over one directory. */
export function createRows(directory: Directory): Rows {
  const { accounts, users, groups, modules, buyers } = directory;

  const account = once((of: SwoAccount): Row => ({
    id: of.id,
    name: of.name,
    icon: `/v1/accounts/accounts/${of.id}/icon`,
    type: of.type,
    status: of.status,
    serviceLevel: 'Elite',
    address: { country: of.country },
    defaultLanguageCode: 'en-US',
    get groups() {
      return [...groups.values()].filter(({ accountId }) => accountId === of.id).map(group);
    },
    audit: { created: { at: of.createdAt }, updated: { at: of.createdAt } },
  }));

  const group = once((of: SwoGroup): Row => ({
    id: of.id,
    name: of.name,
    description: of.description,
    isDefault: of.isDefault,
    get account() {
      return found(accounts, of.accountId, account);
    },
    get modules() {
      return every(modules, of.moduleIds, moduleRow);
    },
  }));

  const user = once((of: SwoUser): Row => ({
    id: of.id,
    name: nameOf(of),
    icon: `/v1/accounts/users/${of.id}/icon`,
    email: of.email,
    get status() {
      return userStatus(directory, of);
    },
    firstName: of.firstName,
    lastName: of.lastName,
    phone: of.phone,
    lastLoginAt: of.lastLoginAt,
    settings: { cultureCode: 'en-US', languageCode: 'en-US' },
    get currentAccount() {
      return accountsOf(of)[0];
    },
    get accounts() {
      return accountsOf(of);
    },
  }));

  const accountsOf = ({ id }: SwoUser): Row[] =>
    every(
      accounts,
      [...directory.membershipsOf(id)].map(({ accountId }) => accountId),
      account,
    );

  const common = (of: SwoMembership): Row => ({
    get account() {
      return found(accounts, of.accountId, account);
    },
    get invitation() {
      const status = directory.status(of);
      return status === 'Invited' ? { status, url: inviteUrl(of.inviteCode) } : { status };
    },
    get groups() {
      return every(groups, of.groupIds, group);
    },
    get buyers() {
      return every(buyers, of.buyerIds, ({ id, name }) => ({ id, name }));
    },
    // Derived from the groups, each module once.
    get modules() {
      const ids = new Set(of.groupIds.flatMap((id) => groups.get(id)?.moduleIds ?? []));
      return every(modules, [...ids], moduleRow);
    },
    get lastLoginAt() {
      return of.lastLoginAt;
    },
    audit: of.audit,
  });

  const membership = (of: SwoMembership): Row =>
    inherit(common(of), {
      id: of.id,
      get user() {
        return found(users, of.userId, user);
      },
    });

  const accountUser = (of: SwoMembership): Row => {
    const person = users.get(of.userId);
    const own = {
      // The word this view shows is known from the portal's list alone: the membership's, or that of a block.
      get status() {
        return person?.blocked === true ? 'Blocked' : directory.status(of);
      },
    };
    return inherit(own, inherit(common(of), person ? user(person) : {}));
  };

  return { account, group, user, membership: once(membership), accountUser: once(accountUser) };
}

/** Makes one row per record: rows show the present state whenever they are read. */
function once<T extends object>(make: (of: T) => Row): (of: T) => Row {
  const rows = new WeakMap<T, Row>();
  return (of) => {
    const known = rows.get(of);
    if (known) return known;
    const row = make(of);
    rows.set(of, row);
    return row;
  };
}

/** Joins two rows without reading their getters; the first one wins. */
function inherit(first: Row, second: Row): Row {
  return Object.defineProperties(
    {},
    { ...Object.getOwnPropertyDescriptors(second), ...Object.getOwnPropertyDescriptors(first) },
  );
}

const nameOf = ({ firstName, lastName }: SwoUser) =>
  [firstName, lastName].filter((part) => part !== undefined).join(' ');

/** The best of a user's memberships, unless the user is blocked everywhere. */
function userStatus(directory: Directory, { id, blocked }: SwoUser): string {
  if (blocked) return 'Blocked';
  const held = new Set([...directory.membershipsOf(id)].map((membership) => directory.status(membership)));
  return (
    (['Active', 'Invited', 'InvitationExpired'] as const).find((status) => held.has(status)) ?? 'Disabled'
  );
}

const moduleRow = ({ id, name, description, filters, paid }: SwoModule): Row => ({
  id,
  name,
  description,
  filters,
  settings: {
    configurable: true,
    default: !paid,
    paid,
    type: ['new'],
    obsolete: false,
    eligibility: { multi: true, single: true },
  },
});

function found<T, R>(map: ReadonlyMap<string, T>, id: string, make: (of: T) => R): R | null {
  const of = map.get(id);
  return of === undefined ? null : make(of);
}

function every<T, R>(map: ReadonlyMap<string, T>, ids: readonly string[], make: (of: T) => R): R[] {
  return ids.flatMap((id) => {
    const of = map.get(id);
    return of === undefined ? [] : [make(of)];
  });
}

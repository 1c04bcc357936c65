import { toIso } from '../clock';
import type { EmulatorClock } from '../emulator';
import { code } from '../seeded';
import {
  invitationLifeMs,
  type AuditEvent,
  type SwoAccount,
  type SwoBuyer,
  type SwoGroup,
  type SwoMembership,
  type SwoModule,
  type SwoUser,
  type SwoWorld,
} from './model';

/** The three words a membership's invitation has. */
export type InvitationStatus = 'Active' | 'Invited' | 'InvitationExpired';

/** The platform's data, changeable; both views of a membership read and write this one. */
export interface Directory {
  readonly accounts: ReadonlyMap<string, SwoAccount>;
  readonly groups: ReadonlyMap<string, SwoGroup>;
  readonly modules: ReadonlyMap<string, SwoModule>;
  readonly buyers: ReadonlyMap<string, SwoBuyer>;
  readonly users: ReadonlyMap<string, SwoUser>;
  readonly memberships: ReadonlyMap<string, SwoMembership>;
  /** In the order of their making. */
  membershipsIn(accountId: string): Iterable<SwoMembership>;
  membershipsOf(userId: string): Iterable<SwoMembership>;
  userByEmail(email: string): SwoUser | undefined;
  status(membership: SwoMembership): InvitationStatus;
  addUser(fields: Omit<SwoUser, 'id' | 'blocked'>): SwoUser;
  addMembership(
    user: SwoUser,
    accountId: string,
    groupIds: readonly string[],
    by: AuditEvent['by'],
  ): SwoMembership;
  removeMembership(membership: SwoMembership): void;
  /** A new link and seven new days. */
  invite(membership: SwoMembership, by: AuditEvent['by']): void;
  join(membership: SwoMembership): void;
}

/** Opens the directory on a copy of its seed; ids made at run time count up from 9000. */
export function createDirectory(seed: SwoWorld, clock: EmulatorClock): Directory {
  const { accounts, users, memberships, groups, modules, buyers } = structuredClone(seed);
  const usersById = byId(users);
  const usersByEmail = new Map(users.map((user) => [user.email.toLowerCase(), user]));
  const membershipsById = byId(memberships);
  const byAccount = new Map<string, Set<SwoMembership>>();
  const byUser = new Map<string, Set<SwoMembership>>();
  let made = 0;

  for (const membership of memberships) link(membership);

  function link(membership: SwoMembership): void {
    membershipsById.set(membership.id, membership);
    setAt(byAccount, membership.accountId).add(membership);
    setAt(byUser, membership.userId).add(membership);
  }

  const nextDigits = () => {
    made += 1;
    return String(made).padStart(4, '0');
  };

  function invite(membership: SwoMembership, by: AuditEvent['by']): void {
    made += 1;
    const at = toIso(clock.now());
    membership.invitedAt = at;
    membership.inviteCode = code(`${membership.id} invite ${made}`);
    membership.audit.invited = event(at, by);
    membership.audit.updated = event(at, by);
  }

  return {
    accounts: byId(accounts),
    groups: byId(groups),
    modules: byId(modules),
    buyers: byId(buyers),
    users: usersById,
    memberships: membershipsById,
    membershipsIn: (accountId) => byAccount.get(accountId) ?? [],
    membershipsOf: (userId) => byUser.get(userId) ?? [],
    userByEmail: (email) => usersByEmail.get(email.toLowerCase()),
    status: ({ joined, invitedAt }) => {
      if (joined) return 'Active';
      return clock.now() < Date.parse(invitedAt) + invitationLifeMs ? 'Invited' : 'InvitationExpired';
    },
    addUser: (fields) => {
      const user: SwoUser = { ...fields, id: `USR-9000-${nextDigits()}`, blocked: false };
      usersById.set(user.id, user);
      usersByEmail.set(user.email.toLowerCase(), user);
      return user;
    },
    addMembership: (user, accountId, groupIds, by) => {
      const at = toIso(clock.now());
      const membership: SwoMembership = {
        id: `AUSR-9000-9000-${nextDigits()}`,
        userId: user.id,
        accountId,
        groupIds: [...groupIds],
        buyerIds: [],
        joined: false,
        invitedAt: at,
        inviteCode: '',
        audit: { created: event(at, by), updated: event(at, by) },
      };
      invite(membership, by);
      link(membership);
      return membership;
    },
    removeMembership: (membership) => {
      membershipsById.delete(membership.id);
      byAccount.get(membership.accountId)?.delete(membership);
      byUser.get(membership.userId)?.delete(membership);
    },
    invite,
    join: (membership) => {
      const at = toIso(clock.now());
      membership.joined = true;
      membership.lastLoginAt = at;
      Object.assign(membership.audit, {
        joined: { at },
        access: { at },
        updated: { at },
        invitationAcceptedAt: at,
      });
    },
  };
}

const event = (at: string, by: AuditEvent['by']): AuditEvent => (by ? { at, by } : { at });

const byId = <T extends { readonly id: string }>(rows: readonly T[]) =>
  new Map(rows.map((row) => [row.id, row]));

function setAt<T>(map: Map<string, Set<T>>, key: string): Set<T> {
  const known = map.get(key);
  if (known) return known;
  const made = new Set<T>();
  map.set(key, made);
  return made;
}

import { z } from 'zod';
import type { AbortSignalLike } from '../../abort';
import { parseInstant } from '../../clock';
import { localIdOf } from '../../ids';
import type { Invite, StaffMember } from '../../model';
import { emptyPage, type Page, type PageRequest, type Row } from '../../pagination';
import { createVendorCall } from '../call';
import { capabilities, credential, defineVendor } from '../definition';
import { matchesInvite, matchesStaff } from '../filter';
import { orWithout } from '../in-time';
import { mapOk, NotReached, type Outcome, valueOf, valueOrNull } from '../outcome';
import type { Provider, ProviderParts, Reading, WriteOptions } from '../provider';
import { certain, type Freshness, worse } from '../shared-reads';
import { createSoftwareOneClient, softwareOneDialect } from './client';
import { expires, expiryOf, isMembershipId, toInviteStatus, toMembership, toProfile, toRole } from './mapper';
import { accountSelect, memberSelect, ofAccount, type Pushdown, pushInvites, pushStaff } from './query';
import { isIn } from './rql';
import type { SoftwareOneMembership } from './wire';

/** SoftwareOne Marketplace Platform: https://docs.platform.softwareone.com */
export const softwareone = defineVendor({
  baseUrl: 'https://api.platform.softwareone.com/public/v1',
  settings: {
    accountId: z.string('is missing').regex(/^ACC-\d{4}-\d{4}$/, 'must look like ACC-1234-5678'),
    token: credential,
  },
  open: ({ accountId, token }) => ({
    externalId: accountId,
    connect: (parts) => createSoftwareOneProvider(token, parts),
  }),
});

/** RQL takes longer lists, but a query string has an end. */
const MAX_IDS = 50;
/** A filter that RQL cannot say is applied after reading, over at most this many pages a call. */
const MAX_PAGES = 10;
const MAX_LIMIT = 100;

type Membership = NonNullable<ReturnType<typeof toMembership>>;

const CAPABILITIES = capabilities({
  LIST_STAFF: ['NATIVE', 'Memberships of the account.'],
  LIST_INVITES: ['NATIVE', 'Memberships by the state of their invitation.'],
  READ_INVITE: ['NATIVE', 'Expiry is derived: 7 days after the last invitation.'],
  RESEND_INVITE: ['NATIVE', 'For pending invitations; renews the link and the 7 days.'],
  SEND_NEW_INVITE: ['NATIVE', 'For expired invitations; the id stays.'],
  INVITE_STAFF_MEMBER: ['NATIVE', 'Needs first name, last name and at least one group.'],
  REVOKE_INVITE: ['NATIVE', 'Removes the membership; a later invite has another id.'],
  REVEAL_INVITE_LINK: ['NATIVE', 'While the invitation is pending.'],
});

function createSoftwareOneProvider(token: string, parts: ProviderParts): Provider {
  const { account, memory } = parts;
  const call = createVendorCall(softwareOneDialect(parts.baseUrl, token), parts);
  const client = createSoftwareOneClient(call);

  const read = (
    reading: Reading,
    query: Pick<Parameters<typeof client.listAccountUsers>[0], 'filter' | 'limit' | 'offset'>,
    also: readonly string[] = [],
  ) => {
    const select = memberSelect(reading.fields, also);
    const filter = ofAccount(account.externalId, query.filter);
    const question = { select, ...query, filter };
    return reading.ask(account.id, `members ${JSON.stringify(question)}`, async (asking) => {
      const { data, total } = valueOf(await client.listAccountUsers(question, asking));
      return {
        members: await toMembers(data, select.includes('audit'), asking.signal),
        length: data.length,
        total,
      };
    });
  };

  /** One for each row; null for a row that cannot be told from others. */
  const toMembers = async (
    rows: readonly (SoftwareOneMembership | null)[],
    dated: boolean,
    signal: AbortSignalLike,
  ): Promise<(Membership | null)[]> => {
    // Only what can still be accepted, or could, expires.
    const ids = rows.map((row) => (row && expires(row) ? row.id : null)).filter((id) => id !== null);
    const sends =
      dated && ids.length > 0
        ? await orWithout(new Map<string, number>(), memory.lastSends(ids, signal))
        : new Map<string, number>();
    const members = rows.map((row) => row && toMembership(account, row, sends.get(row.id ?? '')));
    for (const member of members)
      if (member?.invite.status === 'UNKNOWN' && member.invite.vendorStatus !== null)
        parts.transport.metrics.unknownWords.inc({ vendor: account.vendor });
    return members;
  };

  /** Reads on until the page is full: a filter that RQL can say needs one call, any other may need more. */
  const memberPage = async <T extends StaffMember | Invite>(
    reading: Reading,
    { first, after }: PageRequest,
    { filter, exact, none, fields }: Pushdown,
    pick: (member: Membership) => T,
    matches: (item: T) => boolean,
  ): Promise<Page<T>> => {
    if (none) return emptyPage;
    const start = Number(after ?? 0);
    const limit = exact ? first : MAX_LIMIT;
    const rows = new Map<string, Row<T>>();
    let offset = start;
    let freshness: Freshness | null = null;
    for (let page = 1; ; page++) {
      const seen = await read(reading, { filter, limit, offset }, fields).catch((error: unknown) => {
        // What was read so far is a page; the next one goes on from here.
        if (error instanceof NotReached && page > 1) return null;
        throw error;
      });
      if (seen === null)
        return toPage([...rows.values()], first, { more: true, offset, total: null, freshness });
      const { members, length, total } = seen.value;
      freshness = freshness ? worse(freshness, seen) : seen;
      const end = length < limit || (total !== null && offset + length >= total);
      for (const [index, member] of members.entries()) {
        if (!member) continue;
        const item = pick(member);
        if (matches(item)) rows.set(item.id, { item, position: String(offset + index + 1) });
      }
      offset += length;
      if (!end && rows.size < first && page < MAX_PAGES && length > 0) continue;
      const found = [...rows.values()];
      const readAll = start === 0 && end;
      return toPage(found, first, {
        more: !end,
        offset,
        total: exact ? total : readAll ? found.length : null,
        freshness,
      });
    }
  };

  const byIds = async (reading: Reading, localIds: readonly string[]): Promise<Membership[]> => {
    const ids = [...new Set(localIds.filter(isMembershipId))].sort();
    const chunks = Array.from({ length: Math.ceil(ids.length / MAX_IDS) }, (_, chunk) =>
      ids.slice(chunk * MAX_IDS, (chunk + 1) * MAX_IDS),
    );
    const pages = await Promise.all(
      chunks.map((chunk) => read(reading, { filter: isIn('id', chunk), limit: chunk.length, offset: 0 })),
    );
    return pages.flatMap((page) => certain(page).members.filter((member) => member !== null));
  };

  /** Read for one caller, and kept nowhere: it has the link in it. */
  const invitation = async ({ signal }: Reading, localId: string) =>
    isMembershipId(localId) ? valueOrNull(await client.getInvitation(localId, { signal, bytes: 0 })) : null;

  /** The invite as the vendor's answer leaves it; fields that the answer lacks stay as they were read. */
  const sent = (
    invite: Invite,
    outcome: Outcome<SoftwareOneMembership>,
    { recordedAt }: WriteOptions,
  ): Outcome<Invite> =>
    mapOk(outcome, ({ invitationStatus, ...row }) => ({
      ...invite,
      status: invitationStatus === null ? 'PENDING' : toInviteStatus(invitationStatus),
      vendorStatus: invitationStatus ?? invite.vendorStatus,
      expiresAt: expiryOf(row, recordedAt),
      expiresAtSource: 'DERIVED',
    }));

  return {
    capabilities: CAPABILITIES,
    health: call.health,
    remembers: 'NOTHING',

    profile: async (reading) => {
      const select = accountSelect(reading.fields);
      const seen = await reading.ask(account.id, `profile ${select}`, async (asking) =>
        toProfile(valueOf(await client.getAccount(account.externalId, select, asking))),
      );
      return seen.value;
    },

    roles: async (reading) => {
      const query = { select: '-*,id,name', filter: null, limit: MAX_LIMIT, offset: 0 };
      const seen = await reading.ask(account.id, 'roles', async (asking) =>
        valueOf(await client.listUserGroups(query, asking))
          .data.filter((group) => group !== null)
          .map(toRole),
      );
      return certain(seen);
    },

    staffPage: (reading, page, filter) =>
      memberPage(reading, page, pushStaff(filter), ({ staffMember }) => staffMember, matchesStaff(filter)),

    staffByIds: async (reading, localIds) =>
      (await byIds(reading, localIds)).map(({ staffMember }) => staffMember),

    invitePage: (reading, page, filter) =>
      memberPage(reading, page, pushInvites(filter), ({ invite }) => invite, matchesInvite(filter)),

    invitesByIds: async (reading, localIds) => (await byIds(reading, localIds)).map(({ invite }) => invite),

    // The number of rows before it.
    isPosition: (position) => /^[1-9]\d{0,6}$/.test(position),

    localIdOfInvite: (externalId) => (isMembershipId(externalId) ? externalId : null),

    resend: async (invite, options) =>
      sent(invite, await client.resendInvite(localIdOf(invite.id), options), options),

    sendNew: async (invite, options) =>
      sent(invite, await client.sendNewInvite(localIdOf(invite.id), options), options),

    create: async (invitee, options) => {
      const outcome = await client.createAccountUser(invitee, account.externalId, options);
      if (outcome.kind !== 'ok') return outcome;
      const made = toMembership(account, outcome.value, options.recordedAt);
      // Taken, but without an id there is nothing to hold on to.
      if (!made) return { kind: 'unknown', cause: 'PROTOCOL', requestId: outcome.requestId };
      return { ...outcome, value: { ...made.invite, email: made.invite.email ?? invitee.email } };
    },

    revoke: async (invite, options) =>
      mapOk(await client.deleteAccountUser(localIdOf(invite.id), options), () => ({
        ...invite,
        status: 'REVOKED',
        staffMember: null,
        staffMemberId: null,
        // Nothing is left of a membership that was removed.
        unreadable: 'GONE',
      })),

    reveal: async (reading, localId) => {
      const found = await invitation(reading, localId);
      const [member] = found ? await toMembers([found.membership], true, reading.signal) : [];
      return found && member ? { invite: member.invite, link: found.link } : null;
    },

    lastInvited: async (reading, localId) => {
      const found = await invitation(reading, localId);
      return parseInstant(found?.membership.invited ?? '');
    },

    inviteNeeds: { names: true, roles: true, noRolesGrantEverything: false },
  };
}

/** A page of the rows that were found before this offset. */
function toPage<T>(
  found: readonly Row<T>[],
  first: number,
  { more, offset, ...page }: Pick<Page<T>, 'more' | 'total' | 'freshness'> & { readonly offset: number },
): Page<T> {
  const rows = found.slice(0, first);
  const rest = found.length > first;
  return { ...page, rows, more: more || rest, next: rest ? (rows.at(-1)?.position ?? null) : String(offset) };
}

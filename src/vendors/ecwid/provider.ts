import { z } from 'zod';
import { formatId, parseId } from '../../ids';
import type { Invite, StaffMember } from '../../model';
import { byId, pageOf } from '../../pagination';
import { createVendorCall } from '../call';
import { capabilities, credential, defineVendor } from '../definition';
import { matchesInvite, matchesStaff } from '../filter';
import { orWithout } from '../in-time';
import { mapOk, refusedUnless, VendorFailure, valueOf } from '../outcome';
import type { Fields, Provider, ProviderParts, Reading, WriteOptions } from '../provider';
import { certain } from '../shared-reads';
import { createEcwidClient, ecwidDialect } from './client';
import {
  isInviteId,
  isStaffId,
  staffIdOf,
  toMembership,
  toNewInvite,
  toProfile,
  toRole,
  toWithdrawnInvite,
} from './mapper';
import type { EcwidStaff } from './wire';

/** Ecwid by Lightspeed, REST API v3: https://docs.ecwid.com */
export const ecwid = defineVendor({
  baseUrl: 'https://app.ecwid.com/api/v3',
  settings: {
    storeId: z.string('must be a text of digits, in quotes').regex(/^\d{1,18}$/, 'must be digits'),
    token: credential,
  },
  open: ({ storeId, token }) => ({
    externalId: storeId,
    connect: (parts) => createEcwidProvider(storeId, token, parts),
  }),
});

/** All people of a store in the order of their ids, and all invites. */
interface Memberships {
  readonly staff: readonly StaffMember[];
  readonly invites: readonly Invite[];
}

const CAPABILITIES = capabilities({
  LIST_STAFF: ['NATIVE', 'One list holds the whole store; its greatest length is not documented.'],
  LIST_INVITES: ['EMULATED', 'Staff who have not accepted, and invites withdrawn through this API.'],
  READ_INVITE: ['EMULATED', 'Read from the staff list; Ecwid keeps no times and no expiry.'],
  RESEND_INVITE: [
    'NATIVE',
    'Addressed by email. Whether the earlier link goes on working is not documented.',
  ],
  SEND_NEW_INVITE: ['NATIVE', 'After a withdrawal through this API, with the permissions it had.'],
  INVITE_STAFF_MEMBER: ['NATIVE', 'Without permissions Ecwid grants all of them: only with grantFullAccess.'],
  REVOKE_INVITE: ['NATIVE', 'Addressed by email.'],
  REVEAL_INVITE_LINK: ['NONE', 'Ecwid never shows the link.'],
});

function createEcwidProvider(storeId: string, token: string, parts: ProviderParts): Provider {
  const { account, memory } = parts;
  const call = createVendorCall(ecwidDialect(parts.baseUrl, token), parts);
  const ecwid = createEcwidClient(call, storeId);

  /** Ecwid cannot fetch by id, so one list answers for all people and invites of a store. */
  const listed = (reading: Reading, responseFields = staffFields(reading.fields)) =>
    reading.ask(account.id, `staff ${responseFields}`, async (asking) =>
      valueOf(await ecwid.listStaff(responseFields, asking)),
    );

  /** What became of a list's rows: an answer that is kept is mapped once. */
  const mapped = new WeakMap<readonly EcwidStaff[], Memberships>();
  const membershipsOf = (rows: readonly EcwidStaff[]): Memberships => {
    const known = mapped.get(rows);
    if (known) return known;
    const memberships = rows.map((row) => toMembership(account.id, row)).filter((row) => row !== null);
    const made = {
      staff: byId(memberships.map(({ staffMember }) => staffMember)),
      invites: memberships.map(({ invite }) => invite).filter((invite) => invite !== null),
    };
    mapped.set(rows, made);
    return made;
  };

  /** What Ecwid lists, and what was withdrawn here: a withdrawn invite that cannot be remembered hides no other. */
  const withWithdrawn = async (invites: readonly Invite[], { signal }: Reading): Promise<Invite[]> => {
    const withdrawn = await orWithout([], memory.remembered(signal));
    const known = new Set(invites.map(({ id }) => id));
    const missing = withdrawn.filter(({ localId }) => !known.has(formatId(account.id, localId)));
    return byId([...invites, ...missing.map((invite) => toWithdrawnInvite(account.id, invite))]);
  };

  const idsOf = (localIds: readonly string[]): ReadonlySet<string> =>
    new Set(localIds.map((local) => formatId(account.id, local)));

  const createStaff = async (email: string, scopes: readonly string[], options: WriteOptions) => {
    const sent = await ecwid.createStaff(email, scopes, options);
    return mapOk(
      refusedUnless(sent, ({ done }) => done),
      () => toNewInvite(account.id, email, scopes),
    );
  };

  return {
    capabilities: CAPABILITIES,
    health: call.health,
    remembers: 'WITHDRAWN_INVITES',

    profile: async (reading) => {
      const fields = profileFields(reading.fields);
      const seen = await reading.ask(account.id, `profile ${fields}`, async (asking) =>
        toProfile(valueOf(await ecwid.getProfile(fields, asking))),
      );
      return seen.value;
    },

    roles: async (reading) => {
      const seen = await reading.ask(account.id, 'roles', async (asking) =>
        valueOf(await ecwid.listStaffScopes(asking)).map(toRole),
      );
      return certain(seen);
    },

    staffPage: async (reading, page, filter) => {
      const fields = staffFields(reading.fields, filter.status && 'inviteAccepted', filter.search && 'name');
      const seen = await listed(reading, fields);
      return pageOf(membershipsOf(seen.value).staff.filter(matchesStaff(filter)), page, seen);
    },

    staffByIds: async (reading, localIds) => {
      const wanted = new Set(localIds.filter(isStaffId));
      if (wanted.size === 0) return [];
      return certain(await listed(reading))
        .filter((row) => wanted.has(staffIdOf(row) ?? ''))
        .map((row) => toMembership(account.id, row)?.staffMember)
        .filter((member) => member !== undefined);
    },

    invitePage: async (reading, page, filter) => {
      const seen = await listed(reading, staffFields(reading.fields, 'inviteAccepted'));
      const invites = await withWithdrawn(membershipsOf(seen.value).invites, reading);
      return pageOf(invites.filter(matchesInvite(filter)), page, seen);
    },

    invitesByIds: async (reading, localIds) => {
      const wanted = idsOf(localIds.filter(isInviteId));
      if (wanted.size === 0) return [];
      const seen = await listed(reading, staffFields(reading.fields, 'inviteAccepted'));
      return (await withWithdrawn(membershipsOf(certain(seen)).invites, reading)).filter(({ id }) =>
        wanted.has(id),
      );
    },

    // Lists are in the order of their ids.
    isPosition: (position) => {
      const ref = parseId(position);
      return ref?.account === account.id && (isStaffId(ref.local) || isInviteId(ref.local));
    },

    localIdOfInvite: () => null,

    resend: async (invite, options) => {
      const sent = await ecwid.resendInvite(addressOf(invite), options);
      return mapOk(
        refusedUnless(sent, ({ done }) => done),
        () => invite,
      );
    },

    sendNew: (invite, options) =>
      createStaff(
        addressOf(invite),
        invite.roles.map(({ id }) => id),
        options,
      ),

    create: ({ email, roleIds }, options) => createStaff(email, roleIds, options),

    revoke: async (invite, options) => {
      const cancelled = await ecwid.cancelInvite(addressOf(invite), options);
      return mapOk(
        refusedUnless(cancelled, ({ done }) => done),
        () => ({ ...invite, status: 'REVOKED', staffMember: null }),
      );
    },

    reveal: () => Promise.reject(new VendorFailure('NOT_SUPPORTED')),
    lastInvited: () => Promise.resolve(null),
    inviteNeeds: { names: false, roles: false, noRolesGrantEverything: true },
  };
}

// An Ecwid invite always has one: its id is made of it.
const addressOf = ({ email }: Invite): string => email ?? '';

/** The columns of `staffList` that an operation needs, in one order so that equal needs are equal questions. */
function staffFields({ staffMember, invite }: Fields, ...also: readonly (string | null)[]): string {
  const columns = {
    // They make the ids: a pending row may lack its own.
    id: true,
    email: true,
    name: staffMember.has('name'),
    staffScopes: staffMember.has('roles') || staffMember.has('fullAccess') || invite.has('roles'),
    inviteAccepted: staffMember.has('status') || invite.size > 0,
  };
  const wanted = Object.entries(columns).filter(([column, selected]) => selected || also.includes(column));
  return `staffList(${wanted.map(([column]) => column).join(',')})`;
}

function profileFields({ account }: Fields): string {
  const columns: string[] = [];
  if (account.has('name')) columns.push('settings(storeName)', 'company(companyName)');
  if (account.has('url')) columns.push('generalInfo(storeUrl)');
  const owner = [account.has('name') && 'accountName', account.has('status') && 'suspended'].filter(
    (column) => column !== false,
  );
  return [...columns, ...(owner.length > 0 ? [`account(${owner.join(',')})`] : [])].join(',');
}

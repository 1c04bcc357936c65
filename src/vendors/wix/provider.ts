import { z } from 'zod';
import { formatId, localIdOf, parseId } from '../../ids';
import { sameEmail } from '../../email';
import type { Invite, Role, StaffMember } from '../../model';
import { byId, pageOf } from '../../pagination';
import { createVendorCall } from '../call';
import { capabilities, credential, defineVendor } from '../definition';
import { matchesInvite, matchesStaff } from '../filter';
import { orWithout } from '../in-time';
import { mapOk, type Outcome, refusedUnless, VendorFailure, valueOf } from '../outcome';
import type { Provider, ProviderParts, Reading, WriteOptions } from '../provider';
import { certain, type Seen } from '../shared-reads';
import type { WixInvite } from './wire';
import { createWixClient, wixDialect } from './client';
import {
  answered,
  isGuid,
  type RoleNames,
  toInvite,
  toProfile,
  toRole,
  toStaffMember,
  toUnreadableInvite,
} from './mapper';

const guid = z
  .string('is missing')
  .transform((id) => id.toLowerCase())
  .refine(isGuid, 'must be a GUID');

/** Wix user management: https://dev.wix.com/docs/api-reference/account-level/user-management */
export const wix = defineVendor({
  baseUrl: 'https://www.wixapis.com',
  settings: { siteId: guid, wixAccountId: guid.optional(), apiKey: credential },
  open: ({ siteId, wixAccountId, apiKey }) => ({
    externalId: siteId,
    connect: (parts) => createWixProvider(siteId, wixAccountId ?? null, apiKey, parts),
  }),
});

const CAPABILITIES = capabilities({
  LIST_STAFF: [
    'NATIVE',
    'Contributors by id; addresses only of those whose invite was sent through this API.',
  ],
  LIST_INVITES: [
    'EMULATED',
    'Wix cannot list invites: those sent or answered through this API are remembered.',
  ],
  READ_INVITE: ['EMULATED', 'As remembered; what happened at Wix since then shows with its next answer.'],
  RESEND_INVITE: ['NATIVE', 'Also for an invite that is not remembered, by its GUID; Wix decides.'],
  SEND_NEW_INVITE: ['NATIVE', 'A new invite with the remembered roles and a new id.'],
  INVITE_STAFF_MEMBER: ['NATIVE', 'Needs at least one role.'],
  REVOKE_INVITE: ['NATIVE', 'Also for an invite that is not remembered, by its GUID; Wix decides.'],
  REVEAL_INVITE_LINK: ['NONE', 'Wix shows the link only to who sends the invite; it is not kept.'],
});

function createWixProvider(
  siteId: string,
  wixAccountId: string | null,
  apiKey: string,
  parts: ProviderParts,
): Provider {
  const { account, memory, clock } = parts;
  const call = createVendorCall(wixDialect(parts.baseUrl, apiKey), parts);
  const wix = createWixClient(call, siteId, wixAccountId);

  const roles = async (reading: Reading): Promise<readonly Role[]> => {
    if (wixAccountId === null) throw new VendorFailure('NOT_SUPPORTED');
    const seen = await reading.ask(account.id, 'roles', async (asking) =>
      valueOf(await wix.getRoles(asking))
        .map(toRole)
        .filter((role) => role !== null),
    );
    return seen.value;
  };

  /** Names are an ornament: without them an invite still shows its role ids. */
  const roleNames = async (reading: Reading): Promise<RoleNames> => {
    if (!reading.fields.role.has('name')) return new Map();
    const named = await roles(reading).catch(() => []);
    return new Map(named.map(({ id, name }) => [id, name]));
  };

  const invites = async (reading: Reading): Promise<Invite[]> => {
    const [remembered, names] = await Promise.all([memory.remembered(reading.signal), roleNames(reading)]);
    return byId(remembered.map((invite) => toInvite(account.id, invite, names, clock())));
  };

  /** Contributors with the invites that they accepted, as far as those are remembered. */
  const staff = async (reading: Reading): Promise<Seen<StaffMember[]>> => {
    const [seen, sent] = await Promise.all([
      reading.ask(account.id, 'contributors', async (asking) => valueOf(await wix.queryContributors(asking))),
      orWithout([], invites(reading)),
    ]);
    const accepted = new Map(
      sent.filter(({ status }) => status === 'ACCEPTED').map((invite) => [invite.staffMemberId, invite]),
    );
    const ids = [...new Set(seen.value.map((id) => id.toLowerCase()).filter(isGuid))].sort();
    const value = ids.map((id) =>
      toStaffMember(account.id, id, accepted.get(formatId(account.id, id)) ?? null),
    );
    return { ...seen, value };
  };

  const toAnswered = (before: Invite, answer: WixInvite): Invite => {
    const invite = answered(before, answer);
    if (invite.status === 'UNKNOWN' && answer.status !== null)
      parts.transport.metrics.unknownWords.inc({ vendor: account.vendor });
    return invite;
  };

  /** A new invite with the roles of another: Wix makes many at once, and we ask for one. */
  const bulk = async (like: Invite, email: string, options: WriteOptions): Promise<Outcome<Invite>> => {
    const outcome = await wix.bulkInvite(
      email,
      like.roles.map(({ id }) => id),
      options,
    );
    const made = refusedUnless(
      outcome,
      ({ failedEmails }) => !failedEmails.some((failed) => sameEmail(failed, email)),
    );
    if (made.kind !== 'ok') return made;
    const [answer] = made.value.invites;
    // Taken, but without an id the new invite cannot be told from any other.
    if (!isGuid(answer?.id?.toLowerCase() ?? '') || !answer)
      return { kind: 'unknown', cause: 'PROTOCOL', requestId: made.requestId };
    const fresh = {
      ...like,
      status: 'PENDING',
      createdAt: null,
      expiresAt: null,
      staffMemberId: null,
      unreadable: null,
    } as const;
    return { ...made, value: toAnswered(fresh, answer) };
  };

  return {
    capabilities: CAPABILITIES,
    health: call.health,
    remembers: 'EVERY_INVITE',

    profile: async (reading) => {
      const seen = await reading.ask(account.id, 'profile', async (asking) => {
        if (wixAccountId !== null) return toProfile(valueOf(await wix.querySite(asking)));
        const { name } = valueOf(await wix.getSiteName(asking));
        return { name, url: null, status: 'UNKNOWN' } as const;
      });
      return seen.value;
    },

    roles,

    staffPage: async (reading, page, filter) => {
      const seen = await staff(reading);
      return pageOf(seen.value.filter(matchesStaff(filter)), page, seen);
    },

    staffByIds: async (reading, localIds) => {
      if (!localIds.some(isGuid)) return [];
      const wanted = new Set(localIds.map((local) => formatId(account.id, local)));
      return certain(await staff(reading)).filter(({ id }) => wanted.has(id));
    },

    invitePage: async (reading, page, filter) =>
      pageOf((await invites(reading)).filter(matchesInvite(filter)), page, null),

    invitesByIds: async (reading, localIds) => {
      const wanted = localIds.filter(isGuid);
      if (wanted.length === 0) return [];
      const known = new Map((await invites(reading)).map((invite) => [localIdOf(invite.id), invite]));
      return wanted.map((local) => known.get(local) ?? toUnreadableInvite(account.id, local));
    },

    // Lists are in the order of their ids.
    isPosition: (position) => {
      const ref = parseId(position);
      return ref?.account === account.id && isGuid(ref.local);
    },

    localIdOfInvite: (externalId) => {
      const id = externalId.toLowerCase();
      return isGuid(id) ? id : null;
    },

    resend: async (invite, options) =>
      mapOk(await wix.resendInvite(localIdOf(invite.id), options), (answer) => toAnswered(invite, answer)),

    // A null address is refused by Wix; an invite that could be sent anew always has one.
    sendNew: (invite, options) => bulk(invite, invite.email ?? '', options),

    create: ({ email, roleIds }, options) => {
      const roles = roleIds.map((id) => ({ id, name: null }));
      return bulk({ ...toUnreadableInvite(account.id, ''), email, roles }, email, options);
    },

    revoke: async (invite, options) =>
      mapOk(await wix.revokeInvite(localIdOf(invite.id), options), () => ({
        ...invite,
        status: 'REVOKED',
        vendorStatus: null,
      })),

    reveal: () => Promise.reject(new VendorFailure('NOT_SUPPORTED')),
    lastInvited: () => Promise.resolve(null),
    inviteNeeds: { names: false, roles: true, noRolesGrantEverything: false },
  };
}

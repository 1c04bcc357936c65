import { emailLocalId } from '../../src/email';
import type { Vendor } from '../../src/model';
import {
  type Effect,
  findInvite,
  instant,
  sendAgain,
  sendNew,
  type SimulatedVendor,
  type Store,
  type VendorInvite,
} from './vendor';

const WEEK_MS = 7 * 86_400_000;
const email = (invite: VendorInvite, named: string | null): Effect => ({
  kind: 'EMAIL',
  email: invite.email,
  named,
  invite: invite.id,
});
const withdrawal = (invite: VendorInvite): Effect => ({
  kind: 'WITHDRAWAL',
  email: invite.email,
  named: invite.id,
  invite: invite.id,
});
const withdraw = (invite: VendorInvite): VendorInvite => Object.assign(invite, { status: 'REVOKED' });
const textOf = (body: unknown, field: string): string => String((body as Record<string, unknown>)[field]);

const wix: SimulatedVendor = {
  vendor: 'WIX',
  account: (key) => ({
    ...{ key, tenant: key, vendor: 'wix' },
    ...{ siteId: '11111111-1111-4111-8111-111111111111', apiKey: 'key' },
  }),
  localId: ({ id }) => id,
  roles: ['role'],
  read: () => {
    throw new Error('nothing of Wix is read before a write');
  },
  write: (store, { path, body }) => {
    const [, , id = '', verb] = path.split('/').filter((part) => part !== '');
    if (id === 'bulk') {
      const [address = ''] = (body as { emails: string[] }).emails;
      const made = sendNew(store, guid(store.invites.length + 1), address);
      return { body: { invites: [wixInvite(made)], failedEmails: [] }, effect: email(made, null) };
    }
    const invite = findInvite(store, (each) => each.id === id);
    if (!invite) return null;
    if (verb === 'revoke') return { body: {}, effect: withdrawal(withdraw(invite)) };
    return { body: { invite: wixInvite(sendAgain(store, invite)) }, effect: email(invite, id) };
  },
};

/** The Wix id of the invite that was made at this place. */
export const guid = (place: number): string => `00000000-0000-4000-8000-${String(place).padStart(12, '0')}`;

const wixInvite = ({ id, email: address, createdAt, sentAt }: VendorInvite) => ({
  ...{ id, email: address, policyIds: ['role'], status: 'Pending' },
  ...{ dateCreated: instant(createdAt), expirationDate: instant(sentAt + WEEK_MS) },
});

const softwareone: SimulatedVendor = {
  vendor: 'SOFTWAREONE',
  account: (key) => ({ key, tenant: key, vendor: 'softwareone', accountId: 'ACC-0000-0001', token: 'token' }),
  localId: ({ id }) => id,
  roles: ['UGR-0000-0001'],
  read: (store, { path }) => {
    const asked = decodeURIComponent(path);
    const single = /account-users\/(AUSR[\d-]+)/.exec(asked)?.[1];
    const rows = store.invites.filter(({ status }) => status !== 'REVOKED');
    if (single !== undefined) return rows.filter(({ id }) => id === single).map(member)[0] ?? null;
    const data = rows.filter(({ id, email: to }) => asked.includes(id) || asked.includes(to)).map(member);
    return { data, $meta: { pagination: { total: data.length } } };
  },
  write: (store, { method, path, body }) => {
    const id = /account-users\/(AUSR[\d-]+)/.exec(path)?.[1];
    if (id === undefined) {
      const address = textOf((body as { user: unknown }).user, 'email');
      const made = sendNew(store, membershipId(store.invites.length + 1), address);
      return { body: member(made), effect: email(made, null) };
    }
    const invite = findInvite(store, (each) => each.id === id);
    if (!invite) return null;
    if (method === 'DELETE') return { body: {}, effect: withdrawal(withdraw(invite)) };
    return { body: member(sendAgain(store, invite)), effect: email(invite, null) };
  },
};

const membershipId = (place: number): string => `AUSR-0000-0000-${String(place).padStart(4, '0')}`;

const member = ({ id, email: address, status, createdAt, sentAt }: VendorInvite) => ({
  id,
  account: { id: 'ACC-0000-0001' },
  user: { name: 'A Person', email: address, status: 'Active' },
  invitation: { status: status === 'EXPIRED' ? 'InvitationExpired' : 'Invited' },
  groups: [{ id: 'UGR-0000-0001', name: 'Group' }],
  audit: { created: { at: instant(createdAt) }, invited: { at: instant(sentAt) } },
});

const ecwid: SimulatedVendor = {
  vendor: 'ECWID',
  account: (key) => ({ key, tenant: key, vendor: 'ecwid', storeId: '1001', token: 'token' }),
  localId: ({ email: address }) => emailLocalId(address),
  roles: ['SALES_MANAGEMENT'],
  read: ({ invites }) => ({
    staffList: invites
      .filter(({ status }) => status === 'PENDING')
      .map((each) => ({ email: each.email, staffScopes: ['SALES_MANAGEMENT'], inviteAccepted: false })),
  }),
  write: (store, { method, path, body }) => {
    const address = textOf(body, 'email');
    if (!path.endsWith('/invite'))
      return { body: { success: true }, effect: email(sendNew(store, idOf(store), address), null) };
    const invite = findInvite(store, (each) => each.email === address);
    if (!invite) return null;
    if (method === 'DELETE') return { body: { deleteCount: 1 }, effect: withdrawal(withdraw(invite)) };
    return { body: { success: true }, effect: email(sendAgain(store, invite), null) };
  },
};

const idOf = ({ invites }: Store): string => `p${invites.length + 1}`;

/** All vendors, as in `src/vendors/registry.ts`. */
export const simulatedVendors: Record<Vendor, SimulatedVendor> = {
  ECWID: ecwid,
  SOFTWAREONE: softwareone,
  WIX: wix,
};

/** The vendor's id of its first invite. */
export const firstId = (vendor: Vendor, place: number): string =>
  vendor === 'WIX' ? guid(place) : vendor === 'SOFTWAREONE' ? membershipId(place) : `p${place}`;

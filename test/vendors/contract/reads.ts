import { localIdOf } from '../../../src/ids';
import { type Invite, INVITE_STATUSES, type StaffMember } from '../../../src/model';
import { reading } from '../../support/provider';
import type { Suite, Tests } from './suite';

const everyone = { status: null, emails: null, search: null };
const everyInvite = { status: INVITE_STATUSES, emails: null, expiresBefore: null };
const page = { first: 100, after: null };
const localIds = (rows: readonly { readonly id: string }[]): string[] =>
  rows.map(({ id }) => localIdOf(id)).sort();

/** Reads by id, and the links between people and invites. */
export function readTests({ provider: expected, demo }: Suite): Tests {
  const connect = () => demo().connect(expected.account);
  const all = async (): Promise<{ staff: StaffMember[]; invites: Invite[] }> => {
    const { provider } = connect();
    const shared = reading();
    const staff = await provider.staffPage(shared, page, everyone);
    const invites = await provider.invitePage(shared, page, everyInvite);
    return { staff: staff.rows.map(({ item }) => item), invites: invites.rows.map(({ item }) => item) };
  };

  return {
    'finds every person of the list, and omits unknown ids': async () => {
      const { staff } = await all();
      const { provider } = connect();
      const found = await provider.staffByIds(reading(), [expected.unknown.staff, ...localIds(staff)]);
      expect(staff.length).toBeGreaterThan(2);
      expect(localIds(found)).toEqual(localIds(staff));
    },

    'finds every invite of the list, and omits unknown ids': async () => {
      const { invites } = await all();
      const { provider } = connect();
      const found = await provider.invitesByIds(reading(), [expected.unknown.invite, ...localIds(invites)]);
      expect(invites.length).toBeGreaterThan(2);
      expect(localIds(found)).toEqual(localIds(invites));
    },

    'returns the same fields as the list': async () => {
      const { staff, invites } = await all();
      const { provider } = connect();
      for (const member of staff.slice(0, 3))
        expect(await provider.staffByIds(reading(), [localIdOf(member.id)])).toEqual([member]);
      for (const invite of invites.slice(0, 3))
        expect(await provider.invitesByIds(reading(), [localIdOf(invite.id)])).toEqual([invite]);
    },

    'omits malformed staff ids without a vendor call': async () => {
      const { provider, vendor } = connect();
      expect(await provider.staffByIds(reading(), expected.malformed.staff)).toEqual([]);
      expect(vendor.requests).toEqual([]);
    },

    'omits malformed invite ids without a vendor call': async () => {
      const { provider, vendor } = connect();
      expect(await provider.invitesByIds(reading(), expected.malformed.invite)).toEqual([]);
      expect(vendor.requests).toEqual([]);
    },

    'finds the rows of another account under the same ids': async () => {
      const { staff } = await all();
      const { emulators } = demo();
      const { vendor } = emulators.accounts.find(({ key }) => key === expected.account) ?? {};
      const others = emulators.accounts.filter(
        (other) => other.vendor === vendor && other.key !== expected.account,
      );
      expect(others.length).toBeGreaterThan(0);
      for (const { key } of others) {
        const { provider } = demo().connect(key);
        const own = (await provider.staffPage(reading(), page, everyone)).rows.map(({ item }) => item);
        const found = await provider.staffByIds(reading(), localIds(staff));
        expect(found).toEqual(own.filter(({ id }) => localIds(staff).includes(localIdOf(id))));
        expect(own.every(({ accountId }) => accountId === key)).toBe(true);
      }
    },

    'links a pending person and the invite to each other': async () => {
      const { staff, invites } = await all();
      const invited = staff.filter(({ status }) => status === 'INVITED');
      expect(invited.length).toBeGreaterThan(1);
      for (const member of invited) {
        expect(member.invite).toMatchObject({ status: 'PENDING', email: member.email });
        const invite = invites.find(({ id }) => id === member.invite?.id);
        expect(invite?.staffMember?.id).toBe(member.id);
      }
      expect(invites.filter(({ status }) => status === 'PENDING')).toHaveLength(invited.length);
    },

    'links a joined person and the accepted invite to each other': async () => {
      const { staff, invites } = await all();
      const joined = staff.filter(({ status, invite }) => status === 'ACTIVE' && invite !== null);
      expect(joined.length).toBeGreaterThan(1);
      for (const member of joined) {
        const invite = invites.find(({ id }) => id === member.invite?.id);
        expect(invite?.status).toBe('ACCEPTED');
        expect(invite?.staffMember?.id ?? invite?.staffMemberId).toBe(member.id);
      }
    },
  };
}

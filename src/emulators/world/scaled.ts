import type { DemoAccount } from '../accounts';
import { everyScope, type EcwidStore } from '../ecwid/model';
import { code, guid } from '../seeded';
import type { SwoAccount, SwoGroup, SwoMembership, SwoUser } from '../softwareone/model';
import { inviteLifeMs, type WixSite, type WixSiteInvite } from '../wix/model';
import { acceptLink, wixAccountOf } from '../wix/store';
import { datesFrom, type At, type World } from './world';

/** How large a world made to measure is, for each vendor. */
export interface Scale {
  readonly accounts: number;
  readonly staffPerAccount: number;
}

const tenant = 'bench';
const digits = (number: number, length: number) => String(number).padStart(length, '0');
const isPending = (staff: number) => staff % 5 === 4;
const counted = (count: number) => Array.from({ length: count }, (_, index) => index);
const address = (account: number, staff: number) => `staff${staff}@account-${digits(account + 1, 4)}.example`;

/** A world of equal accounts, a fifth of their staff pending. */
export function scaledWorld(epoch: number, { accounts, staffPerAccount }: Scale): World {
  const at = datesFrom(epoch);
  const indexes = counted(accounts);
  const staff = counted(staffPerAccount);
  const ecwid = indexes.map((index) => store(index, staff));
  const wix = indexes.map((index) => site(index, staff, at));
  const owners = indexes.map((index) => swoAccount(index, at));
  const configured: DemoAccount[] = [
    ...ecwid.map(({ key, storeId, token }): DemoAccount => ({
      key,
      tenant,
      vendor: 'ecwid',
      storeId,
      token,
    })),
    ...owners.map(({ key, id: accountId, token }): DemoAccount => ({
      key: key ?? '',
      tenant,
      vendor: 'softwareone',
      accountId,
      token: token.value,
    })),
    ...wix.map(({ key, id: siteId, ownerAccountId: wixAccountId, apiKey }): DemoAccount => ({
      key: key ?? '',
      tenant,
      vendor: 'wix',
      siteId,
      wixAccountId,
      apiKey,
    })),
  ];
  return {
    accounts: configured,
    ecwid,
    softwareone: {
      accounts: owners,
      users: indexes.flatMap((index) => staff.map((one) => user(index, one, staffPerAccount, at))),
      memberships: indexes.flatMap((index) =>
        staff.map((one) => membership(index, one, staffPerAccount, at)),
      ),
      groups: indexes.map(swoGroup),
      modules: [{ id: 'MOD-1756', name: 'Access Management', description: 'Users and groups', paid: false }],
      buyers: [],
    },
    wix,
    remembered: {
      wix: wix.flatMap(({ key, invites }) => invites.map((invite) => ({ account: key ?? '', invite }))),
      ecwidRevoked: [],
    },
  };
}

function store(index: number, staff: readonly number[]): EcwidStore {
  const key = `ecwid-${digits(index + 1, 4)}`;
  const storeId = String(5_000_001 + index);
  return {
    key,
    storeId,
    token: `secret_bench_${digits(index + 1, 4)}`,
    suspended: false,
    scopes: everyScope,
    profile: {
      generalInfo: { storeId: Number(storeId), storeUrl: `https://${key}.example`, profileId: 'p10000000' },
      account: { accountName: key, accountEmail: `owner@${key}.example`, suspended: false },
      settings: { closed: false, storeName: `Store ${index + 1}` },
    },
    staff: staff.map((one) => ({
      id: `p${10_000_000 + one}`,
      name: `Staff ${one}`,
      email: address(index, one),
      staffScopes: ['CATALOG_MANAGEMENT', 'REPORT_ACCESS'],
      inviteAccepted: !isPending(one),
    })),
  };
}

const accountId = (index: number) => `ACC-1000-${digits(index + 1, 4)}`;
const groupId = (index: number) => `UGR-1000-${digits(index + 1, 4)}`;
const userId = (index: number, staff: number, perAccount: number) => {
  const number = digits(10_000_000 + index * perAccount + staff, 8);
  return `USR-${number.slice(0, 4)}-${number.slice(4)}`;
};

function swoAccount(index: number, at: At): SwoAccount {
  const key = `softwareone-${digits(index + 1, 4)}`;
  const tokenId = accountId(index).replace('ACC', 'TKN');
  const token = { id: tokenId, name: 'bench', value: `idt:${tokenId}:bench` };
  const name = `Account ${index + 1}`;
  return {
    key,
    id: accountId(index),
    name,
    type: 'Client',
    status: 'Active',
    country: 'ES',
    createdAt: at(-400),
    token,
  };
}

const swoGroup = (index: number): SwoGroup => ({
  id: groupId(index),
  accountId: accountId(index),
  name: 'Administrators',
  isDefault: true,
  moduleIds: ['MOD-1756'],
});

function user(index: number, staff: number, perAccount: number, at: At): SwoUser {
  const seen = isPending(staff) ? {} : { lastLoginAt: at(-1) };
  const names = { firstName: 'Staff', lastName: String(staff) };
  return {
    id: userId(index, staff, perAccount),
    email: address(index, staff),
    ...names,
    blocked: false,
    ...seen,
  };
}

function membership(index: number, staff: number, perAccount: number, at: At): SwoMembership {
  const number = digits(staff, 8);
  const id = `AUSR-${digits(index + 1, 4)}-${number.slice(0, 4)}-${number.slice(4)}`;
  const pending = isPending(staff);
  const created = { at: at(pending ? -2 : -200) };
  const joined = { joined: { at: at(-199) }, invitationAcceptedAt: at(-199) };
  return {
    id,
    userId: userId(index, staff, perAccount),
    accountId: accountId(index),
    groupIds: [groupId(index)],
    buyerIds: [],
    joined: !pending,
    invitedAt: created.at,
    inviteCode: code(`${id} invite`),
    audit: { created, updated: created, ...(pending ? { invited: created } : joined) },
    ...(pending ? {} : { lastLoginAt: at(-1) }),
  };
}

function site(index: number, staff: readonly number[], at: At): WixSite {
  const key = `wix-${digits(index + 1, 4)}`;
  const id = guid(`bench site ${key}`);
  const ownerAccountId = guid(`bench owner ${key}`);
  const policyIds = ['6600344420111308827'];
  const invites = staff.map((one): WixSiteInvite => {
    const email = address(index, one);
    const inviteId = guid(`bench invite ${key} ${one}`);
    const pending = isPending(one);
    const dateCreated = at(pending ? -2 : -200);
    return {
      id: inviteId,
      siteId: id,
      email,
      policyIds,
      status: pending ? 'Pending' : 'Used',
      acceptLink: acceptLink(inviteId),
      inviterAccountId: ownerAccountId,
      ...(pending ? {} : { acceptedByAccountId: wixAccountOf(email) }),
      dateCreated,
      expirationDate: new Date(Date.parse(dateCreated) + inviteLifeMs).toISOString(),
      locationIds: [],
      callerCapabilities: [],
    };
  });
  const contributors = invites.flatMap(({ email, acceptedByAccountId }) =>
    acceptedByAccountId === undefined ? [] : [{ accountId: acceptedByAccountId, email, policyIds }],
  );
  const names = { name: key, displayName: `Site ${index + 1}`, createdDate: at(-400) };
  const kind = { published: true, namespace: 'WIX' as const };
  return { key, id, ownerAccountId, apiKey: `IST.bench-${key}`, ...names, ...kind, invites, contributors };
}

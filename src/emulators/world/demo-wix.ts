import { guid } from '../seeded';
import { acceptLink, wixAccountOf } from '../wix/store';
import {
  inviteLifeMs,
  type WixContributor,
  type WixInviteStatus,
  type WixSite,
  type WixSiteInvite,
} from '../wix/model';
import { people, samWithTag, type Person } from './demo-people';
import type { At, Remembered } from './world';

const manager = '6600344420111308827';
const coOwner = '6732588207941061632';
const frontDesk = '7046409866117400001';

/** Person, roles, state, days since it was sent, and by whom: the demo's own API, or somebody in the Wix dashboard. */
type InviteLine = readonly [
  person: Person,
  roles: readonly string[],
  status: WixInviteStatus,
  sentOn: number,
  by: 'api' | 'dashboard',
];

const cafeInvites: readonly InviteLine[] = [
  [people.freya, [frontDesk], 'Pending', -2, 'api'],
  [samWithTag, [manager], 'Pending', -6, 'api'],
  [people.nora, [manager], 'Used', -90, 'api'],
  [people.amira, [frontDesk], 'Used', -61, 'api'],
  [people.dmitri, [frontDesk], 'Deleted', -12, 'api'],
  [people.beatriz, [manager, frontDesk], 'Declined', -9, 'api'],
  [people.hugo, [frontDesk], 'Expired', -45, 'api'],
  [people.wen, [coOwner], 'Pending', -3, 'dashboard'],
  [people.ruth, [frontDesk], 'Used', -120, 'dashboard'],
  [people.ines, [manager], 'Expired', -70, 'dashboard'],
];

const studioInvites: readonly InviteLine[] = [
  [people.jonas, [manager], 'Pending', -4, 'api'],
  [people.nora, [frontDesk], 'Used', -33, 'api'],
  [people.carmen, [frontDesk], 'Expired', -52, 'api'],
  [people.teo, [manager], 'Pending', -1, 'dashboard'],
];

/** Members who joined before invites were kept: no invite tells of them. */
const cafeElders: readonly Person[] = [people.kofi];
const studioElders: readonly Person[] = [people.iris];

interface SiteLine {
  readonly key: string | null;
  readonly id: string;
  readonly owner: string;
  readonly displayName: string;
  readonly name: string;
  readonly namespace?: WixSite['namespace'];
  readonly published?: boolean;
  readonly invites?: readonly InviteLine[];
  readonly elders?: readonly Person[];
}

const cafeOwner = '8f0e2a54-3c1b-4d68-a0c7-6f3b5e9d1122';
const studioOwner = guid('demo wix account globex');

const sites: readonly SiteLine[] = [
  {
    key: 'harbour-cafe',
    id: '5a1d6c1e-0f43-4f5b-9b7a-2f2d0a1c9e10',
    owner: cafeOwner,
    displayName: 'Harbour Cafe',
    name: 'harbour-cafe',
    invites: cafeInvites,
    elders: cafeElders,
  },
  {
    key: 'globex-studio',
    id: guid('demo wix site globex-studio'),
    owner: studioOwner,
    displayName: 'Globex Studio',
    name: 'globex-studio',
    invites: studioInvites,
    elders: studioElders,
  },
  // The cafe's owner has more sites than are configured.
  {
    key: null,
    id: guid('demo wix site events'),
    owner: cafeOwner,
    displayName: 'Harbour Cafe Events',
    name: 'harbour-events',
  },
  {
    key: null,
    id: guid('demo wix site app'),
    owner: cafeOwner,
    displayName: 'Harbour App',
    name: 'harbour-app',
    namespace: 'HEADLESS',
    published: false,
  },
];

/** The API key of a Wix account: it opens every site of its owner. */
const demoApiKey = (owner: string): string => `IST.demo-${owner.slice(0, 8)}`;

/** The demo's sites. */
export function demoSites(at: At): readonly WixSite[] {
  return sites.map((site) => {
    const { key, id, owner, name, displayName, namespace = 'WIX', published = true } = site;
    const invites = (site.invites ?? []).map((line, index) => toInvite(site, line, index, at));
    const joined = invites.flatMap(
      ({ email, policyIds, acceptedByAccountId: accountId }): WixContributor[] =>
        accountId === undefined ? [] : [{ accountId, email, policyIds }],
    );
    const elders = (site.elders ?? []).map(([, , email]) => ({
      accountId: wixAccountOf(email),
      email,
      policyIds: [manager],
    }));
    const contributors = [...elders, ...joined];
    const createdDate = at(-560);
    const ownerAccountId = owner;
    const apiKey = demoApiKey(owner);
    return {
      key,
      id,
      ownerAccountId,
      apiKey,
      name,
      displayName,
      createdDate,
      published,
      namespace,
      invites,
      contributors,
    };
  });
}

/** The invites that the demo's own API sent, as Wix has them. */
export function demoRememberedInvites(at: At): Remembered['wix'] {
  return sites.flatMap((site) =>
    (site.invites ?? []).flatMap((line, index) => {
      const [, , , , by] = line;
      return by === 'api' && site.key !== null
        ? [{ account: site.key, invite: toInvite(site, line, index, at) }]
        : [];
    }),
  );
}

function toInvite(
  site: SiteLine,
  [person, roles, status, sentOn]: InviteLine,
  index: number,
  at: At,
): WixSiteInvite {
  const [, , email] = person;
  const id = guid(`demo wix invite ${site.name} ${index}`);
  const dateCreated = at(sentOn, '10:30');
  return {
    id,
    siteId: site.id,
    email,
    policyIds: [...roles],
    status,
    acceptLink: acceptLink(id),
    inviterAccountId: site.owner,
    ...(status === 'Used' ? { acceptedByAccountId: wixAccountOf(email) } : {}),
    dateCreated,
    expirationDate: new Date(Date.parse(dateCreated) + inviteLifeMs).toISOString(),
    locationIds: [],
    callerCapabilities: [],
  };
}

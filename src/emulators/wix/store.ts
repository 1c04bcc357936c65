import { toIso } from '../clock';
import type { EmulatorClock } from '../emulator';
import { guid, hex } from '../seeded';
import { inviteLifeMs, type WixContributor, type WixSite, type WixSiteInvite } from './model';

/** One site, changeable; invites expire by the clock. */
export interface SiteBook {
  readonly seed: WixSite;
  /** As it stands now. */
  readonly invite: (id: string) => WixSiteInvite | undefined;
  readonly contributors: () => readonly WixContributor[];
  /** A new invite, with a new id; a pending one for the same address is dead with it. */
  readonly create: (email: string, policyIds: readonly string[]) => WixSiteInvite;
  readonly set: (id: string, change: Partial<WixSiteInvite>) => void;
  readonly join: (invite: WixSiteInvite) => void;
}

/** The link that accepts an invite. */
export const acceptLink = (id: string): string =>
  `https://join.wix.example/accept?inviteId=${id}&token=${hex(`accept ${id}`, 32)}`;

/** Opens a site's book on a copy of its seed. */
export function createSiteBook(seed: WixSite, clock: EmulatorClock): SiteBook {
  const invites = new Map(structuredClone(seed.invites).map((invite) => [invite.id, invite]));
  const contributors = new Map(seed.contributors.map((one) => [one.accountId, one]));
  let created = 0;

  function current(invite: WixSiteInvite): WixSiteInvite {
    if (invite.status === 'Pending' && Date.parse(invite.expirationDate) <= clock.now())
      invite.status = 'Expired';
    return invite;
  }

  return {
    seed,
    invite: (id) => {
      const invite = invites.get(id);
      return invite && current(invite);
    },
    contributors: () => [...contributors.values()],
    create: (email, policyIds) => {
      for (const old of invites.values()) {
        if (sameAddress(old.email, email) && current(old).status === 'Pending') old.status = 'Deleted';
      }
      created += 1;
      const id = guid(`${seed.id} invite ${created}`);
      const invite: WixSiteInvite = {
        id,
        siteId: seed.id,
        email,
        policyIds: [...policyIds],
        status: 'Pending',
        acceptLink: acceptLink(id),
        inviterAccountId: seed.ownerAccountId,
        dateCreated: toIso(clock.now()),
        expirationDate: toIso(clock.now() + inviteLifeMs),
        locationIds: [],
        callerCapabilities: [],
      };
      invites.set(id, invite);
      return invite;
    },
    set: (id, change) => {
      const invite = invites.get(id);
      if (invite) Object.assign(invite, change);
    },
    join: (invite) => {
      const accountId = wixAccountOf(invite.email);
      Object.assign(invite, { status: 'Used', acceptedByAccountId: accountId });
      contributors.set(accountId, { accountId, email: invite.email, policyIds: invite.policyIds });
    },
  };
}

/** The Wix account behind an address. */
export const wixAccountOf = (email: string): string => guid(`wix account ${email.toLowerCase()}`);

/** Whether two addresses reach one mailbox, as far as Wix is taken to tell. */
export const sameAddress = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

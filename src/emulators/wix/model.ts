/** The five words Wix has for an invite's state. */
export type WixInviteStatus = 'Pending' | 'Used' | 'Deleted' | 'Declined' | 'Expired';

/** A site invite as Wix writes it. */
export interface WixSiteInvite {
  id: string;
  siteId: string;
  email: string;
  policyIds: string[];
  status: WixInviteStatus;
  acceptLink: string;
  inviterAccountId: string;
  /** Only once accepted. */
  acceptedByAccountId?: string;
  dateCreated: string;
  expirationDate: string;
  locationIds: string[];
  callerCapabilities: string[];
}

/** A person with a role on a site; the API shows the account id alone. */
export interface WixContributor {
  readonly accountId: string;
  readonly email: string;
  readonly policyIds: readonly string[];
}

/** One site as the world describes it. */
export interface WixSite {
  /** The account key; null for a site that is not configured. */
  readonly key: string | null;
  readonly id: string;
  readonly ownerAccountId: string;
  readonly apiKey: string;
  /** The slug. */
  readonly name: string;
  readonly displayName: string;
  readonly createdDate: string;
  readonly published: boolean;
  readonly namespace: 'WIX' | 'HEADLESS';
  readonly invites: readonly WixSiteInvite[];
  readonly contributors: readonly WixContributor[];
}

/** A role that an invite may carry. */
export interface WixRole {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly restrictFromLevel?: 'Site' | 'Account';
  readonly custom?: true;
}

/** How long an invite lives; Wix does not say, so that nobody may count on it. */
export const inviteLifeMs = 30 * 24 * 60 * 60 * 1000;

/** The roles of every account: the published ids, the one of the documentation's samples, and one custom role. */
export const wixRoles: readonly WixRole[] = [
  { id: '6601492336091027458', title: 'Owner', description: 'Full access to the account' },
  {
    id: '6642345101181663232',
    title: 'Co-Owner (account)',
    description: 'Everything but deleting the account',
    restrictFromLevel: 'Site',
  },
  {
    id: '6732588207941061632',
    title: 'Co-Owner',
    description: 'Everything on this site but its deletion',
    restrictFromLevel: 'Account',
  },
  { id: '6600344420111308827', title: 'Website Manager', description: 'Edits and publishes the site' },
  {
    id: '7046409866117400001',
    title: 'Front desk',
    description: 'Takes bookings and answers the inbox',
    custom: true,
  },
];

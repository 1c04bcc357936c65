import { everyScope, type EcwidScope, type EcwidStaffRow, type EcwidStore } from '../ecwid/model';
import { fullName, people, type Person } from './demo-people';
import type { Remembered } from './world';

/** Staff id, person, permissions, whether the invite was accepted. No id: the row lacks id and name. */
type StaffLine = readonly [
  id: string | null,
  person: Person,
  scopes: readonly EcwidScope[],
  state: 'joined' | 'pending',
];

const everything: readonly EcwidScope[] = [];
const sales: readonly EcwidScope[] = ['SALES_MANAGEMENT', 'REPORT_ACCESS'];
const catalog: readonly EcwidScope[] = ['CATALOG_MANAGEMENT'];
const marketing: readonly EcwidScope[] = ['MARKETING_MANAGEMENT', 'WEBSITE_MANAGEMENT'];
const reports: readonly EcwidScope[] = ['REPORT_ACCESS'];

const harborTea: readonly StaffLine[] = [
  ['p90100001', people.mira, everyScope, 'joined'],
  ['p90112233', people.ines, sales, 'joined'],
  ['p90145566', people.omar, everything, 'joined'],
  ['p90150077', people.nora, reports, 'joined'],
  ['p90158812', people.darcy, catalog, 'joined'],
  ['p90161904', people.lukasz, [...catalog, ...sales], 'joined'],
  ['p90163310', people.zoe, marketing, 'joined'],
  ['p90170428', people.yael, sales, 'joined'],
  [null, people.lena, catalog, 'pending'],
  ['p90188001', people.priya, sales, 'pending'],
  [null, people.silas, everything, 'pending'],
  // Sam works in the cafe as well.
  [null, people.sam, reports, 'pending'],
];

const mapleBooks: readonly StaffLine[] = [
  ['p80200001', people.anais, everyScope, 'joined'],
  ['p80200417', people.bobby, catalog, 'joined'],
  ['p80200533', people.maxine, marketing, 'joined'],
  ['p80200798', people.wolfe, reports, 'joined'],
  ['p80201122', people.joerg, catalog, 'joined'],
  [null, people.tomas, sales, 'pending'],
  ['p80201440', people.meiling, marketing, 'pending'],
];

const globexParts: readonly StaffLine[] = [
  ['p70300001', people.dana, everyScope, 'joined'],
  // The id Omar Diaz has in another tenant's store: ids are unique within a store only.
  ['p90145566', people.viktor, sales, 'joined'],
  ['p70300219', people.ling, catalog, 'joined'],
  // Nora Lind advises both tenants.
  ['p70300340', people.nora, reports, 'joined'],
  [null, people.otto, catalog, 'pending'],
  [null, people.femi, sales, 'pending'],
];

/** The demo's stores; one of them suspended. */
export const demoStores: readonly EcwidStore[] = [
  store({ key: 'harbor-tea', storeId: '7700142', name: 'Harbor Tea', owner: people.mira, staff: harborTea }),
  store({
    key: 'maple-books',
    storeId: '7700188',
    name: 'Maple Books',
    owner: people.anais,
    staff: mapleBooks,
    suspended: true,
  }),
  store({
    key: 'globex-parts',
    storeId: '8800311',
    name: 'Globex Parts',
    owner: people.dana,
    staff: globexParts,
  }),
];

/** Invites that were sent and withdrawn again through an API in front of the vendor. */
export const demoRevoked: Remembered['ecwidRevoked'] = [
  { account: 'harbor-tea', row: pendingRow('season.2025@harbor-tea.example', catalog) },
  { account: 'globex-parts', row: pendingRow('stocktake@globex.example', sales) },
];

function pendingRow(email: string, scopes: readonly EcwidScope[]): EcwidStaffRow {
  return { email, staffScopes: [...scopes], inviteAccepted: false };
}

interface StoreLine {
  readonly key: string;
  readonly storeId: string;
  readonly name: string;
  readonly owner: Person;
  readonly staff: readonly StaffLine[];
  readonly suspended?: boolean;
}

function store({ key, storeId, name, owner, staff, suspended = false }: StoreLine): EcwidStore {
  const [, , accountEmail] = owner;
  return {
    key,
    storeId,
    token: `secret_demo_${key.replaceAll('-', '_')}`,
    suspended,
    scopes: everyScope,
    staff: staff.map(toRow),
    profile: {
      generalInfo: {
        storeId: Number(storeId),
        storeUrl: `https://${key}.example`,
        profileId: staff[0]?.[0] ?? '',
        websitePlatform: 'instantsite',
      },
      account: {
        accountName: fullName(owner),
        accountEmail,
        whiteLabel: false,
        brandName: 'Ecwid',
        suspended,
        availableFeatures: ['STAFF_SCOPES', 'INVITE_STAFF_FEATURE'],
        registrationDate: '2019-04-02 10:11:12 +0000',
      },
      settings: { closed: suspended, storeName: name },
      company: { companyName: `${name} Ltd`, email: accountEmail, countryCode: 'GB' },
      accountBilling: { pricingPlanName: 'Business', pricingPlanId: 'BUSINESS', inGracePeriod: false },
    },
  };
}

function toRow([id, person, scopes, state]: StaffLine): EcwidStaffRow {
  const [, , email] = person;
  const known = id === null ? {} : { id, name: fullName(person) };
  return { ...known, email, staffScopes: [...scopes], inviteAccepted: state === 'joined' };
}

import type { SwoAccount, SwoBuyer, SwoGroup, SwoModule, SwoUser, SwoWorld } from '../softwareone/model';
import { joergInPunycode, noraInCapitals, people, type Person } from './demo-people';
import { toMembership, type MembershipLine } from './demo-memberships';
import type { At } from './world';

const modules: readonly SwoModule[] = [
  { id: 'MOD-1756', name: 'Access Management', description: 'Users, groups and invitations', paid: false },
  {
    id: 'MOD-3028',
    name: 'Marketplace',
    description: 'Orders and subscriptions',
    filters: { 'group.buyers': ['selected', 'all'] },
    paid: false,
  },
  { id: 'MOD-9042', name: 'Spotlight', description: 'Spend and savings', paid: true },
];

const buyers: readonly SwoBuyer[] = [
  { id: 'BUY-3381-0042', name: 'Contoso Madrid' },
  { id: 'BUY-3381-0057', name: 'Contoso Lisbon' },
];

const groups: readonly SwoGroup[] = [
  group(
    'UGR-6104-2288',
    'ACC-4821-7730',
    'Administrators',
    ['MOD-1756', 'MOD-3028'],
    'Everything in this account',
  ),
  group('UGR-6104-2290', 'ACC-4821-7730', 'Purchasing', ['MOD-3028']),
  group('UGR-6104-2295', 'ACC-4821-7730', 'Finance', ['MOD-9042'], 'Spend reports'),
  group('UGR-7215-0001', 'ACC-5190-3364', 'Administrators', ['MOD-1756', 'MOD-3028']),
  group('UGR-7215-0002', 'ACC-5190-3364', 'Purchasing', ['MOD-3028']),
  group('UGR-8830-0001', 'ACC-7702-1185', 'Administrators', ['MOD-1756', 'MOD-3028']),
  group('UGR-8830-0004', 'ACC-7702-1185', 'Reports', ['MOD-9042']),
];

function group(
  id: string,
  accountId: string,
  name: string,
  moduleIds: readonly string[],
  description?: string,
): SwoGroup {
  const more = description === undefined ? {} : { description };
  return { id, accountId, name, ...more, isDefault: name === 'Administrators', moduleIds };
}

/** User id, person, days since the last sign-in; one is blocked on the whole platform. */
const users: readonly (readonly [id: string, person: Person, seen: number | null, blocked?: 'blocked'])[] = [
  ['USR-1190-4502', people.ivo, -1],
  ['USR-1190-4517', people.grace, -2],
  ['USR-1190-4533', people.henrik, -5],
  ['USR-1190-4540', people.salma, -40, 'blocked'],
  ['USR-1190-4561', people.yuki, -3],
  ['USR-1190-4578', people.elif, -11],
  ['USR-1190-4585', noraInCapitals, -7],
  ['USR-1190-4592', people.nameless, null],
  ['USR-8046-3317', people.vale, null],
  ['USR-8046-3320', people.pablo, null],
  ['USR-8046-3341', people.marek, null],
  ['USR-8046-3358', people.quentin, null],
  ['USR-8046-3362', people.rosa, null],
  ['USR-8046-3379', people.tove, null],
  ['USR-8046-3384', joergInPunycode, -30],
  ['USR-2277-1001', people.astrid, -1],
  ['USR-2277-1002', people.bjorn, -9],
  ['USR-2277-1003', people.saga, null],
  ['USR-2277-1004', people.leif, null],
  ['USR-3301-6601', people.lucia, -1],
  ['USR-3301-6602', people.mateo, -4],
  ['USR-3301-6603', people.xavi, null],
  ['USR-3301-6604', people.inigo, null],
];

/** Days count from the epoch; `invited` of the last four are pending, of eight and more expired. */
const memberships: readonly MembershipLine[] = [
  ['AUSR-2750-9914-0301', 'USR-1190-4502', ['UGR-6104-2288'], { created: -400, joined: -399 }],
  [
    'AUSR-2750-9914-0302',
    'USR-1190-4517',
    ['UGR-6104-2288', 'UGR-6104-2295'],
    { created: -380, joined: -378 },
  ],
  [
    'AUSR-2750-9914-0303',
    'USR-1190-4533',
    ['UGR-6104-2290'],
    { created: -300, joined: -299, buyers: ['BUY-3381-0042'] },
  ],
  ['AUSR-2750-9914-0304', 'USR-1190-4540', ['UGR-6104-2290'], { created: -280, joined: -279 }],
  ['AUSR-2750-9914-0305', 'USR-1190-4561', ['UGR-6104-2295'], { created: -120, joined: -118 }],
  [
    'AUSR-2750-9914-0306',
    'USR-1190-4578',
    ['UGR-6104-2290'],
    { created: -90, joined: -90, buyers: ['BUY-3381-0042', 'BUY-3381-0057'] },
  ],
  ['AUSR-2750-9914-0307', 'USR-1190-4585', ['UGR-6104-2290', 'UGR-6104-2295'], { created: -75, joined: -70 }],
  ['AUSR-2750-9914-0308', 'USR-1190-4592', ['UGR-6104-2290'], { created: -60, joined: -60 }],
  ['AUSR-2750-9914-0362', 'USR-8046-3317', ['UGR-6104-2288'], { created: -2, invited: -2 }],
  // Resent two days ago: the clock of its seven days started anew.
  [
    'AUSR-2750-9914-0363',
    'USR-8046-3320',
    ['UGR-6104-2290'],
    { created: -20, invited: -2, buyers: ['BUY-3381-0057'] },
  ],
  // Without `audit.invited`: only its making tells when the invitation went out.
  ['AUSR-2750-9914-0364', 'USR-8046-3341', ['UGR-6104-2290'], { created: -3 }],
  ['AUSR-2750-9914-0365', 'USR-8046-3358', ['UGR-6104-2295'], { created: -15, invited: -15 }],
  // Expired, though its groups were changed yesterday: `audit.updated` says nothing of an invitation.
  [
    'AUSR-2750-9914-0366',
    'USR-8046-3362',
    ['UGR-6104-2290', 'UGR-6104-2295'],
    { created: -30, invited: -11, updated: -1 },
  ],
  ['AUSR-2750-9914-0367', 'USR-8046-3379', ['UGR-6104-2290'], { created: -25 }],
  ['AUSR-2750-9914-0368', 'USR-8046-3384', ['UGR-6104-2290'], { created: -50, joined: -48 }],

  ['AUSR-4410-2003-0001', 'USR-2277-1001', ['UGR-7215-0001'], { created: -350, joined: -349 }],
  ['AUSR-4410-2003-0002', 'USR-2277-1002', ['UGR-7215-0002'], { created: -200, joined: -196 }],
  ['AUSR-4410-2003-0003', 'USR-1190-4517', ['UGR-7215-0001'], { created: -150, joined: -150 }],
  ['AUSR-4410-2003-0004', 'USR-2277-1003', ['UGR-7215-0002'], { created: -4, invited: -1 }],
  ['AUSR-4410-2003-0005', 'USR-2277-1004', ['UGR-7215-0002'], { created: -19, invited: -19 }],
  // An active member of one account, invited to another.
  ['AUSR-4410-2003-0006', 'USR-1190-4533', ['UGR-7215-0002'], { created: -1, invited: -1 }],

  ['AUSR-6620-5151-0001', 'USR-3301-6601', ['UGR-8830-0001'], { created: -310, joined: -309 }],
  ['AUSR-6620-5151-0002', 'USR-3301-6602', ['UGR-8830-0004'], { created: -110, joined: -109 }],
  ['AUSR-6620-5151-0003', 'USR-1190-4585', ['UGR-8830-0004'], { created: -45, joined: -44 }],
  ['AUSR-6620-5151-0004', 'USR-3301-6603', ['UGR-8830-0001'], { created: -2, invited: -2 }],
  ['AUSR-6620-5151-0005', 'USR-3301-6604', ['UGR-8830-0004'], { created: -22, invited: -10 }],
];

/** The token of the platform's own people, who alone may block a user. */
export const operationsToken = 'idt:TKN-0000-0001:demo-operations';

function accounts(at: At): readonly SwoAccount[] {
  const client = (key: string, id: string, name: string, country: string): SwoAccount => {
    const tokenId = id.replace('ACC', 'TKN');
    const token = { id: tokenId, name: 'rollcall', value: `idt:${tokenId}:demo-${key}` };
    return { key, id, name, type: 'Client', status: 'Active', country, createdAt: at(-420), token };
  };
  return [
    client('contoso', 'ACC-4821-7730', 'Contoso', 'ES'),
    client('contoso-nordic', 'ACC-5190-3364', 'Contoso Nordic', 'SE'),
    client('globex-iberia', 'ACC-7702-1185', 'Globex Iberia', 'PT'),
    {
      key: null,
      id: 'ACC-0000-0001',
      name: 'Marketplace Operations',
      type: 'Operations',
      status: 'Active',
      country: 'CH',
      createdAt: at(-900),
      token: { id: 'TKN-0000-0001', name: 'operations', value: operationsToken },
    },
  ];
}

/** The demo's part of the platform. */
export function demoSoftwareOne(at: At): SwoWorld {
  return {
    accounts: accounts(at),
    users: users.map(([id, [firstName, lastName, email], seen, blocked]): SwoUser => ({
      id,
      email,
      ...(firstName === '' ? {} : { firstName, lastName }),
      ...(seen === null ? {} : { lastLoginAt: at(seen, '16:45') }),
      blocked: blocked === 'blocked',
    })),
    memberships: memberships.map((line) => toMembership(line, at)),
    groups,
    modules,
    buyers,
  };
}

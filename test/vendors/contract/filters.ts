import { normaliseEmail } from '../../../src/email';
import { type Invite, INVITE_STATUSES, type StaffMember, type StaffStatus } from '../../../src/model';
import type { InviteFilter, StaffFilter } from '../../../src/vendors/provider';
import { reading, walk } from '../../support/provider';
import type { Suite, Tests } from './suite';

const STAFF: readonly StaffStatus[] = ['ACTIVE', 'INVITED', 'INVITE_EXPIRED', 'SUSPENDED', 'UNKNOWN'];
/** Texts that people are called, or that mean something to a query language. */
const SEARCHES = [
  ...[
    'nora',
    'NORA',
    'ö',
    'ł',
    '田中',
    "o'",
    "'",
    '"',
    '*',
    '\\',
    '%',
    '(',
    ')',
    ',',
    '&',
    '=',
    '+',
    ' ',
    '@',
    '.',
  ],
  ...['harbor-tea', 'contoso', 'zzz', 'a*a', '<script>', '"bobby"', `'"`, 'eq(id,"x")', '%22', '\u0000'],
];
const everyone: StaffFilter = { status: null, emails: null, search: null };
const everyInvite: InviteFilter = { status: INVITE_STATUSES, emails: null, expiresBefore: null };
const ids = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id).sort();
/** None, each, each two and all. */
const someOf = <T>(words: readonly T[]): T[][] => [
  [],
  ...words.flatMap((word, index) => [[word], ...words.slice(index + 1).map((other) => [word, other])]),
  [...words],
];

/** Filters, held against filtering the whole list by hand. */
export function filterTests({ provider: expected, demo, scaled }: Suite): Tests {
  const world = () => ({ from: demo(), account: expected.account });
  const staff = async (filter: StaffFilter, { from, account } = world()): Promise<StaffMember[]> => {
    const { provider } = from.connect(account);
    const shared = reading();
    return (await walk(5, (page) => provider.staffPage(shared, page, filter))).items;
  };
  const invites = async (filter: InviteFilter): Promise<Invite[]> => {
    const { provider } = demo().connect(expected.account);
    const shared = reading();
    return (await walk(5, (page) => provider.invitePage(shared, page, filter))).items;
  };

  return {
    'by each status of staff and each pair': async () => {
      const all = await staff(everyone);
      for (const status of someOf(STAFF))
        expect([status, ids(await staff({ ...everyone, status }))]).toEqual([
          status,
          ids(all.filter((member) => status.includes(member.status))),
        ]);
    },

    'by each status of invites and each pair': async () => {
      const all = await invites(everyInvite);
      for (const status of someOf(INVITE_STATUSES))
        expect([status, ids(await invites({ ...everyInvite, status }))]).toEqual([
          status,
          ids(all.filter((invite) => status.includes(invite.status))),
        ]);
    },

    'by email address, in any spelling': async () => {
      const all = await staff(everyone);
      const sent = await invites(everyInvite);
      const known = new Set([...all, ...sent].map(({ email }) => email).filter((email) => email !== null));
      expect(known.size).toBeGreaterThan(2);
      const asked = [...known].flatMap((email) => [
        email,
        email.toUpperCase(),
        normaliseEmail(email) ?? email,
      ]);
      for (const email of [...asked, 'nobody@nowhere.example', 'joerg@BÜCHER.example']) {
        const same = (row: { readonly email: string | null }) =>
          row.email !== null && normaliseEmail(row.email) === normaliseEmail(email);
        expect([email, ids(await staff({ ...everyone, emails: [email] }))]).toEqual([
          email,
          ids(all.filter(same)),
        ]);
        expect([email, ids(await invites({ ...everyInvite, emails: [email] }))]).toEqual([
          email,
          ids(sent.filter(same)),
        ]);
      }
    },

    'by several email addresses at once': async () => {
      const all = await staff(everyone);
      const emails = all.map(({ email }) => email ?? '').filter((email) => email !== '');
      expect(ids(await staff({ ...everyone, emails: emails.slice(0, 2) }))).toEqual(
        ids(all.filter(({ email }) => emails.slice(0, 2).includes(email ?? ''))),
      );
    },

    'by a part of name or email address, for any search text': async () => {
      const all = await staff(everyone);
      for (const search of SEARCHES) {
        const has = (text: string | null) => text?.toLowerCase().includes(search.toLowerCase()) ?? false;
        expect([search, ids(await staff({ ...everyone, search }))]).toEqual([
          search,
          ids(all.filter(({ name, email }) => has(name) || has(email))),
        ]);
      }
    },

    'by a part of name or email address, over several vendor pages': async () => {
      const large = { from: scaled(), account: expected.scaledAccount };
      const all = await staff(everyone, large);
      const found = await staff({ ...everyone, search: 'STAFF1' }, large);
      expect(found.length).toBeGreaterThan(10);
      expect(ids(found)).toEqual(ids(all.filter(({ email }) => email?.includes('staff1'))));
    },

    'by status and search together': async () => {
      const all = await staff(everyone);
      const filter = { status: ['ACTIVE'], emails: null, search: 'a' } as const;
      expect(ids(await staff(filter))).toEqual(
        ids(
          all.filter(
            ({ name, email, status }) =>
              status === 'ACTIVE' && `${name ?? ''}\n${email ?? ''}`.toLowerCase().includes('a'),
          ),
        ),
      );
    },

    'by expiry': async () => {
      const all = await invites(everyInvite);
      const instants = all
        .map(({ expiresAt }) => Date.parse(expiresAt ?? ''))
        .filter((ms) => !Number.isNaN(ms));
      for (const expiresBefore of [0, ...instants, Date.parse('2100-01-01')])
        expect([expiresBefore, ids(await invites({ ...everyInvite, expiresBefore }))]).toEqual([
          expiresBefore,
          ids(all.filter(({ expiresAt }) => expiresAt !== null && Date.parse(expiresAt) < expiresBefore)),
        ]);
    },
  };
}

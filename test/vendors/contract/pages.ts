import { INVITE_STATUSES } from '../../../src/model';
import { reading, walk } from '../../support/provider';
import type { Suite, Tests } from './suite';

/** Page sizes, and how large a list to walk with them. */
const WALKS = [
  [1, 'demo'],
  [3, 'demo'],
  [100, 'scaled'],
] as const;
const ids = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id);

/** Lists, walked to their end. */
export function pageTests({ provider: expected, scaled, demo }: Suite): Tests {
  const everyone = { status: null, emails: null, search: null };
  const everyInvite = { status: INVITE_STATUSES, emails: null, expiresBefore: null };

  const walked = (size: number, world: 'demo' | 'scaled') => async () => {
    const { provider } =
      world === 'demo' ? demo().connect(expected.account) : scaled().connect(expected.scaledAccount);
    const staff = await walk(size, (page) => provider.staffPage(reading(), page, everyone));
    const invites = await walk(size, (page) => provider.invitePage(reading(), page, everyInvite));
    expect(new Set(ids(staff.items)).size).toBe(staff.items.length);
    expect(new Set(ids(invites.items)).size).toBe(invites.items.length);
    const [people, sent] = expected.rows[world];
    expect([staff.items, invites.items]).toMatchObject([{ length: people }, { length: sent }]);
    expect(staff.pages).toHaveLength(Math.ceil(people / size));
    expect(invites.pages).toHaveLength(Math.ceil(sent / size));
  };

  return {
    ...Object.fromEntries(
      WALKS.map(([size, world]) => [
        `every page of ${size} is walked, without a repeat or a gap`,
        walked(size, world),
      ]),
    ),

    'has the same total count on every page, and on an empty page': async () => {
      const { provider } = demo().connect(expected.account);
      const { items, pages } = await walk(3, (page) => provider.staffPage(reading(), page, everyone));
      const count = await provider.staffPage(reading(), { first: 0, after: null }, everyone);
      expect(new Set(pages.map(({ total }) => total))).toEqual(new Set([items.length]));
      expect(count).toMatchObject({ rows: [], total: items.length });
    },

    'shows that its vendor was read just now': async () => {
      const { provider } = demo().connect(expected.account);
      const { freshness } = await provider.staffPage(reading(), { first: 3, after: null }, everyone);
      expect(freshness).toMatchObject({ state: 'FRESH', because: null });
    },

    'returns an empty page after the last row': async () => {
      const { provider } = demo().connect(expected.account);
      const { rows } = await provider.staffPage(reading(), { first: 100, after: null }, everyone);
      const after = rows.at(-1)?.position ?? '';
      const page = await provider.staffPage(reading(), { first: 3, after }, everyone);
      expect(page).toMatchObject({ rows: [], more: false });
    },
  };
}

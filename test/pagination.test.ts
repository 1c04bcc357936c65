import fc from 'fast-check';
import { ACCOUNT_KEY } from '../src/ids';
import { byId, emptyPage, formatCursor, type Page, pageOf, parseCursor } from '../src/pagination';

const items = byId(['d', 'a', 'c', 'e', 'b'].map((id) => ({ id })));
const now = { asOf: 7, state: 'FRESH', because: null } as const;
const idsOf = ({ rows }: { rows: readonly { item: { id: string } }[] }) => rows.map(({ item }) => item.id);

describe('pagination: a page of a list in memory', () => {
  it('is ordered by id and starts at the first row', () => {
    const page = pageOf(items, { first: 2, after: null }, now);
    expect(page).toEqual({
      rows: [
        { item: { id: 'a' }, position: 'a' },
        { item: { id: 'b' }, position: 'b' },
      ],
      more: true,
      next: 'b',
      total: 5,
      freshness: now,
    });
  });

  it.each([
    ['b', 2, ['c', 'd'], true],
    ['c', 2, ['d', 'e'], false],
    ['d', 5, ['e'], false],
    ['e', 5, [], false],
    ['bb', 1, ['c'], true],
    ['', 5, ['a', 'b', 'c', 'd', 'e'], false],
  ])('after %j has the next %i', (after, first, ids, more) => {
    const page = pageOf(items, { first, after }, null);
    expect(idsOf(page)).toEqual(ids);
    expect(page.more).toBe(more);
  });

  it('continues at the same position after the previous row was deleted', () => {
    const without = items.filter(({ id }) => id !== 'b');
    expect(idsOf(pageOf(without, { first: 2, after: 'b' }, null))).toEqual(['c', 'd']);
  });

  it('with first 0 has the total count only', () => {
    expect(pageOf(items, { first: 0, after: null }, null)).toMatchObject({ rows: [], total: 5, more: true });
    expect(emptyPage).toMatchObject({ rows: [], total: 0, more: false });
  });

  it('visits every row once, for any page size', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), fc.integer({ min: 1, max: 7 }), (ids, first) => {
        const seen: string[] = [];
        let after: string | null = null;
        for (let more = true; more;) {
          const page: Page<{ id: string }> = pageOf(byId(ids.map((id) => ({ id }))), { first, after }, null);
          seen.push(...idsOf(page));
          after = page.next;
          more = page.more;
        }
        expect(seen).toEqual([...ids].sort());
      }),
    );
  });
});

describe('pagination: cursors', () => {
  const account = fc.stringMatching(ACCOUNT_KEY);
  const position = fc.string({ unit: 'binary', maxLength: 128 });
  const question = fc.string({ unit: 'binary' });

  it('round-trip', () => {
    fc.assert(
      fc.property(question, account, position, (asked, key, place) => {
        const cursor = formatCursor(asked, { account: key, position: place });
        expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
        expect(parseCursor(asked, cursor)).toEqual({ account: key, position: place });
      }),
    );
  });

  it('of another query are refused', () => {
    fc.assert(
      fc.property(question, question, account, position, (one, other, key, place) => {
        fc.pre(one !== other);
        expect(parseCursor(other, formatCursor(one, { account: key, position: place }))).toBeNull();
      }),
    );
  });

  it('with one changed character are refused', () => {
    fc.assert(
      fc.property(
        account,
        position,
        fc.nat(),
        fc.constantFrom('A', 'B', 'a', 'b', '0', '1', '_', '-'),
        (key, place, index, character) => {
          const cursor = formatCursor('q', { account: key, position: place });
          const spot = index % cursor.length;
          const changed = cursor.slice(0, spot) + character + cursor.slice(spot + 1);
          const read = parseCursor('q', changed);
          // The last character of base64 may hold bits that count for nothing.
          expect(read ?? { account: key, position: place }).toEqual({ account: key, position: place });
          expect(changed === cursor || read === null || spot === cursor.length - 1).toBe(true);
        },
      ),
    );
  });

  it('that are forged are refused', () => {
    const forged = (text: string) => Buffer.from(text).toString('base64url');
    for (const cursor of [
      '',
      'x',
      '%%%',
      '🍵',
      forged('harbor-tea:p1'),
      forged(`${'A'.repeat(11)}harbor-tea:p1`),
    ])
      expect(parseCursor('q', cursor)).toBeNull();
  });

  it('longer than 1 kB are refused without parsing', () => {
    expect(parseCursor('q', formatCursor('q', { account: 'a', position: 'x'.repeat(2000) }))).toBeNull();
  });

  it('never throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (cursor) => {
        expect(parseCursor('q', cursor)).toBeNull();
      }),
    );
  });
});

import { createDirectory, startingAt } from '../src/accounts';
import { everyone } from '../src/demo';
import type { Account, Vendor } from '../src/model';

const account = (id: string, vendor: Vendor, tenant = 'acme'): Account => ({
  id,
  vendor,
  tenant,
  externalId: id,
});
const ALL = [
  account('c', 'WIX'),
  account('a', 'ECWID'),
  account('e', 'WIX', 'globex'),
  account('b', 'SOFTWAREONE'),
  account('d', 'ECWID'),
];
const directory = createDirectory(ALL);
const ids = (accounts: readonly Account[]): string => accounts.map(({ id }) => id).join('');

describe('visible accounts of a viewer', () => {
  const acme = directory({ ...everyone, tenant: 'acme' });

  it.each([
    ['no condition', null, null, 'abcd'],
    ['a vendor', 'ECWID' as const, null, 'ad'],
    ['a vendor that the viewer has none of', 'WIX' as const, ['a'], ''],
    ['ids in any order, twice, unknown and foreign', null, ['d', 'a', 'd', 'nobody', 'e', '__proto__'], 'ad'],
    ['ids and a vendor', 'SOFTWAREONE' as const, ['d', 'b'], 'b'],
    ['no ids', null, [], ''],
  ])('are filtered by %s', (_what, vendor, named, expected) => {
    expect(ids(acme.narrowed({ vendor, ids: named }))).toBe(expected);
  });

  it('are all accounts for a viewer without a filter', () => {
    expect(ids(directory(everyone).narrowed({ vendor: 'WIX', ids: null }))).toBe('ce');
  });
});

describe('account list from an id', () => {
  it.each([
    ['', 'abcde'],
    ['a', 'abcde'],
    ['b', 'bcde'],
    ['bb', 'cde'],
    ['e', 'e'],
    ['f', ''],
  ])('starting from %j is %j', (from, rest) => {
    expect(ids(startingAt(directory(everyone).list, from))).toBe(rest);
  });

  it('is empty for an empty list', () => {
    expect(startingAt([], 'a')).toEqual([]);
  });
});

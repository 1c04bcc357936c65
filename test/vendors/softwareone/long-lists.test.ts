import { VendorFailure } from '../../../src/vendors/outcome';
import { at } from '../../support/at';
import { reading, startVendors, type Vendors, walk } from '../../support/provider';

let vendors: Vendors;
beforeAll(async () => {
  vendors = await startVendors({ accounts: 1, staffPerAccount: 1400 });
});
afterEach(() => {
  vendors.reset();
});
afterAll(() => vendors.close());

const connect = () => vendors.connect('softwareone-0001');

describe('a list that is longer than one operation reads', () => {
  it('is walked to its end where RQL can say the filter', async () => {
    const { provider } = connect();
    const filter = { status: ['INVITED' as const], emails: null, search: null };
    const { items } = await walk(100, (page) => provider.staffPage(reading(), page, filter));
    expect(items).toHaveLength(280);
  });

  it('is walked to its end where the filter is applied after reading', async () => {
    const { provider } = connect();
    const filter = { status: null, emails: null, search: 'staff109' };
    const { items } = await walk(5, (page) => provider.staffPage(reading(), page, filter));
    expect(items.map(({ email }) => email)).toEqual(
      ['staff109', ...Array.from({ length: 10 }, (_, index) => `staff109${index}`)].map(
        (name) => `${name}@account-0001.example`,
      ),
    );
  });

  it('has no page that is empty, and yet leads on to nowhere', async () => {
    const { provider } = connect();
    // Nobody is blocked: more than a thousand who have joined are read, and none is shown.
    const filter = { status: ['SUSPENDED' as const], emails: null, search: null };
    const page = await provider
      .staffPage(reading(), { first: 5, after: null }, filter)
      .catch((error: unknown) => error);
    const leadsNowhere =
      !(page instanceof VendorFailure) && at(page, 'more') === true && at(page, 'rows.0') === undefined;
    expect(leadsNowhere).toBe(false);
  });

  it('finds the last of its rows, though the filter is applied after reading', async () => {
    const { provider, vendor } = connect();
    vendor.faults.add({
      kind: 'patchBody',
      changes: [{ path: 'data.0.user.status', change: 'set', value: 'Blocked' }],
      route: 'GET */account-users',
    });
    const filter = { status: ['SUSPENDED' as const], emails: null, search: null };
    const { items } = await walk(3, (page) => provider.staffPage(reading(), page, filter));
    // 1,120 have joined; the first of every hundred is blocked.
    expect(items.length).toBeGreaterThanOrEqual(12);
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
  });

  it('asks for a bounded number of pages at a time', async () => {
    const { provider, vendor } = connect();
    const filter = { status: null, emails: null, search: 'zzz*' };
    await expect(provider.staffPage(reading(), { first: 5, after: null }, filter)).rejects.toMatchObject({
      code: 'TOO_LARGE',
    });
    expect(vendor.requests.length).toBeLessThanOrEqual(11);
  });

  it('that repeats its pages comes to an end', async () => {
    const { provider, vendor } = connect();
    vendor.faults.add({ kind: 'repeatPages' });
    const { rows } = await provider.staffPage(
      reading(),
      { first: 100, after: null },
      { status: null, emails: null, search: 'staff' },
    );
    expect(new Set(rows.map(({ item }) => item.id)).size).toBe(rows.length);
    expect(vendor.requests.length).toBeLessThanOrEqual(11);
  });

  it.each([0, -5, 3, 1_000_000])('that lies of a total of %i shows its rows all the same', async (total) => {
    const { provider, vendor } = connect();
    vendor.faults.add({ kind: 'lieTotal', total });
    const page = await provider.staffPage(
      reading(),
      { first: 7, after: null },
      { status: null, emails: null, search: null },
    );
    expect(page.rows).toHaveLength(7);
  });
});

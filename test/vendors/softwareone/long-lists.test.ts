import { closeAll } from '../../support/close-all';
import { reading, startVendors, type Vendors, walk } from '../../support/provider';

let vendors: Vendors;
beforeAll(async () => {
  vendors = await startVendors({ accounts: 1, staffPerAccount: 1400 });
});
afterEach(() => {
  vendors.reset();
});
afterAll(() => closeAll(vendors));

const connect = () => vendors.connect('softwareone-0001');

describe('SoftwareOne pagination: a list longer than one operation reads', () => {
  it('is read to its end with a filter in RQL', async () => {
    const { provider } = connect();
    const filter = { status: ['INVITED' as const], emails: null, search: null };
    const { items } = await walk(100, (page) => provider.staffPage(reading(), page, filter));
    expect(items).toHaveLength(280);
  });

  it('is read to its end with a filter in memory', async () => {
    const { provider } = connect();
    const filter = { status: null, emails: null, search: 'staff109' };
    const { items } = await walk(5, (page) => provider.staffPage(reading(), page, filter));
    expect(items.map(({ email }) => email)).toEqual(
      ['staff109', ...Array.from({ length: 10 }, (_, index) => `staff109${index}`)].map(
        (name) => `${name}@account-0001.example`,
      ),
    );
  });

  it('has no empty page without a way to continue', async () => {
    const { provider } = connect();
    // Nobody is blocked: more than a thousand who have joined are read, and none is shown.
    const filter = { status: ['SUSPENDED' as const], emails: null, search: null };
    const page = await provider.staffPage(reading(), { first: 5, after: null }, filter);
    expect(page).toMatchObject({ rows: [], more: true, next: '1000', total: null });
    expect(provider.isPosition(page.next ?? '')).toBe(true);
    const rest = await provider.staffPage(reading(), { first: 5, after: page.next }, filter);
    expect(rest).toMatchObject({ rows: [], more: false });
  });

  it('finds its last row with a filter in memory', async () => {
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

  it('reads a bounded number of vendor pages at a time', async () => {
    const { provider, vendor } = connect();
    const filter = { status: null, emails: null, search: 'zzz*' };
    const page = await provider.staffPage(reading(), { first: 5, after: null }, filter);
    expect(page).toMatchObject({ rows: [], more: true });
    expect(vendor.requests.length).toBeLessThanOrEqual(11);
  });

  it('ends when the vendor repeats its pages', async () => {
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

  it.each([0, -5, 3, 1_000_000])('with the wrong total %i returns its rows', async (total) => {
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

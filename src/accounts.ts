import type { Account, Vendor } from './model';

/** Who asks. */
export interface Viewer {
  /** The tenant whose accounts are visible; null for the demo's viewer, who sees everything. */
  readonly tenant: string | null;
  /** Narrows the tenant's accounts; null does not. */
  readonly accounts: readonly string[] | null;
  /** Subject of the token; null without one. */
  readonly subject: string | null;
  /** What the token allows. */
  readonly scopes: ReadonlySet<string> | 'ALL';
}

/** The accounts that one viewer may see: everything else does not exist for that viewer. */
export interface VisibleAccounts {
  /** In the order of their ids. */
  readonly list: readonly Account[];
  /** Those of one vendor, or with one of these ids; in the order of their ids. No condition is all of them. */
  narrowed(by: {
    readonly vendor: Vendor | null;
    readonly ids: readonly string[] | null;
  }): readonly Account[];
  get(id: string): Account | null;
  byExternalId(vendor: string | null, externalId: string | null): Account | null;
  /** What visibility rests on, for whatever must not be taken from one viewer to another. */
  readonly scope: string;
}

/** Finds the accounts of a viewer. */
export type Directory = (viewer: Viewer) => VisibleAccounts;

/** Makes the directory of all configured accounts; one index per tenant, made once. */
export function createDirectory(accounts: readonly Account[]): Directory {
  const sorted = [...accounts].sort((a, b) => (a.id < b.id ? -1 : 1));
  const everything = index(sorted, '*');
  const tenants = new Map<string, VisibleAccounts>();
  for (const tenant of new Set(accounts.map((account) => account.tenant)))
    tenants.set(
      tenant,
      index(
        sorted.filter((account) => account.tenant === tenant),
        `tenant ${tenant}`,
      ),
    );

  /** A token is read once and asks many times: so long its viewer is the same object. */
  const narrowed = new WeakMap<Viewer, VisibleAccounts>();

  return (viewer) => {
    const { tenant, accounts: keys } = viewer;
    const visible = tenant === null ? everything : (tenants.get(tenant) ?? index([], `tenant ${tenant}`));
    if (keys === null) return visible;
    const known = narrowed.get(viewer);
    if (known) return known;
    const made = index(
      visible.narrowed({ vendor: null, ids: keys }),
      `${visible.scope} ${[...new Set(keys)].sort().join(' ')}`,
    );
    narrowed.set(viewer, made);
    return made;
  };
}

function index(list: readonly Account[], scope: string): VisibleAccounts {
  const byId = new Map(list.map((account) => [account.id, account]));
  const byExternal = new Map(list.map((account) => [`${account.vendor} ${account.externalId}`, account]));
  const byVendor = new Map<Vendor, Account[]>();
  for (const account of list) {
    const others = byVendor.get(account.vendor);
    if (others) others.push(account);
    else byVendor.set(account.vendor, [account]);
  }
  return {
    list,
    scope,
    narrowed: ({ vendor, ids }) => {
      if (ids === null) return vendor === null ? list : (byVendor.get(vendor) ?? []);
      const named = [...new Set(ids)].sort().flatMap((id) => byId.get(id) ?? []);
      return vendor === null ? named : named.filter((account) => account.vendor === vendor);
    },
    get: (id) => byId.get(id) ?? null,
    byExternalId: (vendor, externalId) => byExternal.get(`${vendor} ${externalId}`) ?? null,
  };
}

/** The rest of a list in the order of ids, from this id on: found by halves, for there may be ten thousand accounts. */
export function startingAt<T extends { readonly id: string }>(list: readonly T[], id: string): readonly T[] {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.id ?? '') < id) low = middle + 1;
    else high = middle;
  }
  return list.slice(low);
}

/** Who has shown no token: sees nothing. For the router, which reads the schema without a user. */
export const nobody: Viewer = { tenant: '', accounts: [], subject: null, scopes: new Set() };

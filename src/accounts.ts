import type { Account } from './model';

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

  return ({ tenant, accounts: narrowed }) => {
    const visible = tenant === null ? everything : (tenants.get(tenant) ?? index([], `tenant ${tenant}`));
    if (narrowed === null) return visible;
    const keys = new Set(narrowed);
    return index(
      visible.list.filter(({ id }) => keys.has(id)),
      `${visible.scope} ${[...keys].sort().join(' ')}`,
    );
  };
}

function index(list: readonly Account[], scope: string): VisibleAccounts {
  const byId = new Map(list.map((account) => [account.id, account]));
  const byExternal = new Map(list.map((account) => [`${account.vendor} ${account.externalId}`, account]));
  return {
    list,
    scope,
    get: (id) => byId.get(id) ?? null,
    byExternalId: (vendor, externalId) => byExternal.get(`${vendor} ${externalId}`) ?? null,
  };
}

/** Who has shown no token: sees nothing. For the router, which reads the schema without a user. */
export const nobody: Viewer = { tenant: '', accounts: [], subject: null, scopes: new Set() };

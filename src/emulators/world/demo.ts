import type { DemoAccount } from '../accounts';
import { demoRevoked, demoStores } from './demo-ecwid';
import { demoSoftwareOne } from './demo-softwareone';
import { demoRememberedInvites, demoSites } from './demo-wix';
import { datesFrom, type World } from './world';

/** The accounts of each tenant; all others are the vendors' own affair. */
const tenants: Readonly<Record<string, readonly string[]>> = {
  acme: ['harbor-tea', 'maple-books', 'harbour-cafe', 'contoso', 'contoso-nordic'],
  globex: ['globex-parts', 'globex-studio', 'globex-iberia'],
};

/** Two tenants, eight accounts, every state an invite can have; equal to the byte for equal epochs. */
export function demoWorld(epoch: number): World {
  const at = datesFrom(epoch);
  const softwareone = demoSoftwareOne(at);
  const wix = demoSites(at);

  const configured: readonly DemoAccount[] = [
    ...demoStores.map(({ key, storeId, token }): DemoAccount => ({
      key,
      tenant: tenantOf(key),
      vendor: 'ecwid',
      storeId,
      token,
    })),
    ...wix.flatMap(({ key, id: siteId, ownerAccountId, apiKey }): DemoAccount[] => {
      if (key === null) return [];
      const account = { key, tenant: tenantOf(key), vendor: 'wix' as const, siteId, apiKey };
      // One site goes without: role names and the site's name are then out of reach.
      return [key === 'harbour-cafe' ? { ...account, wixAccountId: ownerAccountId } : account];
    }),
    ...softwareone.accounts.flatMap(({ key, id: accountId, token: { value: token } }): DemoAccount[] =>
      key === null ? [] : [{ key, tenant: tenantOf(key), vendor: 'softwareone', accountId, token }],
    ),
  ];
  const order = Object.values(tenants).flat();
  const accounts = [...configured].sort((one, other) => order.indexOf(one.key) - order.indexOf(other.key));
  const remembered = { wix: demoRememberedInvites(at), ecwidRevoked: demoRevoked };
  return { accounts, ecwid: demoStores, softwareone, wix, remembered };
}

function tenantOf(key: string): string {
  const tenant = Object.entries(tenants).find(([, keys]) => keys.includes(key));
  if (!tenant) throw new Error(`${key} has no tenant`);
  return tenant[0];
}

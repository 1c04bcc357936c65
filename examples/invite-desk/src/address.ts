import { useSyncExternalStore } from 'react';
import type { InviteStatus, StaffStatus, VendorInput } from './generated/graphql';

/** Which list is shown. */
export type View = 'invites' | 'people';

/** What the desk shows, as its address says: a link to it, the back button and a reload all lead to the same. */
export interface Address {
  readonly view: View;
  readonly vendor: VendorInput | null;
  readonly account: string | null;
  readonly status: InviteStatus | StaffStatus | null;
  readonly search: string;
  /** Whose panel is open. */
  readonly person: string | null;
}

/** What narrows the list. */
export type Filters = Omit<Address, 'person'>;

/** The address, and the way to another one. */
export function useAddress(): [Address, (change: Partial<Address>) => void] {
  const hash = useSyncExternalStore(listen, () => window.location.hash);
  const address = read(hash);
  return [
    address,
    (change) => {
      window.location.hash = write({ ...address, ...change });
    },
  ];
}

function listen(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange);
  return () => {
    window.removeEventListener('hashchange', onChange);
  };
}

// Behind the #: people's addresses stay in the browser and out of servers' logs.
function read(hash: string): Address {
  const words = new URLSearchParams(hash.slice(1));
  return {
    view: words.get('view') === 'people' ? 'people' : 'invites',
    vendor: words.get('vendor') as VendorInput | null,
    account: words.get('account'),
    status: words.get('status') as InviteStatus | StaffStatus | null,
    search: words.get('search') ?? '',
    person: words.get('person'),
  };
}

const write = (address: Address): string =>
  new URLSearchParams(
    Object.entries(address).filter((entry): entry is [string, string] => Boolean(entry[1])),
  ).toString();

import type { Vendor } from '../../src/model';

/** What a vendor write has done. */
export interface Effect {
  readonly kind: 'EMAIL' | 'WITHDRAWAL';
  readonly email: string;
  /** The invite that the request named, where its vendor cannot tell its address (Wix); else null. */
  readonly named: string | null;
  /** The vendor's id of the invite that it is about. */
  readonly invite: string;
}

/** One HTTP request as a vendor gets it. */
export interface VendorRequest {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** An invite as its vendor knows it. */
export interface VendorInvite {
  readonly id: string;
  readonly email: string;
  status: 'PENDING' | 'EXPIRED' | 'REVOKED';
  sentAt: number;
  readonly createdAt: number;
}

/** The state of one store at its vendor. */
export interface Store {
  readonly invites: VendorInvite[];
  /** By the vendor's own clock, in milliseconds. */
  readonly now: () => number;
}

/** Speaks one vendor's HTTP. It does what it is told, also against the vendor's own rules: that is the worst case. */
export interface SimulatedVendor {
  readonly vendor: Vendor;
  /** One account's settings, as in rollcall.yaml. */
  readonly account: (key: string) => object;
  /** The local id by which this product names an invite. */
  readonly localId: (invite: VendorInvite) => string;
  readonly roles: readonly string[];
  /** Answers a read; null where there is no such thing. */
  read(store: Store, request: VendorRequest): object | null;
  /** Carries a write out; null for an invite that never was. */
  write(store: Store, request: VendorRequest): { readonly body: object; readonly effect: Effect } | null;
}

/** Each invite's life begins here: with an email. */
export function sendNew(store: Store, id: string, email: string): VendorInvite {
  for (const other of store.invites)
    if (other.email === email && other.status === 'EXPIRED') other.status = 'REVOKED';
  const at = store.now();
  const invite: VendorInvite = { id, email, status: 'PENDING', sentAt: at, createdAt: at };
  store.invites.push(invite);
  return invite;
}

/** Sends the email of an invite again, whatever its state. */
export function sendAgain(store: Store, invite: VendorInvite): VendorInvite {
  invite.status = 'PENDING';
  invite.sentAt = store.now();
  return invite;
}

/** The newest invite that this is true of, withdrawn ones too. */
export const findInvite = (
  { invites }: Store,
  by: (invite: VendorInvite) => boolean,
): VendorInvite | undefined => invites.findLast(by);

export const instant = (ms: number): string => new Date(ms).toISOString();

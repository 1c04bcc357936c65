import type { Vendors } from '../../support/provider';

/** What the suite has to know of a vendor. */
export interface ProviderCase {
  /** An account of the demo world, and one of a world made to measure. */
  readonly account: string;
  readonly scaledAccount: string;
  /** How many people and invites the two accounts have. */
  readonly rows: { readonly demo: readonly [number, number]; readonly scaled: readonly [number, number] };
  /** The request that lists staff, as faults name it, the list's place in its answer, and a row's own id. */
  readonly listRoute: string;
  readonly listPath: string;
  readonly idField: string;
  /** The request that resends an invite. */
  readonly resendRoute: string;
  /** Local ids of the right shape that stand for nothing. */
  readonly unknown: { readonly staff: string; readonly invite: string };
  /** Local ids that can be none of this vendor's, though one of ours may look so. */
  readonly malformed: { readonly staff: readonly string[]; readonly invite: readonly string[] };
  /** What a bare 403 says: of the credential, or of this one question. */
  readonly forbidden: 'AUTH' | 'FORBIDDEN';
  /** What this vendor cannot be held to, and why. */
  readonly skip: readonly { readonly reason: string; readonly tests: readonly string[] }[];
}

/** What the parts of the suite share. */
export interface Suite {
  readonly provider: ProviderCase;
  /** The demo world. */
  readonly demo: () => Vendors;
  /** One account with 103 people. */
  readonly scaled: () => Vendors;
}

/** Tests by name. */
export type Tests = Readonly<Record<string, () => Promise<void>>>;

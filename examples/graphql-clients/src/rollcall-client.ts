/** What each client here does, so that the same tests hold for all of them. Errors are the library's own. */
export interface RollcallClient {
  /** Reads a list page by page to its end, as "Load more" does, and returns what the library's cache then holds of it. */
  readAll(list: List): Promise<MergedList>;
  /** Sends an invite again. The caller makes the key once for each click. */
  resendInvite(inviteId: string, idempotencyKey: string): Promise<Resent>;
  /** An invite as the cache holds it; null where it holds none. Makes no request. */
  cachedInvite(inviteId: string): CachedInvite | null;
  /** The `extensions.code` of every error in what a method has thrown; empty where it was no GraphQL error. */
  codesOf(error: unknown): string[];
}

/** How a client is made. */
export interface ClientOptions {
  /** Sends each request; the platform's own unless given. */
  readonly fetch?: typeof fetch;
  /** Sends hashes in place of documents, by this method; documents unless given. Mutations are always sent by POST. */
  readonly persistedQueries?: 'GET' | 'POST';
}

/** A list, and the size of its pages: 1 to 100. */
export type List =
  | {
      readonly name: 'staffMembers' | 'invites';
      readonly first: number;
      readonly accountIds?: readonly string[];
    }
  | { readonly name: 'accountStaffMembers'; readonly first: number; readonly accountId: string };

/** A list as merged from its pages. */
export interface MergedList {
  readonly rows: readonly Row[];
  /** How many pages were read. */
  readonly pages: number;
  /** How each account answered, last seen; null where the library keeps that of the last page only. */
  readonly sources: readonly Source[] | null;
}

export interface Row {
  readonly id: string;
  readonly status: string;
  /** A staff member's invite, where it has one. */
  readonly invite?: { readonly id: string; readonly status: string } | null | undefined;
}

export interface Source {
  readonly account: { readonly id: string };
  readonly state: string;
  readonly code: string | null;
}

export interface CachedInvite extends Row {
  readonly actions: { readonly resend: { readonly allowed: boolean; readonly reason: string | null } } | null;
}

export interface Resent {
  readonly outcome: string;
  readonly codes: readonly string[];
}

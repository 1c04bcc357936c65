/** Where an id points: an account and a name within it. */
export interface Ref {
  readonly account: string;
  readonly local: string;
}

/** The shape of an account's key, which is its id. */
export const ACCOUNT_KEY = /^[a-z0-9][a-z0-9-]{0,62}$/;

const LOCAL_ID = /^[A-Za-z0-9_.-]{1,128}$/;

/** Whether a vendor's id may stand in one of ours and, as it is, in a vendor's path. */
export const isLocalId = (local: string): boolean => LOCAL_ID.test(local) && local !== '.' && local !== '..';

/** Reads `<account key>:<local id>`. Total: whatever is not one is null, so that one bad id never fails its batch. */
export function parseId(id: string): Ref | null {
  const colon = id.indexOf(':');
  if (colon < 0) return null;
  const account = id.slice(0, colon);
  const local = id.slice(colon + 1);
  return ACCOUNT_KEY.test(account) && isLocalId(local) ? { account, local } : null;
}

/** The id of something within an account. */
export const formatId = (account: string, local: string): string => `${account}:${local}`;

/** The local part of an id that we made ourselves. */
export const localIdOf = (id: string): string => id.slice(id.indexOf(':') + 1);

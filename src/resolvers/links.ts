import type { Context } from '../graphql/context';
import type { Account } from '../model';

/** The account that something was read in: known already, so no promise and no load. */
export function accountOf(
  parent: { readonly accountId: string },
  _args: object,
  { accounts }: Context,
): Account {
  const account = accounts.get(parent.accountId);
  if (account === null) throw new Error('Something was read in an account that its viewer cannot see.');
  return account;
}

/** What stands in a reference under this name, if it is a text: a router's mistake must cost its own entity alone. */
export function textIn(reference: object, name: string): string | null {
  const value = Object.hasOwn(reference, name) ? (reference as Record<string, unknown>)[name] : null;
  return typeof value === 'string' ? value : null;
}

/** Loads what a reference names by its id. */
export function byReference<T>(
  reference: object,
  loader: { load(id: string): Promise<T> },
): Promise<T> | null {
  const id = textIn(reference, 'id');
  return id === null ? null : loader.load(id);
}

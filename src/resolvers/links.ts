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

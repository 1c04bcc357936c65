import { Abort, type AbortSignalLike } from '../abort';
import { TooSlow } from '../vendors/shared-reads';

/** How long accounts are waited for. */
export interface Patience {
  /** Ends everything. */
  readonly signal: AbortSignalLike;
  /** How long the others may take once the first account has answered, in milliseconds. */
  readonly softDeadline: number;
}

/** Reads several accounts at once. One that is slow keeps the others from being answered no longer than the soft deadline. */
export async function sideBySide<Account, Result>(
  accounts: readonly Account[],
  { signal, softDeadline }: Patience,
  read: (account: Account, signal: AbortSignalLike) => Promise<Result>,
): Promise<PromiseSettledResult<Result>[]> {
  if (accounts.length < 2) return Promise.allSettled(accounts.map((account) => read(account, signal)));
  const end = new Abort();
  const endAll = (): void => {
    end.abort(signal.reason);
  };
  signal.addEventListener('abort', endAll, { once: true });
  if (signal.aborted) endAll();
  let timer: NodeJS.Timeout | undefined;
  const answers = await Promise.allSettled(
    accounts.map(async (account) => {
      const result = await read(account, end.signal);
      timer ??= setTimeout(() => {
        end.abort(new TooSlow());
      }, softDeadline);
      return result;
    }),
  );
  clearTimeout(timer);
  signal.removeEventListener('abort', endAll);
  return answers;
}

import type { AbortSignalLike } from '../abort';
import { startingAt } from '../accounts';
import { toInstant } from '../clock';
import type { Account, Edge, List, Source } from '../model';
import type { Cursor, Page, PageRequest } from '../pagination';
import { DeadlineExceeded, NotReached, VendorFailure } from '../vendors/outcome';
import type { Freshness } from '../vendors/shared-reads';
import { type Patience, sideBySide } from './side-by-side';

/** A list across accounts: which accounts in which order, which part, and how to read one of them. */
export interface Walk<T> extends Patience {
  /** In the order of their ids. */
  readonly accounts: readonly Account[];
  readonly first: number;
  readonly after: Cursor | null;
  /** What the list was asked for: its cursors are good for that alone. */
  readonly question: string;
  /** How many vendor calls the operation may still make. */
  readonly callsLeft: () => number;
  /** Reads one account's part, for as long as the signal lets it. */
  read(account: Account, page: PageRequest, signal: AbortSignalLike): Promise<Page<T>>;
  /** Hears how each account has answered. */
  note(source: Source): void;
  /** Hears of an error that is no vendor's failure, but a mistake of ours. */
  report(error: unknown): void;
}

/** How many accounts are read side by side. */
const WINDOW = 8;
/** The most accounts that are reported as not reached by a list that can go on at its cursor. */
const MAX_NOT_REACHED = 100;

/** One account's part: its page, or that it is missing; `page` is null where it is. */
interface Answer<T> {
  readonly source: Source;
  readonly page: Page<T> | null;
}

/**
 * Walks the accounts, a few at a time, until the page is full, or the operation's time or vendor calls are used up. Then the
 * page is short, or empty, and the next one goes on with the first account that was not reached: a list never ends early as
 * if it were complete. An account that fails is missing from the page and says so in `sources`.
 */
export async function walk<T>(request: Walk<T>): Promise<List<T>> {
  const { accounts, first, after, question } = request;
  const remaining = after === null ? accounts : startingAt(accounts, after.account);
  const edges: Edge<T>[] = [];
  const answers: Answer<T>[] = [];
  let more = false;
  /** Where a short page goes on: behind an account's rows, which have more behind them. */
  let rest: Cursor | null = null;
  let stopped = false;

  const isFull = (): boolean => edges.length >= first || rest !== null;
  while (answers.length < remaining.length && !isFull() && !stopped && !isUsedUp(request)) {
    const isFirst = answers.length === 0;
    const width = Math.min(WINDOW, request.callsLeft());
    const window = remaining.slice(answers.length, answers.length + width);
    const pages = await askTogether(request, window, isFirst, ({ id }) => ({
      first: first - edges.length,
      after: id === after?.account && after.position !== '' ? after.position : null,
    }));
    // The rows of later accounts are left for the page on which this one is reached.
    const reached = pages.slice(0, until(pages)).filter((answer) => answer !== null);
    stopped = reached.length < window.length;
    for (const { page, source } of reached) {
      // A list without pages has no place to go on from.
      const isCut = first === Infinity && page?.more === true;
      answers.push({ page, source: isCut ? { ...source, state: 'FAILED', code: 'TOO_LARGE' } : source });
      const rows = page?.rows ?? [];
      const room = isFull() ? 0 : first - edges.length;
      for (const { item, position } of rows.slice(0, room))
        edges.push({ node: item, accountId: source.account.id, position, question });
      if (rows.length > room || page?.more) more = true;
      if (page?.more && !isFull() && first !== Infinity)
        rest = { account: source.account.id, position: page.next ?? '' };
    }
  }

  const missing = remaining.slice(answers.length);
  const isShort = missing.length > 0 && !isFull();
  const last = edges.at(-1);
  return {
    edges,
    question,
    hasNextPage: more || missing.length > 0,
    hasPreviousPage: after !== null,
    next: isShort ? startOf(missing[0], after) : (rest ?? (last ? cursorOf(last) : null)),
    sources: [...answers.map(({ source }) => source), ...(isShort ? notReached(missing, first) : [])],
    total: () => (isShort ? null : countAll(request, answers)),
  };
}

/** Whether the operation can read no further account. */
const isUsedUp = <T>({ signal, callsLeft }: Walk<T>): boolean => signal.aborted || callsLeft() <= 0;

/** How many answers there are before the first that is missing because the operation could not ask. */
function until(answers: readonly (Answer<unknown> | null)[]): number {
  const index = answers.indexOf(null);
  return index < 0 ? answers.length : index;
}

const cursorOf = ({ accountId, position }: Edge<unknown>): Cursor => ({ account: accountId, position });

/** Before the first row of an account; where this page began if that is within it. */
const startOf = (account: Account | undefined, after: Cursor | null): Cursor | null =>
  account === undefined || account.id === after?.account ? after : { account: account.id, position: '' };

/** How accounts are reported that were not asked; a list that can go on reports the next ones. */
const notReached = (accounts: readonly Account[], first: number): Source[] =>
  accounts
    .slice(0, first === Infinity ? undefined : MAX_NOT_REACHED)
    .map((account) => ({ account, state: 'FAILED', code: 'NOT_REACHED', asOf: null, retryAt: null }));
/**
 * Reads a few accounts side by side; what goes wrong stays with its account. Null stands for an account that the operation
 * could not ask, or whose answer came after its end; but the first accounts have failed then, so that every page gets on.
 */
async function askTogether<T>(
  request: Walk<T>,
  accounts: readonly Account[],
  areFirst: boolean,
  pageOf: (account: Account) => PageRequest,
): Promise<(Answer<T> | null)[]> {
  const settled = await sideBySide(accounts, request, (account, signal) =>
    request.read(account, pageOf(account), signal),
  );
  const isOver = request.signal.aborted && !areFirst;
  return accounts.map((account, index) => {
    const answer = settled[index];
    if (!answer || (answer.status === 'rejected' && isNotReached(answer.reason, isOver))) return null;
    return toAnswer(request, account, answer);
  });
}

const isNotReached = (error: unknown, isOver: boolean): boolean =>
  error instanceof NotReached ||
  (isOver &&
    (error instanceof DeadlineExceeded || (error instanceof VendorFailure && error.code === 'TIMEOUT')));

function toAnswer<T>(
  { report, note }: Walk<T>,
  account: Account,
  settled: PromiseSettledResult<Page<T>>,
): Answer<T> {
  let answer: Answer<T>;
  if (settled.status === 'fulfilled') {
    answer = { page: settled.value, source: { account, ...sourceOf(settled.value.freshness) } };
  } else {
    const error: unknown = settled.reason;
    const isLate = error instanceof DeadlineExceeded;
    if (!(error instanceof VendorFailure) && !isLate) report(error);
    const failure =
      error instanceof VendorFailure ? error : new VendorFailure(isLate ? 'TIMEOUT' : 'UNAVAILABLE');
    answer = { page: null, source: { account, state: 'FAILED', asOf: null, ...reasonOf(failure) } };
  }
  note(answer.source);
  return answer;
}

/** How a part of the list came about; a part that no vendor was asked for is as fresh as can be. */
const sourceOf = (freshness: Freshness | null): Omit<Source, 'account'> => ({
  state: freshness?.state ?? 'FRESH',
  asOf: freshness ? toInstant(freshness.asOf) : null,
  ...reasonOf(freshness?.because ?? null),
});

const reasonOf = (failure: VendorFailure | null): Pick<Source, 'code' | 'retryAt'> => ({
  code: failure?.code ?? null,
  retryAt: failure?.retryAt == null ? null : toInstant(failure.retryAt),
});

/**
 * Counts what matches in all accounts; those that the page has not touched are asked for their count alone. Null where one
 * cannot count or was not reached: then no further account is asked.
 */
async function countAll<T>(request: Walk<T>, answers: readonly Answer<T>[]): Promise<number | null> {
  let total = addUp(0, answers);
  const touched = new Set(answers.map(({ source }) => source.account.id));
  const others = request.accounts.filter(({ id }) => !touched.has(id));
  for (let start = 0; start < others.length && total !== null; start += WINDOW) {
    if (isUsedUp(request)) return null;
    const window = others.slice(start, start + WINDOW);
    total = addUp(total, await askTogether(request, window, false, () => ({ first: 0, after: null })));
  }
  return total;
}

/** Adds the counts of some accounts to a total; null where one of them is not known. */
const addUp = (total: number, counted: readonly (Answer<unknown> | null)[]): number | null =>
  counted.reduce<number | null>(
    (sum, answer) => (sum === null || answer?.page?.total == null ? null : sum + answer.page.total),
    total,
  );

import type { AbortSignalLike } from '../abort';
import { startingAt } from '../accounts';
import { toInstant } from '../clock';
import type { Account, Edge, List, Source } from '../model';
import type { Cursor, Page, PageRequest } from '../pagination';
import { DeadlineExceeded, VendorFailure } from '../vendors/outcome';
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
  /** Reads one account's part, for as long as the signal lets it. */
  read(account: Account, page: PageRequest, signal: AbortSignalLike): Promise<Page<T>>;
  /** Hears how each account has answered. */
  note(source: Source): void;
  /** Hears of an error that is no vendor's failure, but a mistake of ours. */
  report(error: unknown): void;
}

/** How many accounts are read side by side. */
const WINDOW = 8;

/** One account's part: its page, or that it is missing; `page` is null where it is. */
interface Answer<T> {
  readonly source: Source;
  readonly page: Page<T> | null;
}

/**
 * Walks the accounts, a few at a time, until the page is full. An account that fails is missing from the page, and
 * says so in `sources`; the others never wait for more than it.
 */
export async function walk<T>(request: Walk<T>): Promise<List<T>> {
  const { accounts, first, after, question } = request;
  const remaining = after === null ? accounts : startingAt(accounts, after.account);
  const edges: Edge<T>[] = [];
  const answers: Answer<T>[] = [];
  let more = false;

  /** An account with more behind its rows ends the page, also a short one: the next page goes on there. */
  let ended = false;
  while (answers.length < remaining.length && edges.length < first && !ended) {
    const window = remaining.slice(answers.length, answers.length + WINDOW);
    const pages = await askTogether(request, window, ({ id }) => ({
      first: first - edges.length,
      after: id === after?.account ? after.position : null,
    }));
    for (const answer of pages) {
      answers.push(answer);
      const rows = answer.page?.rows ?? [];
      const room = ended ? 0 : first - edges.length;
      for (const { item, position } of rows.slice(0, room))
        edges.push({ node: item, accountId: answer.source.account.id, position, question });
      if (rows.length > room) more = true;
      if (answer.page?.more) more = ended = true;
    }
  }

  return {
    edges,
    hasNextPage: more || answers.length < remaining.length,
    hasPreviousPage: after !== null,
    sources: answers.map(({ source }) => source),
    total: () => countAll(request, answers),
  };
}

/** Reads a few accounts side by side; whatever goes wrong stays with its account. */
async function askTogether<T>(
  request: Walk<T>,
  accounts: readonly Account[],
  pageOf: (account: Account) => PageRequest,
): Promise<Answer<T>[]> {
  const settled = await sideBySide(accounts, request, (account, signal) =>
    request.read(account, pageOf(account), signal),
  );
  return accounts.flatMap((account, index) => {
    const answer = settled[index];
    return answer ? toAnswer(request, account, answer) : [];
  });
}

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

/** Counts what matches in all accounts; those that the page has not touched are asked for their count alone. */
async function countAll<T>(request: Walk<T>, answers: readonly Answer<T>[]): Promise<number | null> {
  const touched = new Set(answers.map(({ source }) => source.account.id));
  const others = request.accounts.filter(({ id }) => !touched.has(id));
  const counts = [...answers];
  for (let start = 0; start < others.length; start += WINDOW)
    counts.push(
      ...(await askTogether(request, others.slice(start, start + WINDOW), () => ({ first: 0, after: null }))),
    );
  let total = 0;
  for (const { page } of counts) {
    if (page?.total == null) return null;
    total += page.total;
  }
  return total;
}

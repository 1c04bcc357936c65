import { toInstant } from '../clock';
import type { Account, Edge, List, Source } from '../model';
import type { Cursor, Page, PageRequest } from '../pagination';
import { VendorFailure } from '../vendors/outcome';

/** A list across accounts: which accounts in which order, which part, and how to read one of them. */
export interface Walk<T> {
  /** In the order of their ids. */
  readonly accounts: readonly Account[];
  readonly first: number;
  readonly after: Cursor | null;
  /** What the list was asked for: its cursors are good for that alone. */
  readonly question: string;
  read(account: Account, page: PageRequest): Promise<Page<T>>;
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
  const remaining = after === null ? accounts : accounts.filter(({ id }) => id >= after.account);
  const edges: Edge<T>[] = [];
  const answers: Answer<T>[] = [];
  let more = false;

  while (answers.length < remaining.length && edges.length < first) {
    const window = remaining.slice(answers.length, answers.length + WINDOW);
    const pages = await Promise.all(
      window.map((account) =>
        ask(request, account, {
          first: first - edges.length,
          after: account.id === after?.account ? after.position : null,
        }),
      ),
    );
    for (const answer of pages) {
      answers.push(answer);
      const rows = answer.page?.rows ?? [];
      const room = first - edges.length;
      for (const { item, position } of rows.slice(0, room))
        edges.push({ node: item, accountId: answer.source.account.id, position, question });
      if (rows.length > room || answer.page?.more) more = true;
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

/** Reads one account; whatever goes wrong stays with it. */
async function ask<T>({ read, report }: Walk<T>, account: Account, page: PageRequest): Promise<Answer<T>> {
  try {
    const answer = await read(account, page);
    const asOf = answer.asOf === null ? null : toInstant(answer.asOf);
    return { page: answer, source: { account, state: 'FRESH', code: null, retryAt: null, asOf } };
  } catch (error) {
    if (!(error instanceof VendorFailure)) report(error);
    const { code, retryAt } = error instanceof VendorFailure ? error : new VendorFailure('UNAVAILABLE');
    return {
      page: null,
      source: {
        account,
        state: 'FAILED',
        code,
        retryAt: retryAt === null ? null : toInstant(retryAt),
        asOf: null,
      },
    };
  }
}

/** Counts what matches in all accounts; those that the page has not touched are asked for their count alone. */
async function countAll<T>(request: Walk<T>, answers: readonly Answer<T>[]): Promise<number | null> {
  const known = new Map(answers.map(({ source, page }) => [source.account.id, page]));
  let total = 0;
  for (let start = 0; start < request.accounts.length; start += WINDOW) {
    const window = request.accounts.slice(start, start + WINDOW);
    const pages = await Promise.all(
      window.map(async (account) =>
        known.has(account.id)
          ? known.get(account.id)
          : (await ask(request, account, { first: 0, after: null })).page,
      ),
    );
    for (const page of pages) {
      if (page?.total == null) return null;
      total += page.total;
    }
  }
  return total;
}

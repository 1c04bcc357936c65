import type { Cache, Resolver } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';

/**
 * Merges the cached pages of a connection. `relayPagination` merges the rows, but it passes over an empty page together
 * with its cursor, so that the list would stay there for good: the end is taken from the last page that is cached. And
 * `sources` holds every account of the list instead of the first page's alone.
 */
export function connection(): Resolver {
  const relay = relayPagination();
  return (parent, args, cache, info) => {
    const merged: unknown = relay(parent, args, cache, info);
    if (typeof merged !== 'object' || merged === null) return undefined;
    const pages = pagesInOrder(cache, info.parentKey, info.fieldName, args);
    const last = pages.at(-1);
    const sources = pages.flatMap((page) => linksOf(cache, page, 'sources'));
    return {
      ...merged,
      ...(last !== undefined && { pageInfo: cache.resolve(last, 'pageInfo') }),
      ...(sources.length > 0 && {
        sources: [...new Map(sources.map((link) => [cache.resolve(link, 'account'), link])).values()],
      }),
    };
  };
}

/** The cached pages of one list, from the first, each found by the cursor at the end of the one before it. */
function pagesInOrder(cache: Cache, parentKey: string, fieldName: string, args: Args): string[] {
  const list = listOf(args);
  const following = new Map<unknown, string>();
  for (const field of cache.inspectFields(parentKey)) {
    if (field.fieldName !== fieldName || listOf(field.arguments ?? {}) !== list) continue;
    const page = cache.resolve(parentKey, field.fieldKey);
    if (typeof page === 'string') following.set(field.arguments?.['after'] ?? null, page);
  }
  const pages: string[] = [];
  let page = following.get(null);
  while (page !== undefined) {
    pages.push(page);
    const pageInfo = cache.resolve(page, 'pageInfo');
    const end = typeof pageInfo === 'string' ? cache.resolve(pageInfo, 'endCursor') : null;
    const next = typeof end === 'string' ? following.get(end) : undefined;
    page = next !== undefined && !pages.includes(next) ? next : undefined;
  }
  return pages;
}

type Args = Readonly<Record<string, unknown>>;

/** Which list it is: every argument but those that choose the page. */
const listOf = (args: Args): string =>
  JSON.stringify(
    Object.entries(args)
      .filter(([name, value]) => name !== 'first' && name !== 'after' && value != null)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

function linksOf(cache: Cache, page: string, field: string): string[] {
  const links: unknown = cache.resolve(page, field);
  return Array.isArray(links) ? links.filter((link) => typeof link === 'string') : [];
}

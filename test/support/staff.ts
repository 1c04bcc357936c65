import { at, textsAt } from './at';
import type { Rollcall } from './start';

const PAGE = `query ($key: ID!, $after: String) { account(id: $key) { staffMembers(first: 100, after: $after) {
  nodes { id } pageInfo { hasNextPage endCursor } } } }`;

/** The ids of everybody in an account, page by page. */
export async function staffIdsOf({ query }: Rollcall, key: string): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | null = null, more = true; more;) {
    const { data } = await query(PAGE, { key, after });
    ids.push(...textsAt(data, 'account.staffMembers.nodes.*.id'));
    more = at(data, 'account.staffMembers.pageInfo.hasNextPage') === true;
    after = String(at(data, 'account.staffMembers.pageInfo.endCursor'));
  }
  return ids;
}

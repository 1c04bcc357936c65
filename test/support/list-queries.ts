import type { Invite, SourceReport, StaffMember } from '../../src/generated/graphql';
import type { Answer, Rollcall } from './start';

/** The lists across all accounts. */
export type ListName = 'staffMembers' | 'invites';

/** The source report of one account. */
export type Source = Pick<SourceReport, 'state' | 'code' | 'retryAt' | 'asOf'>;

/** A list result, grouped by account. */
export interface ListResult {
  readonly rows: Readonly<Record<string, readonly Row[]>>;
  readonly sources: Readonly<Record<string, Source>>;
  readonly totalCount: number | null;
}

/** A row with the fields that the queries below select. */
export type Row =
  Pick<StaffMember, 'id' | 'email' | 'status' | 'roles'> | Pick<Invite, 'id' | 'email' | 'status' | 'roles'>;

const SOURCES = 'sources { account { id } state code retryAt asOf }';

const STAFF = `query ($filter: StaffMemberFilter) {
  staffMembers(first: 100, filter: $filter) {
    nodes { id externalId name email status vendorStatus roles { id } fullAccess joinedAt lastLoginAt account { id } }
    totalCount ${SOURCES}
  }
}`;
const INVITES = `query ($filter: InviteFilter) {
  invites(first: 100, filter: $filter) {
    nodes { id externalId email status vendorStatus roles { id } createdAt expiresAt account { id } }
    totalCount ${SOURCES}
  }
}`;

/** Reads up to 100 rows of a list; any GraphQL error fails the test. */
export async function readList(
  rollcall: Rollcall,
  name: ListName,
  filter: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<ListResult> {
  const answer = await rollcall.query(name === 'staffMembers' ? STAFF : INVITES, { filter }, headers);
  return parseList(answer, name);
}

/** Groups the response of a list query by account; any GraphQL error fails the test. */
export function parseList({ data, errors }: Answer, name: ListName): ListResult {
  const list = data?.[name];
  if (list == null || errors.length > 0) throw new Error(`no list: ${JSON.stringify(errors)}`);
  const rows: Record<string, Row[]> = {};
  for (const { account, ...row } of list.nodes) (rows[account.id] ??= []).push(row);
  const sources = Object.fromEntries(list.sources.map(({ account, ...source }) => [account.id, source]));
  return { rows, sources, totalCount: list.totalCount ?? null };
}

/** A copy without these keys. */
export const omit = <T>(record: Readonly<Record<string, T>>, ...keys: readonly string[]): Record<string, T> =>
  Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));

/** Request headers that bypass the read cache. */
export const NO_CACHE = { 'cache-control': 'no-cache' } as const;

/** Queries the staff of one account and returns its source report. */
export async function sourceOf(
  rollcall: Rollcall,
  account: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Source> {
  const { sources } = await readList(rollcall, 'staffMembers', { accountIds: [account] }, headers);
  const source = sources[account];
  if (!source) throw new Error(`${account} is in no source`);
  return source;
}

/** The connection state of one account. */
export async function connectionOf(rollcall: Rollcall, id: string) {
  const { data, errors } = await rollcall.query(
    'query ($id: ID!) { account(id: $id) { connection { state since retryAt } } }',
    { id },
  );
  if (!data?.account) throw new Error(`no account: ${JSON.stringify(errors)}`);
  return data.account.connection;
}

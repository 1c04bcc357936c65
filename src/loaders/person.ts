import type DataLoader from 'dataloader';
import { normaliseEmail } from '../email';
import type { Metrics } from '../metrics';
import { type Account, type Invite, INVITE_STATUSES, type Source, type StaffMember } from '../model';
import type { Provider, Reading } from '../vendors/provider';
import { createLoader } from './loader';
import { walk, type Walk } from './walk';

/** All that belongs to one address. */
export interface PersonRecord {
  readonly staffMembers: readonly StaffMember[];
  readonly invites: readonly Invite[];
  readonly sources: readonly Source[];
}

/** More rows than this for some dozens of addresses in one account are a mistake of the vendor's. */
const MAX_ROWS = 1000;
const MAX_ADDRESSES = 50;

/** Loads people by normalised address: all addresses of an operation in one walk over the accounts. */
export function personLoader(
  common: Pick<Walk<unknown>, 'accounts' | 'signal' | 'softDeadline' | 'callsLeft' | 'note' | 'report'>,
  touch: (account: Account) => Provider,
  reading: Reading,
  metrics: Metrics,
): DataLoader<string, PersonRecord> {
  return createLoader(
    'person',
    metrics,
    async (emails) => {
      const { person } = reading.fields;
      const list = { ...common, first: Infinity, after: null, question: '' };
      const staffFilter = { status: null, emails, search: null };
      const inviteFilter = { status: INVITE_STATUSES, emails, expiresBefore: null };
      const page = { first: MAX_ROWS, after: null };
      const [staff, invites] = await Promise.all([
        person.has('staffMembers') || !person.has('invites')
          ? all({
              ...list,
              read: (account, _page, signal) =>
                touch(account).staffPage(reading.until(signal), page, staffFilter),
            })
          : null,
        person.has('invites')
          ? all({
              ...list,
              read: (account, _page, signal) =>
                touch(account).invitePage(reading.until(signal), page, inviteFilter),
            })
          : null,
      ]);
      const sources = merge(staff?.sources ?? [], invites?.sources ?? []);
      const staffByEmail = groupByEmail(staff?.items ?? []);
      const invitesByEmail = groupByEmail(invites?.items ?? []);
      return emails.map((email) => ({
        staffMembers: staffByEmail.get(email) ?? [],
        invites: invitesByEmail.get(email) ?? [],
        sources,
      }));
    },
    { maxBatchSize: MAX_ADDRESSES },
  );
}

async function all<T>(request: Walk<T>): Promise<{ items: T[]; sources: readonly Source[] }> {
  const { edges, sources } = await walk(request);
  return { items: edges.map(({ node }) => node), sources };
}

function groupByEmail<T extends { readonly email: string | null }>(items: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const email = normaliseEmail(item.email ?? '') ?? '';
    const group = groups.get(email) ?? [];
    groups.set(email, group);
    group.push(item);
  }
  return groups;
}

/** One report per account: where staff and invites were both read, the worse of the two. */
function merge(staff: readonly Source[], invites: readonly Source[]): Source[] {
  const worst = ['FAILED', 'STALE', 'CACHED', 'FRESH'];
  const reports = new Map<string, Source>();
  for (const source of [...staff, ...invites]) {
    const known = reports.get(source.account.id);
    if (!known || worst.indexOf(source.state) < worst.indexOf(known.state))
      reports.set(source.account.id, source);
  }
  return [...reports.values()];
}

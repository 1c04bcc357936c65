import type DataLoader from 'dataloader';
import type { AbortSignalLike } from '../abort';
import { formatId, localIdOf } from '../ids';
import { actionsOf, namesOf } from '../invites/actions';
import type { VisibleAccounts } from '../accounts';
import type { Traffic } from '../ledger/attempt-queries';
import type { Ledger } from '../ledger/ledger';
import type { SendLimits } from '../ledger/limits';
import type { AttemptRow } from '../ledger/tables';
import type { Metrics } from '../metrics';
import type { Invite, InviteActions } from '../model';
import { inTime } from '../vendors/in-time';
import { createLoader } from './loader';

/** The most attempts that are shown of one invite. */
const MAX_ATTEMPTS = 100;

/** What the ledger knows of invites, by account: one query for all of an account's invites in a list. */
export function attemptsLoader(parts: {
  readonly ledger: Ledger;
  readonly metrics: Metrics;
  readonly accounts: VisibleAccounts;
  readonly signal: AbortSignalLike;
}): DataLoader<string, readonly AttemptRow[]> {
  const { ledger, metrics, accounts, signal } = parts;
  return createLoader('attempts', metrics, async (ids) => {
    const found = new Map<string, AttemptRow[]>(ids.map((id) => [id, []]));
    await Promise.all(
      [...byAccount(ids)].map(async ([account, locals]) => {
        if (!accounts.get(account)) return;
        for (const row of await inTime(signal, ledger.attempts.ofInvites(account, locals, MAX_ATTEMPTS)))
          for (const local of new Set([row.invite, row.result_invite ?? row.invite]))
            found.get(formatId(account, local))?.push(row);
      }),
    );
    return ids.map((id) => found.get(id) ?? []);
  });
}

/** What may be done with invites; one that was replaced answers by the newest. */
export function actionsLoader(parts: {
  readonly ledger: Ledger;
  readonly limits: SendLimits;
  readonly invite: DataLoader<string, Invite | null>;
  readonly metrics: Metrics;
  readonly signal: AbortSignalLike;
  readonly report: (error: unknown) => void;
}): DataLoader<Invite, InviteActions, string> {
  const { ledger, limits, invite, report } = parts;

  const newest = async (first: Invite): Promise<Invite> => {
    let current = first;
    for (const seen = new Set<string>(); current.replacedBy !== null && !seen.has(current.id);) {
      seen.add(current.id);
      current = (await invite.load(formatId(current.accountId, current.replacedBy))) ?? {
        ...current,
        replacedBy: null,
      };
    }
    return current;
  };

  return createLoader(
    'actions',
    parts.metrics,
    async (invites) => {
      const current = await Promise.all(invites.map((each) => newest(each)));
      const traffic = new Map<string, Traffic | null>();
      await Promise.all(
        [...namesByAccount(current)].map(async ([account, names]) => {
          const known = await inTime(parts.signal, ledger.attempts.traffic(account, names)).catch(
            (error: unknown) => {
              report(error);
              return null;
            },
          );
          traffic.set(account, known);
        }),
      );
      return current.map((each) => actionsOf(each, traffic.get(each.accountId) ?? null, limits));
    },
    { cacheKeyFn: ({ id }) => id },
  );
}

function byAccount(ids: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const id of ids) {
    const account = id.slice(0, id.indexOf(':'));
    const group = groups.get(account) ?? [];
    groups.set(account, group);
    group.push(localIdOf(id));
  }
  return groups;
}

/** What attempts for some invites go by, by account. */
function namesByAccount(invites: readonly Invite[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const invite of invites) {
    const group = groups.get(invite.accountId) ?? [];
    groups.set(invite.accountId, group);
    group.push(...namesOf(invite));
  }
  return groups;
}

import type DataLoader from 'dataloader';
import type { AbortSignalLike } from '../abort';
import { localIdOf, parseId } from '../ids';
import type { Metrics } from '../metrics';
import type { Provider } from '../vendors/provider';
import { createLoader } from './loader';
import { type Patience, sideBySide } from './side-by-side';

/**
 * Loads one kind of record by id. One read per account; an account that fails fails its own ids alone; an unknown,
 * foreign or malformed id is null; answers are matched by id, never by position.
 */
export function byId<T extends { readonly id: string }>(
  name: string,
  metrics: Metrics,
  find: (accountId: string) => Provider | null,
  patience: Patience,
  read: (provider: Provider, localIds: readonly string[], signal: AbortSignalLike) => Promise<readonly T[]>,
): DataLoader<string, T | null> {
  const loader: DataLoader<string, T | null> = createLoader(name, metrics, async (ids) => {
    const answers = new Map<string, T | Error>();
    const groups = [...groupByAccount(ids)];
    const results = await sideBySide(groups, patience, async ([accountId, group], signal) => {
      const provider = find(accountId);
      return provider ? read(provider, group.map(localIdOf), signal) : [];
    });
    for (const [index, result] of results.entries()) {
      if (result.status === 'fulfilled') {
        for (const record of result.value) answers.set(record.id, record);
        continue;
      }
      for (const id of groups[index]?.[1] ?? []) {
        answers.set(id, result.reason as Error);
        // The next one to ask may have more luck.
        loader.clear(id);
      }
    }
    return ids.map((id) => answers.get(id) ?? null);
  });
  return loader;
}

function groupByAccount(ids: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const id of ids) {
    const ref = parseId(id);
    if (!ref) continue;
    const group = groups.get(ref.account);
    if (group) group.push(id);
    else groups.set(ref.account, [id]);
  }
  return groups;
}

import DataLoader from 'dataloader';
import { localIdOf, parseId } from '../ids';
import type { Provider } from '../vendors/provider';

/**
 * Loads one kind of record by id. One read per account; an account that fails fails its own ids alone; an unknown,
 * foreign or malformed id is null; answers are matched by id, never by position.
 */
export function byId<T extends { readonly id: string }>(
  find: (accountId: string) => Provider | null,
  read: (provider: Provider, localIds: readonly string[]) => Promise<readonly T[]>,
): DataLoader<string, T | null> {
  const loader: DataLoader<string, T | null> = new DataLoader(async (ids) => {
    const answers = new Map<string, T | Error>();
    await Promise.all(
      [...groupByAccount(ids)].map(async ([accountId, group]) => {
        const provider = find(accountId);
        if (!provider) return;
        try {
          for (const record of await read(provider, group.map(localIdOf))) answers.set(record.id, record);
        } catch (error) {
          for (const id of group) {
            answers.set(id, error as Error);
            // The next one to ask may have more luck.
            loader.clear(id);
          }
        }
      }),
    );
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

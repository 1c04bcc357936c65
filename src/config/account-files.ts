import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type ConfigMistake, formatPath } from './interpolate';
import { explainReadError } from './read-file';
import { readYaml } from './yaml';

/** A configuration whose accounts stand in one list, wherever they were written. */
export interface Gathered {
  readonly values: unknown;
  /** A mistake's path, or a text that names one, by where the account was written: `accounts/acme.yaml[3].token`. */
  place(text: string): string;
}

/** Hears how many files of accounts have been read, out of how many. */
export type OnProgress = (read: number, files: number) => void;

/**
 * Gathers `accounts:`, which may be a list, a file, a folder of files, or a list in which files and folders stand beside
 * accounts. A file holds a list of accounts.
 */
export function gatherAccounts(
  values: unknown,
  folder: string,
  mistakes: ConfigMistake[],
  onProgress: OnProgress,
): Gathered {
  const { accounts } = (values ?? {}) as { accounts?: unknown };
  const items: unknown[] = Array.isArray(accounts) ? accounts : [accounts];
  if (!items.some((item) => typeof item === 'string')) return { values, place: (text) => text };

  const entries: { place: string; entry: unknown }[] = [];
  const paths = items.map((item) => (typeof item === 'string' ? filesOf(item, folder) : []));
  const files = paths.flat().length;
  let read = 0;
  for (const [index, item] of items.entries()) {
    const path = Array.isArray(accounts) ? formatPath(['accounts', index]) : 'accounts';
    if (typeof item !== 'string') entries.push({ place: path, entry: item });
    else if (paths[index]?.length === 0)
      mistakes.push({ path, problem: `${item} is neither a file nor a folder with .yaml files` });
    for (const file of paths[index] ?? []) {
      const list = readList(resolve(folder, file));
      if (Array.isArray(list))
        for (const [row, entry] of list.entries()) entries.push({ place: `${file}[${row}]`, entry });
      else mistakes.push({ path: [file, list.path].filter(Boolean).join(' '), problem: list.problem });
      onProgress(++read, files);
    }
  }
  return {
    values: { ...(values as object), accounts: entries.map(({ entry }) => entry) },
    place: (text) =>
      text.replaceAll(/\baccounts\[(\d+)\]/g, (same, index) => entries[Number(index)]?.place ?? same),
  };
}

/** A file, or the YAML files of a folder in the order of their names; none if it is neither. */
function filesOf(path: string, folder: string): string[] {
  try {
    if (!statSync(resolve(folder, path)).isDirectory()) return [path];
    const names = readdirSync(resolve(folder, path)).filter((name) => /\.ya?ml$/.test(name));
    return names.sort().map((name) => join(path, name));
  } catch {
    return [];
  }
}

function readList(file: string): unknown[] | ConfigMistake {
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return { path: '', problem: explainReadError(error) };
  }
  const found = readYaml(text);
  if ('mistake' in found) return found.mistake;
  return Array.isArray(found.values) ? found.values : { path: '', problem: 'must be a list of accounts' };
}

import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Document, parseDocument } from 'yaml';
import { type Config, configSchema } from './config/schema';
import { type ConfigMistake, formatPath, interpolate, type Surroundings } from './config/interpolate';

export type { Config, Limits } from './config/schema';

/** All that is wrong with a configuration, to be read by a person. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly mistakes: readonly ConfigMistake[]) {
    super(mistakes.map(({ path, problem }) => (path ? `${path}: ${problem}` : problem)).join('\n'));
  }
}

/** Reads rollcall.yaml: one frozen configuration, or a `ConfigError` with every mistake and its path. */
export function loadConfig(file: string, env: Surroundings['env'], overrides: Overrides = {}): Config {
  const path = resolve(file);
  let text;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new ConfigError([{ path: '', problem: `The configuration file ${file} cannot be read.` }]);
  }
  const document = parseDocument(text, { prettyErrors: false });
  const [broken] = document.errors;
  if (broken) {
    // Only the place and the kind: a parser's message may quote the line, and a line may hold a secret. Only the
    // first: the others follow from it.
    const line = text.slice(0, broken.pos[0]).split('\n').length;
    throw new ConfigError([{ path: `line ${line}`, problem: `is no YAML (${broken.code})` }]);
  }
  return readConfig(toValues(document), { env, folder: dirname(path) }, overrides);
}

/** A parsed document as plain values; aliases that lead nowhere, or multiply without end, are mistakes like others. */
function toValues(document: Document): unknown {
  try {
    return document.toJS() as unknown;
  } catch {
    throw new ConfigError([{ path: '', problem: 'The file has aliases (*name) that cannot be followed.' }]);
  }
}

/** What the command line says over the file. */
export interface Overrides {
  readonly host?: string | undefined;
  readonly port?: string | undefined;
}

/** Reads a configuration that is parsed already. */
export function readConfig(raw: unknown, surroundings: Surroundings, overrides: Overrides = {}): Config {
  const mistakes: ConfigMistake[] = [];
  const values = override(interpolate(raw ?? {}, surroundings, mistakes), overrides);
  mistakes.push(...duplicateKeys(values));
  if (!surroundings.demo && typeof values === 'object' && values !== null && !('auth' in values))
    mistakes.push({ path: 'auth', problem: 'is missing: only the demo lets in whoever asks' });
  const parsed = configSchema(surroundings.folder).safeParse(values);
  // A value that could not be looked up is one mistake, not two.
  const unset = new Set(mistakes.map(({ path }) => path));
  for (const issue of parsed.error?.issues ?? []) {
    if (issue.code === 'unrecognized_keys')
      mistakes.push(
        ...issue.keys.map((key) => ({ path: formatPath([...issue.path, key]), problem: 'is no known key' })),
      );
    else if (!unset.has(formatPath(issue.path)))
      mistakes.push({ path: formatPath(issue.path), problem: issue.message });
  }
  if (mistakes.length > 0 || !parsed.success) throw new ConfigError(mistakes);
  return deepFreeze(parsed.data);
}

/** Looked for before anything else is known to be right, so that this mistake is named with the others. */
function duplicateKeys(values: unknown): ConfigMistake[] {
  const { accounts } = (values ?? {}) as { accounts?: unknown };
  if (!Array.isArray(accounts)) return [];
  const takenBy = new Map<string, number>();
  return accounts.flatMap((account: { key?: unknown } | null, index) => {
    const key = account?.key;
    if (typeof key !== 'string') return [];
    const first = takenBy.get(key);
    if (first === undefined) takenBy.set(key, index);
    return first === undefined
      ? []
      : [{ path: `accounts[${index}].key`, problem: `is taken by accounts[${first}]` }];
  });
}

function override(raw: unknown, { host, port }: Overrides): unknown {
  if (typeof raw !== 'object' || raw === null || (host === undefined && port === undefined)) return raw;
  const server = 'server' in raw && typeof raw.server === 'object' ? raw.server : {};
  return {
    ...raw,
    server: { ...server, ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port }) },
  };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}

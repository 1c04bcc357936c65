import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { gatherAccounts, type OnProgress } from './config/account-files';
import { type Config, configSchema } from './config/schema';
import { explainIssue, nameUnknownKeys } from './config/explain-issue';
import { type ConfigMistake, interpolate, type Surroundings } from './config/interpolate';
import { explainReadError } from './config/read-file';
import { readYaml } from './config/yaml';

export type { Config, Limits } from './config/schema';

/** All that is wrong with a configuration, to be read by a person. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly mistakes: readonly ConfigMistake[]) {
    super(mistakes.map(({ path, problem }) => (path ? `${path}: ${problem}` : problem)).join('\n'));
  }
}

/** Reads rollcall.yaml: one frozen configuration, or a `ConfigError` with every mistake and its path. */
export function loadConfig(
  file: string,
  env: Surroundings['env'],
  overrides: Overrides = {},
  onProgress: OnProgress = () => undefined,
): Config {
  const path = resolve(file);
  let text;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const reason = explainReadError(error);
    throw new ConfigError([{ path: '', problem: `The configuration file ${file} ${reason}.` }]);
  }
  const found = readYaml(text);
  if ('mistake' in found) throw new ConfigError([found.mistake]);
  return readConfig(found.values, { env, folder: dirname(path) }, overrides, onProgress);
}

/** What the command line says over the file. */
export interface Overrides {
  readonly host?: string | undefined;
  readonly port?: string | undefined;
  /** Beside those of the file. */
  readonly corsOrigins?: readonly string[];
}

/** Reads a configuration that is parsed already. */
export function readConfig(
  raw: unknown,
  surroundings: Surroundings,
  overrides: Overrides = {},
  onProgress: OnProgress = () => undefined,
): Config {
  if (raw !== null && raw !== undefined && (typeof raw !== 'object' || Array.isArray(raw)))
    throw new ConfigError([
      { path: '', problem: 'The configuration must be a section of keys such as accounts:.' },
    ]);
  const unread: ConfigMistake[] = [];
  const gathered = gatherAccounts(raw ?? {}, surroundings.folder, unread, onProgress);
  const mistakes: ConfigMistake[] = [];
  const values = override(interpolate(gathered.values, surroundings, mistakes), overrides);
  mistakes.push(...duplicateKeys(values));
  if (!surroundings.demo && typeof values === 'object' && values !== null && !('auth' in values))
    mistakes.push({ path: 'auth', problem: 'is missing: only the demo lets in whoever asks' });
  const parsed = configSchema(surroundings.folder).safeParse(values, { error: nameUnknownKeys });
  // One mistake for each place: what could not be looked up is not also of the wrong form.
  const named = new Set(mistakes.map(({ path }) => path));
  for (const mistake of (parsed.error?.issues ?? []).flatMap((issue) => explainIssue(issue, values))) {
    if (!named.has(mistake.path)) mistakes.push(mistake);
    named.add(mistake.path);
  }
  const { place } = gathered;
  if (unread.length > 0 || mistakes.length > 0 || !parsed.success)
    throw new ConfigError([
      ...unread,
      ...mistakes.map(({ path, problem }) => ({ path: place(path), problem: place(problem) })),
    ]);
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

function override(raw: unknown, { host, port, corsOrigins = [] }: Overrides): unknown {
  if (typeof raw !== 'object' || raw === null) return raw;
  const { server = {} } = raw as { server?: unknown };
  // A section of another form is a mistake, which must not be hidden.
  if (typeof server !== 'object' || server === null || Array.isArray(server)) return raw;
  const { corsOrigins: configured = [] } = server as { corsOrigins?: unknown };
  const given = {
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(corsOrigins.length > 0 && Array.isArray(configured)
      ? { corsOrigins: [...(configured as unknown[]), ...corsOrigins] }
      : {}),
  };
  return Object.keys(given).length > 0 ? { ...raw, server: { ...server, ...given } } : raw;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}

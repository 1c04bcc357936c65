import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { explainReadError } from './read-file';

/** One mistake in the configuration: where, and what is wrong; never a value. */
export interface ConfigMistake {
  readonly path: string;
  readonly problem: string;
}

/** What `${…}` may stand for. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What relative paths start at. */
  readonly folder: string;
  /** The demo alone goes without tokens. */
  readonly demo?: boolean;
}

/** A path within the configuration, as a person would write it: `accounts[1].token`. */
export const formatPath = (path: readonly PropertyKey[]): string =>
  path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');

/**
 * Replaces `${NAME}` by the environment's value and `${file:…}` by a file's content, in every text of a parsed
 * document: after parsing, so that no value can change the document's shape.
 */
export function interpolate(
  value: unknown,
  surroundings: Surroundings,
  mistakes: ConfigMistake[],
  path: PropertyKey[] = [],
): unknown {
  if (typeof value === 'string')
    return value.replaceAll(/\$\{([^}]*)\}/g, (_match, name: string) => {
      const found = lookUp(name, surroundings);
      if ('problem' in found) mistakes.push({ path: formatPath(path), problem: found.problem });
      return 'text' in found ? found.text : '';
    });
  if (Array.isArray(value))
    return value.map((item, index) => interpolate(item, surroundings, mistakes, [...path, index]));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      interpolate(item, surroundings, mistakes, [...path, key]),
    ]),
  );
}

function lookUp(name: string, { env, folder }: Surroundings): { text: string } | { problem: string } {
  if (name.startsWith('file:')) {
    try {
      return { text: readFileSync(resolve(folder, name.slice('file:'.length)), 'utf8').trimEnd() };
    } catch (error) {
      return { problem: `the file ${name.slice('file:'.length)} ${explainReadError(error)}` };
    }
  }
  if (!/^[A-Za-z_]\w*$/.test(name)) return { problem: '${…} must name an environment variable or file:…' };
  const text = env[name];
  return text === undefined ? { problem: `the environment variable ${name} is not set` } : { text };
}

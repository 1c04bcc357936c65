import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { nearest } from '../lib/nearest';

type Options = NonNullable<ParseArgsConfig['options']>;

/** What a program takes on its command line. */
export interface Command<Given extends Options> {
  /** The text of `--help`. */
  readonly usage: string;
  /** As for Node's `parseArgs`; `--help` and `--version` are added. */
  readonly options: Given;
  /** What stands beside the options, as the usage calls it; none is allowed where this is missing. */
  readonly positional?: string;
}

/** A mistake on the command line: one line for the person who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const common = {
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', short: 'v', default: false },
} as const;

type Parsed<Given extends Options> = ReturnType<
  typeof parseArgs<{ options: Given & typeof common; allowPositionals: true }>
>;

/** Reads a command line. Throws a `UsageError`, which quotes no value: a value may be a secret. */
export function parseCommandLine<const Given extends Options>(
  { options, positional }: Omit<Command<Given>, 'usage'>,
  args: readonly string[],
): Parsed<Given> {
  const all = { ...options, ...common };
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options: all, allowPositionals: true });
  } catch (error) {
    throw new UsageError(explain(error, Object.keys(all)));
  }
  if (positional === undefined && parsed.positionals.length > 0)
    throw new UsageError('Unexpected argument: only options, which begin with --, are understood here.');
  return parsed;
}

/**
 * Reads this process' command line. Answers `--help` and `--version`, and ends the process with 1 and one line on stderr
 * for a mistake; `check` may throw a `UsageError` for a value that is wrong.
 */
export function readCommandLine<const Given extends Options, T = Parsed<Given>>(
  command: Command<Given>,
  check: (parsed: Parsed<Given>) => T = (parsed) => parsed as T,
  args: readonly string[] = process.argv.slice(2),
): T {
  try {
    const parsed = parseCommandLine(command, args);
    const { help, version } = parsed.values as { help?: boolean; version?: boolean };
    if (help) answer(command.usage);
    if (version) answer(`rollcall ${readVersion()}`);
    return check(parsed);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message} See --help.\n`);
    process.exit(1);
  }
}

/** A whole number from the command line. */
export function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (!(value >= least && value <= most))
    throw new UsageError(`--${option} must be a whole number from ${least} to ${most}.`);
  return value;
}

function answer(text: string): never {
  process.stdout.write(`${text.trim()}\n`);
  process.exit(0);
}

function readVersion(): string {
  const file = join(__dirname, '..', '..', 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** Node's own messages take several lines, and some give advice that does not fit. */
function explain(error: unknown, names: readonly string[]): string {
  const { code, message } = error as { code?: string; message: string };
  const option = /(?:--?[\w-]+, )?(--?[\w-]+)/.exec(message)?.[1] ?? '';
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const meant = nearest(option, names);
    return `Unknown option ${option}.${meant === null ? '' : ` Did you mean --${meant}?`}`;
  }
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE')
    return message.includes('does not take') ? `${option} takes no value.` : `${option} needs a value.`;
  throw error;
}

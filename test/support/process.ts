import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { waitFor } from './wait-for';

const ROOT = resolve(__dirname, '..', '..');
/** The program as it is shipped. jest compiles it before the first test file, if its sources have changed. */
export const PROGRAM = resolve(ROOT, 'dist', 'main.js');
const EXIT_WITH_PARENT = resolve(__dirname, 'preload', 'exit-with-parent.cjs');

/** The program in its own process, watched from outside. */
export interface RunningProcess {
  readonly pid: number;
  /** The lines it has written so far. */
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  /** How it ended: the exit code, or the signal that took it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  isOver(): boolean;
  /** The first line of its log that has all of these fields; waits for it. */
  logged(fields: Readonly<Record<string, unknown>>): Promise<LogLine>;
  signal(name: NodeJS.Signals): void;
}

/** One line of the log. */
export type LogLine = Readonly<Record<string, unknown>>;

const alive = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/** Starts the program as it was compiled. `preload` are files for `--require`; `env` stands over this process' own. */
export function startProcess(
  args: readonly string[],
  { env = {}, preload = [] }: { env?: Readonly<Record<string, string>>; preload?: readonly string[] } = {},
): RunningProcess {
  const required = [EXIT_WITH_PARENT, ...preload].flatMap((file) => ['--require', file]);
  const child = spawn(process.execPath, [...required, PROGRAM, ...args], {
    // The preloaded file ends the process with its standard input.
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...withoutTelemetry(process.env), ...env },
  });
  alive.add(child);
  child.stdin.on('error', () => undefined);
  const stdout: string[] = [];
  const stderr: string[] = [];
  createInterface(child.stdout).on('line', (line) => stdout.push(line));
  createInterface(child.stderr).on('line', (line) => stderr.push(line));
  let over = false;
  // `close` comes when all that it wrote has been read.
  const ended = once(child, 'close').then(([code, signal]: (number | NodeJS.Signals | null)[]) => {
    alive.delete(child);
    over = true;
    return (code ?? signal) as number | NodeJS.Signals;
  });

  return {
    pid: child.pid ?? 0,
    stdout,
    stderr,
    ended,
    isOver: () => over,
    logged: async (fields) => {
      const find = () => stdout.map(readLine).find((line) => holds(line, fields));
      await waitFor(() => find() !== undefined || over);
      const line = find();
      if (!line)
        throw new Error(`no line ${JSON.stringify(fields)} in:\n${[...stdout, ...stderr].join('\n')}`);
      return line;
    },
    signal: (name) => {
      child.kill(name);
    },
  };
}

/** A line as it was logged; empty if it is no JSON. */
export function readLine(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return {};
  }
}

const holds = (line: LogLine, fields: LogLine): boolean =>
  Object.entries(fields).every(([name, value]) => line[name] === value);

/** Whoever runs the tests may trace them. */
const withoutTelemetry = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('OTEL_')));

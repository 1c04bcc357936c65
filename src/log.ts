import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';

export type { Logger } from 'pino';

/** One JSON object per line on stdout; for people only where one is watching. */
export const createLog = (): Logger =>
  process.stdout.isTTY ? pino(pretty({ ignore: 'pid,hostname', sync: true })) : pino({ base: null });

/** An error for the log: its kind and where it came from, but not its message, which may quote what is secret. */
export function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { kind: typeof error };
  return {
    kind: error.name,
    // The stack begins with the message, whose own lines may look like places.
    at: error.stack
      ?.replace(error.message, '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 8),
  };
}

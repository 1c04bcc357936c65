import fs from 'node:fs';
import { destination, type DestinationStream, pino, type Logger } from 'pino';
import pretty from 'pino-pretty';

export type { Logger } from 'pino';

/**
 * Lines of a busy moment are written together, at most 50 ms late: a system call for each costs more than making it. Of
 * more than 8 MiB that nobody takes, what comes then is dropped.
 */
const BUSY = { sync: false, minLength: 16_000, maxLength: 8 << 20, periodicFlush: 50 } as const;

/**
 * Where lines of the log go: stdout, for people only where one is watching. All is written before the process ends; what is
 * being written when it ends at once may come after its last line, so that order is by `time`.
 */
export const openLog = (): DestinationStream =>
  process.stdout.isTTY
    ? pretty({ ignore: 'pid,hostname', sync: true })
    : endingWithItsReader(destination(BUSY));

/**
 * At the end of the process, sonic-boom tries again and again to write what is left, for ever where nobody reads any more:
 * behind a pipe whose reader has gone, and in a worker whose primary has been killed. Then it is to be lost instead.
 */
function endingWithItsReader(lines: ReturnType<typeof destination>): typeof lines {
  const flushSync = lines.flushSync.bind(lines);
  const { writeSync } = fs;
  const writeOrLose = (fd: number, text: string): number => {
    try {
      return writeSync(fd, text);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EPIPE') return Buffer.byteLength(text);
      throw error;
    }
  };
  lines.flushSync = () => {
    Object.assign(fs, { writeSync: writeOrLose });
    try {
      flushSync();
    } finally {
      Object.assign(fs, { writeSync });
    }
  };
  return lines;
}

/** One JSON object per line, with the number of the worker that wrote it where there are several. */
export const createLog = (to: DestinationStream, worker: number | null = null): Logger =>
  pino({ base: worker === null ? null : { worker } }, to);

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

/**
 * Makes an observer that can never fail: what only watches an operation must not change its answer, nor end the process.
 * A failure is logged where that is possible.
 */
export const quietly =
  <Args extends unknown[]>(log: Logger, observe: (...args: Args) => void) =>
  (...args: Args): void => {
    try {
      observe(...args);
    } catch (error) {
      try {
        log.error({ error: describeError(error) }, 'an observer failed');
      } catch {
        // The log itself is broken.
      }
    }
  };

import type { Logger } from '../log';

/** How long running operations may take to end, in milliseconds. */
export const DRAIN_MS = 15_000;

/** How a process ends: it becomes unready, and then closes what it has open. */
export interface Shutdown {
  leave(): Promise<void>;
  close(): Promise<void>;
}

/** Lets running operations end and takes no new ones, then ends the process: after `DRAIN_MS` at the latest. */
export function shutDown(log: Logger, signal: string, { leave, close }: Shutdown): void {
  log.info({ signal }, 'stopping');
  const end = async (): Promise<void> => {
    await leave();
    setTimeout(() => {
      log.error('gave up waiting for what still runs');
      process.exit(1);
    }, DRAIN_MS).unref();
    await close();
  };
  end().then(
    () => process.exit(0),
    () => process.exit(1),
  );
}

/** The first SIGTERM or SIGINT shuts down, a second one ends the process at once. */
export function shutDownOnSignals(log: Logger, shutdown: Shutdown): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    shutDown(log, signal, shutdown);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

import { type App, startApp } from './app';
import { check } from './cli/check';
import { explainStartError } from './cli/explain-error';
import { readSettings } from './cli/read-settings';
import { runDemo } from './cli/run-demo';
import { DRAIN_MS, shutDown, shutDownOnSignals } from './cli/shutdown';
import { everyone } from './demo';
import { type Flags, readFlags } from './flags';
import { createLog, describeError, type Logger, openLog } from './log';
import { startTracing } from './server/tracing';
import { startPrimary } from './workers/primary';
import { asWorker, type Worker } from './workers/worker';

/** The process edge: flags → configuration → app → signals. */
async function main(worker: Worker | null): Promise<void> {
  const production = process.env['NODE_ENV'] === 'production';
  const flags = readFlags(production);
  if (flags.check && flags.config !== undefined) {
    await check(flags.config, flags);
    return;
  }
  const lines = openLog();
  const log = createLog(lines, worker?.number);
  endOnMistakes(log);
  if (flags.config !== undefined && flags.workers > 1 && !worker) {
    const { accounts, server } = readSettings(flags.config, flags, log);
    startPrimary({
      count: flags.workers,
      log,
      write: (text) => {
        lines.write(text);
      },
      facts: { accounts: accounts.length },
      drainMs: server.drainDelay + DRAIN_MS,
    });
    return;
  }
  const tracing = await startTracing(process.env);
  const traced = tracing !== null;
  const app =
    flags.config === undefined
      ? await runDemo(log, flags, traced)
      : await real(log, flags.config, flags, { production, traced, worker });
  const shutdown = {
    leave: app.leave,
    close: async () => {
      await app.close();
      await tracing?.close();
    },
  };
  if (worker)
    worker.onStop((signal) => {
      shutDown(log, signal, shutdown);
    });
  else shutDownOnSignals(log, shutdown);
}

async function real(
  log: Logger,
  file: string,
  flags: Flags,
  { worker, ...mode }: { production: boolean; traced: boolean; worker: Worker | null },
): Promise<App> {
  const config = readSettings(file, flags, worker ? null : log);
  if (config.storage.kind === 'memory')
    log.warn('storage is memory: what was sent is forgotten when this process ends');
  const app = await startApp({
    config,
    log,
    viewer: everyone,
    ...mode,
    ...worker?.shared,
    processes: worker ? flags.workers : 1,
  });
  if (worker) worker.listening(app.url);
  else log.info({ url: app.url, accounts: config.accounts.length }, 'ready');
  return app;
}

/** A mistake of ours leaves the process in an unknown state: it ends, with one line that quotes nothing. */
function endOnMistakes(log: Logger): void {
  const end = (error: unknown): void => {
    log.fatal({ error: describeError(error) }, 'uncaught');
    process.exit(1);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}

const worker = asWorker();
main(worker).catch(async (error: unknown) => {
  const reason = explainStartError(error);
  // Where several workers have the same trouble, the primary prints it once.
  if (worker) await worker.failed(reason).finally(() => process.exit(1));
  process.stderr.write(`${reason}\n`);
  process.exit(1);
});

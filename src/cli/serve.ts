import { nobody } from '../accounts';
import { type App, startApp } from '../app';
import type { Flags } from '../flags';
import type { Logger } from '../log';
import { startTracing } from '../server/tracing';
import type { Worker } from '../workers/worker';
import { readSettings } from './read-settings';
import { shutDown, shutDownOnSignals } from './shutdown';

/** How the process runs. */
interface Mode {
  readonly production: boolean;
  readonly worker: Worker | null;
}

/** Serves the demo, or the accounts of a configuration, until a signal or the primary ends it. */
export async function serve(flags: Flags, log: Logger, mode: Mode): Promise<void> {
  const tracing = await startTracing(process.env);
  const traced = tracing !== null;
  const app =
    flags.config === undefined
      ? await serveDemo(log, flags, traced)
      : await serveConfig(log, flags.config, flags, { ...mode, traced });
  const shutdown = {
    leave: app.leave,
    close: async () => {
      await app.close();
      await tracing?.close();
    },
  };
  if (mode.worker)
    mode.worker.onStop((signal) => {
      shutDown(log, signal, shutdown);
    });
  else shutDownOnSignals(log, shutdown);
}

/** The demo's vendors are loaded for the demo alone. */
async function serveDemo(log: Logger, flags: Flags, traced: boolean): Promise<App> {
  const { runDemo } = await import('./run-demo.js');
  return runDemo(log, flags, traced);
}

async function serveConfig(
  log: Logger,
  file: string,
  flags: Flags,
  { worker, ...mode }: Mode & { readonly traced: boolean },
): Promise<App> {
  const config = readSettings(file, flags, worker ? null : log);
  if (config.storage.kind === 'memory')
    log.warn('storage is memory: what was sent is forgotten when this process ends');
  const app = await startApp({
    config,
    log,
    // Outside of the demo a configuration without `auth` is refused: a token says who asks.
    viewer: nobody,
    ...mode,
    ...worker?.shared,
    processes: worker ? flags.workers : 1,
  });
  if (worker) worker.listening(app.url);
  else log.info({ url: app.url, accounts: config.accounts.length }, 'ready');
  return app;
}

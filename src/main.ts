import { type App, startApp } from './app';
import { type Config, ConfigError, loadConfig } from './config';
import { everyone, startDemo, welcome } from './demo';
import { type Flags, readFlags } from './flags';
import { createLog, describeError, type Logger, openLog } from './log';
import { startTracing } from './server/tracing';
import { startPrimary } from './workers/primary';
import { asWorker, type Worker } from './workers/worker';

/** The process edge: flags → configuration → app → signals. */
async function main(worker: Worker | null): Promise<void> {
  const flags = readFlags(fail);
  const production = process.env['NODE_ENV'] === 'production';
  if (flags.config === undefined && (production || flags.check))
    fail(`--config is missing${production ? ': in production there is no demo' : ''}.`);
  if (flags.config === undefined && flags.workers > 1)
    fail("--workers needs --config: the demo's vendors, their clock and its ledger live in one process.");
  if (flags.check && flags.config !== undefined) {
    readSettings(flags.config, flags);
    process.stdout.write('The configuration is valid.\n');
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
      ? await demo(log, flags, traced)
      : await real(log, flags.config, flags, { production, traced, worker });
  const end = {
    leave: app.leave,
    close: async () => {
      await app.close();
      await tracing?.close();
    },
  };
  if (worker)
    worker.onStop((why) => {
      drain(log, why, end);
    });
  else stopOnSignals(log, end);
}

async function demo(log: Logger, flags: Flags, traced: boolean): Promise<App> {
  const running = await startDemo(log, { ...flags, traced });
  log.info({ url: running.url }, 'ready');
  const facts = welcome(running);
  if (process.stdout.isTTY)
    process.stdout.write(
      Object.entries(facts)
        .map(([name, fact]) => `\n${name}: ${typeof fact === 'string' ? fact : JSON.stringify(fact)}\n`)
        .join(''),
    );
  else log.info(facts, 'demo');
  return running;
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
  const app = await startApp({ config, log, viewer: everyone, ...mode, ...worker?.shared });
  if (worker) worker.listening(app.url);
  else log.info({ url: app.url, accounts: config.accounts.length }, 'ready');
  return app;
}

/** The configuration, with what the command line says; the log hears of it where that takes long. */
function readSettings(file: string, flags: Flags, log: Logger | null = null): Config {
  const tell = everySecond((read: number, files: number) => {
    log?.info({ read, files }, 'reading accounts');
  });
  const config = loadConfig(file, process.env, flags, tell);
  if (flags.workers > 1 && config.storage.kind === 'memory')
    throw new ConfigError([
      {
        path: 'storage',
        problem: 'memory: is for one process: of several, each would forget what the others have sent',
      },
    ]);
  return config;
}

/** Calls through at most once a second: what takes less than that needs no word. */
function everySecond<Args extends unknown[]>(tell: (...args: Args) => void): (...args: Args) => void {
  let last = performance.now();
  return (...args) => {
    if (performance.now() - last < 1000) return;
    last = performance.now();
    tell(...args);
  };
}

/** A mistake of ours leaves nobody knows what behind: the process ends, with one line that quotes nothing. */
function endOnMistakes(log: Logger): void {
  const end = (error: unknown): void => {
    log.fatal({ error: describeError(error) }, 'uncaught');
    process.exit(1);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}

/** How long running operations may take to end. */
const DRAIN_MS = 15_000;

/** How a process ends: it becomes unready, and then closes what it has open. */
interface End {
  leave(): Promise<void>;
  close(): Promise<void>;
}

/** Lets what runs end, then takes nothing new; time ends the process. */
function drain(log: Logger, why: string, { leave, close }: End): void {
  log.info({ signal: why }, 'stopping');
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

/** The first signal drains, a second one ends the process. */
function stopOnSignals(log: Logger, end: End): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    drain(log, signal, end);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** Why the process cannot start, for a person: no stack, and nothing of a value. */
function explain(error: unknown): string {
  if (error instanceof ConfigError) return `The configuration has mistakes:\n${error.message}`;
  const { code, port } = error as { code?: string; port?: number };
  if (code === 'EADDRINUSE') return `Port ${port} is in use; choose another with --port.`;
  if (code === 'EACCES' && port !== undefined)
    return `Port ${port} may not be used by this user; choose another with --port.`;
  return `Rollcall could not start: ${error instanceof Error ? error.name : 'unknown error'}${code ? ` (${code})` : ''}.`;
}

const worker = asWorker();
main(worker).catch(async (error: unknown) => {
  // Of many workers with the same trouble, the primary tells one.
  await worker?.failed(explain(error)).finally(() => process.exit(1));
  fail(explain(error));
});

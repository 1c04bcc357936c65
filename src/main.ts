import { parseArgs } from 'node:util';
import { type App, startApp } from './app';
import { ConfigError, loadConfig } from './config';
import { everyone, startDemo, welcome } from './demo';
import { createLog, describeError, type Logger } from './log';
import { startTracing } from './server/tracing';

const USAGE = `Usage: rollcall [--config rollcall.yaml [--check]] [--host HOST] [--port PORT]

Without --config: the demo, over emulated vendors.
--check  validates the configuration, prints all that is wrong with it, and exits with 0 or 1.`;

interface Flags {
  readonly config: string | undefined;
  readonly check: boolean;
  readonly host: string | undefined;
  readonly port: string | undefined;
}

/** The process edge: flags → configuration → app → signals. */
async function main(): Promise<void> {
  const flags = readFlags();
  const production = process.env['NODE_ENV'] === 'production';
  if (flags.config === undefined && (production || flags.check))
    fail(`--config is missing${production ? ': in production there is no demo' : ''}.`);
  if (flags.check && flags.config !== undefined) {
    loadConfig(flags.config, process.env, flags);
    process.stdout.write('The configuration is valid.\n');
    return;
  }
  const log = createLog();
  endOnMistakes(log);
  const tracing = await startTracing(process.env);
  const traced = tracing !== null;
  const app =
    flags.config === undefined
      ? await demo(log, flags, traced)
      : await real(log, flags.config, flags, { production, traced });
  stopOnSignals(log, app.leave, async () => {
    await app.close();
    await tracing?.close();
  });
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
  mode: { production: boolean; traced: boolean },
): Promise<App> {
  const config = loadConfig(
    file,
    process.env,
    flags,
    everySecond((read, files) => {
      log.info({ read, files }, 'reading accounts');
    }),
  );
  if (config.storage.kind === 'memory')
    log.warn('storage is memory: what was sent is forgotten when this process ends');
  const app = await startApp({ config, log, viewer: everyone, ...mode });
  log.info({ url: app.url, accounts: config.accounts.length }, 'ready');
  return app;
}

function readFlags(): Flags {
  try {
    const { values } = parseArgs({
      options: {
        config: { type: 'string' },
        check: { type: 'boolean', default: false },
        host: { type: 'string' },
        port: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      process.stdout.write(`${USAGE}\n`);
      process.exit(0);
    }
    return { config: values.config, check: values.check, host: values.host, port: values.port };
  } catch (error) {
    return fail(`${(error as Error).message}\n\n${USAGE}`);
  }
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

/** The first signal lets what runs end, then takes nothing new; a second one, or time, ends the process. */
function stopOnSignals(log: Logger, leave: () => Promise<void>, close: () => Promise<void>): void {
  let stopping = false;
  const end = async (): Promise<void> => {
    await leave();
    setTimeout(() => {
      log.error('gave up waiting for what still runs');
      process.exit(1);
    }, DRAIN_MS).unref();
    await close();
  };
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, 'stopping');
    end().then(
      () => process.exit(0),
      () => process.exit(1),
    );
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

main().catch((error: unknown) => fail(explain(error)));

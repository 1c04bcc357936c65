import { type Flags, readFlags } from './flags';
import { createLog, describeError, type Logger, openLog } from './log';
import { asWorker, type Worker } from './workers/worker';

/** The process edge. The command line says what has to be loaded: the whole program takes a second of processor time. */
async function main(worker: Worker | null): Promise<void> {
  const production = process.env['NODE_ENV'] === 'production';
  const flags = readFlags(production);
  if (isCheck(flags)) {
    const { check } = await import('./cli/check.js');
    await check(flags.config, flags);
    return;
  }
  const lines = openLog();
  const log = createLog(lines, worker?.number);
  endOnMistakes(log);
  if (isPrimary(flags, worker)) {
    const { runPrimary } = await import('./cli/run-primary.js');
    runPrimary(flags, log, lines);
    return;
  }
  const { serve } = await import('./cli/serve.js');
  await serve(flags, log, { production, worker });
}

type WithConfig = Flags & { readonly config: string };
const isCheck = (flags: Flags): flags is WithConfig => flags.check && flags.config !== undefined;
const isPrimary = (flags: Flags, worker: Worker | null): flags is WithConfig =>
  flags.workers > 1 && flags.config !== undefined && !worker;

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
  const { explainStartError } = await import('./cli/explain-error.js');
  const reason = explainStartError(error);
  // Where several workers have the same trouble, the primary prints it once.
  if (worker) await worker.failed(reason).finally(() => process.exit(1));
  process.stderr.write(`${reason}\n`);
  process.exit(1);
});

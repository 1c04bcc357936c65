import cluster, { type Worker } from 'node:cluster';
import type { Logger } from '../log';
import { createHeld } from './held';
import { passLines } from './lines';
import { readFromWorker, type ToWorker } from './messages';
import { NUMBER } from './number';
import { createPauses } from './pauses';
import { createScrape } from './scrape';
import { watchUntaken } from './untaken';

/** What the primary is started with. */
export interface PrimaryOptions {
  /** How many workers there are to be. */
  readonly count: number;
  readonly log: Logger;
  /** Writes to the log what workers have logged: whole lines. */
  readonly write: (lines: string) => void;
  /** For the line that says that all of them serve. */
  readonly facts: object;
  /** How long the workers may take to end. */
  readonly drainMs: number;
}

/** The place of one worker; another one takes it when that has ended. */
interface Place {
  readonly number: number;
  worker: Worker | null;
  listening: boolean;
  /** How long it stays empty after an end. */
  readonly pause: () => number;
}

/** What the workers get beyond their own time to end. */
const GRACE_MS = 1000;

/**
 * Keeps `count` workers serving behind one port: starts them, replaces those that end, carries what one has learned to the
 * others, and ends them all when it is told to. It serves nobody itself.
 */
export function startPrimary({ count, log, write, facts, drainMs }: PrimaryOptions): void {
  const places = Array.from({ length: count }, (_, index): Place => {
    return { number: index + 1, worker: null, listening: false, pause: createPauses() };
  });
  const held = createHeld();
  const scrape = createScrape();
  let phase: 'starting' | 'serving' | 'ending' = 'starting';
  let exitCode = 0;
  // What is written goes through here, or one worker's half line might meet another's.
  cluster.setupPrimary({ stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });

  const start = (place: Place): void => {
    const worker = cluster.fork({ [NUMBER]: String(place.number) });
    const { process: child } = worker;
    Object.assign(place, { worker, listening: false });
    if (child.stdout) passLines(child.stdout, write);
    const closeUntaken = watchUntaken(child);
    for (const [account, signal] of held.all()) send(worker, { type: 'signal', account, signal });
    worker.on('message', (message: unknown) => {
      if (place.worker === worker) hear(place, worker, message);
    });
    // One that could not even be started is told of by its end.
    worker.on('error', () => undefined);
    // Not before all that it has written has been read.
    child.on('close', (code: number | null, signal: NodeJS.Signals | null) => {
      closeUntaken();
      scrape.bury(worker.id);
      place.worker = null;
      ended(place, { pid: child.pid, exit: signal ?? code });
    });
  };

  const hear = (place: Place, worker: Worker, raw: unknown): void => {
    const message = readFromWorker(raw);
    if (message?.type === 'signal') {
      held.note(message.account, message.signal);
      for (const other of workers()) if (other !== worker) send(other, message);
    } else if (message?.type === 'measured') scrape.take(worker.id, message.metrics);
    else if (message?.type === 'scrape') void answerScrape(worker);
    else if (message?.type === 'listening') listening(place, worker, message.url);
    else if (message?.type === 'failed') {
      if (phase === 'serving')
        log.error({ worker: place.number, reason: message.reason }, 'worker could not start');
      else if (phase === 'starting') giveUp(message.reason);
    }
  };

  const listening = (place: Place, worker: Worker, url: string): void => {
    place.listening = true;
    log.info({ worker: place.number, pid: worker.process.pid }, 'worker listens');
    if (phase !== 'starting' || !places.every((each) => each.listening)) return;
    phase = 'serving';
    log.info({ url, workers: count, ...facts }, 'ready');
  };

  const answerScrape = async (worker: Worker): Promise<void> => {
    const asked = places.flatMap((each) => (each.listening && each.worker ? [each.worker] : []));
    const text = await scrape.text(
      asked.map(({ id }) => id),
      (id) => {
        const found = asked.find((each) => each.id === id);
        if (found) send(found, { type: 'measure' });
      },
    );
    send(worker, { type: 'scraped', text });
  };

  const ended = (
    place: Place,
    how: { pid: number | undefined; exit: NodeJS.Signals | number | null },
  ): void => {
    const { number } = place;
    if (phase === 'ending') {
      // Who has not begun to serve has lost nothing.
      if (place.listening && how.exit !== 0) exitCode = 1;
      if (workers().length === 0) process.exit(exitCode);
      return;
    }
    if (phase === 'starting') {
      giveUp(`Worker ${number} has ended while it was starting (${how.exit ?? 'unknown'}).`);
      return;
    }
    place.listening = false;
    const pauseMs = place.pause();
    log.error({ worker: number, ...how, pauseMs }, 'worker has ended, another one follows');
    setTimeout(() => {
      if (phase === 'serving') start(place);
    }, pauseMs);
  };

  const workers = (): Worker[] => places.flatMap(({ worker }) => worker ?? []);
  const endAll = (): void => {
    phase = 'ending';
    const running = workers();
    if (running.length === 0) process.exit(exitCode);
    for (const worker of running) send(worker, { type: 'stop' });
    setTimeout(kill, drainMs + GRACE_MS);
  };
  const kill = (): never => {
    for (const { process: child } of workers()) child.kill('SIGKILL');
    process.exit(1);
  };
  const giveUp = (reason: string): void => {
    process.stderr.write(`${reason}\n`);
    exitCode = 1;
    endAll();
  };
  const stop = (signal: NodeJS.Signals): void => {
    if (phase === 'ending') kill();
    log.info({ signal }, 'stopping');
    endAll();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  places.forEach(start);
}

/** Whether it arrives is seen by what the worker does, or that it has ended. */
function send(worker: Worker, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message, undefined, undefined, () => undefined);
}

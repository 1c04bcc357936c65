import cluster from 'node:cluster';
import type { Registry } from 'prom-client';
import type { Signal, Signals } from '../vendors/signals';
import { createHeld } from './held';
import { type FromWorker, readToWorker } from './messages';
import { NUMBER } from './number';

/** This process as one of several that serve behind one port. */
export interface Worker {
  /** From 1; whoever takes a worker's place takes its number. */
  readonly number: number;
  /** What its app shares with the others: what each has learned, and the metrics. */
  readonly shared: {
    readonly signals: Signals;
    readonly expose: (own: Registry) => () => Promise<string>;
  };
  listening(url: string): void;
  /** Hands on why it cannot start; resolves when that has been said. */
  failed(reason: string): Promise<void>;
  /** What to do, once, when it is to end: told so, by a signal, or because the primary is gone. */
  onStop(stop: (why: string) => void): void;
}

/** How long the primary may take to gather the metrics. */
const SCRAPE_MS = 3000;

/** Takes up the place that the primary has started this process for; null where nobody has. */
export function asWorker(): Worker | null {
  const number = Number(process.env[NUMBER]);
  if (!cluster.worker || !(number > 0)) return null;
  // Node.js would end it at once, and what runs with it, when the primary is gone.
  cluster.worker.exitedAfterDisconnect = true;

  let stop: ((why: string) => void) | null = null;
  let stopping = false;
  const end = (why: string): void => {
    // Ctrl-C reaches all processes of a terminal, and then the primary says the same again.
    if (stopping) return;
    stopping = true;
    if (stop) stop(why);
    else process.exit(0);
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  process.on('disconnect', () => {
    end('disconnect');
  });

  const held = createHeld();
  const listeners = new Map<string, ((signal: Signal) => void)[]>();
  let own: Registry | null = null;
  let onScraped: (text: string) => void = () => undefined;
  let scrape: Promise<string> | null = null;
  process.on('message', (raw: unknown) => {
    const message = readToWorker(raw);
    if (message?.type === 'stop') end('stop');
    else if (message?.type === 'scraped') onScraped(message.text);
    else if (message?.type === 'measure')
      // What cannot be measured is missed by the primary.
      void own?.getMetricsAsJSON().then(
        (metrics) => post({ type: 'measured', metrics: metrics as unknown as Measured }),
        () => undefined,
      );
    else if (message?.type === 'signal') {
      const { account, signal } = message;
      held.note(account, signal);
      for (const hear of listeners.get(account) ?? []) hear(signal);
    }
  });

  return {
    number,
    shared: {
      signals: {
        tell: (account, signal) => void post({ type: 'signal', account, signal }),
        listen: (account, hear) => {
          listeners.set(account, [...(listeners.get(account) ?? []), hear]);
          // What was said while this process was starting.
          for (const signal of held.of(account)) hear(signal);
        },
      },
      expose: (registry) => {
        own = registry;
        return () =>
          (scrape ??= new Promise<string>((resolve, reject) => {
            onScraped = resolve;
            setTimeout(reject, SCRAPE_MS, new Error('The primary does not answer.')).unref();
            void post({ type: 'scrape' });
          }).finally(() => {
            scrape = null;
          }));
      },
    },
    listening: (url) => void post({ type: 'listening', url }),
    failed: (reason) => post({ type: 'failed', reason }),
    onStop: (given) => {
      stop = given;
    },
  };
}

type Measured = Extract<FromWorker, { type: 'measured' }>['metrics'];

/** Tells the primary, if there still is one; resolves when it has been said, or cannot be. */
const post = (message: FromWorker): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      resolve();
    };
    if (process.connected) process.send?.(message, undefined, undefined, done);
    else done();
  });

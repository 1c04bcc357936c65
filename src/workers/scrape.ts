import { AggregatorRegistry } from 'prom-client';
import type { Metric } from './messages';

/** The metrics of all workers as one. */
export interface Scrape {
  /** Asks the workers with these keys, and waits a second at most: who is late is shown as it was last seen. */
  text(workers: Iterable<number>, ask: (worker: number) => void): Promise<string>;
  take(worker: number, metrics: readonly Metric[]): void;
  /** A worker is no more; what it has counted stays counted. */
  bury(worker: number): void;
}

const PATIENCE_MS = 1000;

/** Where neither the sum nor what prom-client does instead tells what an operator wants to know of several processes. */
const INSTEAD: Readonly<Record<string, Metric['aggregator']>> = {
  // Since when there is somebody.
  process_start_time_seconds: 'min',
  // One that is stuck must not hide behind the others' average.
  nodejs_eventloop_lag_seconds: 'max',
  nodejs_eventloop_lag_p50_seconds: 'max',
  nodejs_eventloop_lag_p90_seconds: 'max',
  nodejs_eventloop_lag_p99_seconds: 'max',
};

/** Makes the primary's side of `/metrics`. */
export function createScrape(): Scrape {
  const last = new Map<number, readonly Metric[]>();
  /** Counters of the dead: without them a sum would fall, which Prometheus takes for a restart that counted all of it anew. */
  let past: readonly Metric[] = [];
  const missing = new Set<number>();
  let onComplete = (): void => undefined;
  let running: Promise<void> | null = null;

  const gather = (workers: Iterable<number>, ask: (worker: number) => void): Promise<void> =>
    (running ??= new Promise<void>((resolve) => {
      onComplete = resolve;
      setTimeout(resolve, PATIENCE_MS);
      for (const worker of workers) {
        missing.add(worker);
        ask(worker);
      }
      if (missing.size === 0) resolve();
    }).finally(() => {
      missing.clear();
      running = null;
    }));
  const arrived = (worker: number): void => {
    if (missing.delete(worker) && missing.size === 0) onComplete();
  };

  return {
    text: async (workers, ask) => {
      await gather(workers, ask);
      return AggregatorRegistry.aggregate([past, ...last.values()]).metrics();
    },
    take: (worker, metrics) => {
      last.set(
        worker,
        metrics.map((metric) => ({ ...metric, aggregator: INSTEAD[metric.name] ?? metric.aggregator })),
      );
      arrived(worker);
    },
    bury: (worker) => {
      const counted = (last.get(worker) ?? []).filter(({ type }) => type !== 'gauge');
      past = AggregatorRegistry.aggregate([[...past], counted]).getMetricsAsArray() as unknown as Metric[];
      last.delete(worker);
      arrived(worker);
    },
  };
}

import { z } from 'zod';
import type { Signal } from '../vendors/signals';

const signal: z.ZodType<Signal> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('throttled'), forMs: z.number() }),
  z.object({ kind: z.literal('refused'), refusals: z.int().min(1), forMs: z.number() }),
  z.object({ kind: z.literal('accepted') }),
  z.object({ kind: z.literal('broken') }),
  z.object({ kind: z.literal('written') }),
]);

const told = z.object({ type: z.literal('signal'), account: z.string(), signal });

/** One metric of a process, as prom-client gives it, without what is for nobody but itself. */
const metric = z.object({
  name: z.string(),
  help: z.string(),
  type: z.enum(['counter', 'gauge', 'histogram', 'summary']),
  aggregator: z.enum(['omit', 'sum', 'first', 'min', 'max', 'average']),
  values: z
    .array(
      z.object({
        // What is no number, such as a mean of nothing, is null in JSON.
        value: z.number().nullable(),
        labels: z.record(z.string(), z.union([z.string(), z.number()])),
        metricName: z.string().optional(),
      }),
    )
    .transform((values) => values.filter(({ value }) => value !== null)),
});

const fromWorker = z.discriminatedUnion('type', [
  told,
  /** It serves. */
  z.object({ type: z.literal('listening'), url: z.string() }),
  /** It cannot start, and why. */
  z.object({ type: z.literal('failed'), reason: z.string() }),
  /** Somebody wants to see the metrics of all. */
  z.object({ type: z.literal('scrape') }),
  /** Its own metrics. */
  z.object({ type: z.literal('measured'), metrics: z.array(metric) }),
]);

const toWorker = z.discriminatedUnion('type', [
  told,
  /** End what runs, take nothing new. */
  z.object({ type: z.literal('stop') }),
  /** Tell your metrics. */
  z.object({ type: z.literal('measure') }),
  /** The metrics of all, in Prometheus' text format. */
  z.object({ type: z.literal('scraped'), text: z.string() }),
]);

/** One metric of a process. */
export type Metric = z.infer<typeof metric>;

/** What a worker tells the primary. */
export type FromWorker = z.input<typeof fromWorker>;

/** What the primary tells a worker. */
export type ToWorker = z.input<typeof toWorker>;

/** Reads what came from a worker; null if it is nothing of ours. */
export const readFromWorker = (message: unknown): z.output<typeof fromWorker> | null =>
  fromWorker.safeParse(message).data ?? null;

/** Reads what came from the primary; null if it is nothing of ours. */
export const readToWorker = (message: unknown): z.output<typeof toWorker> | null =>
  toWorker.safeParse(message).data ?? null;

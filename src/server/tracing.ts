import { setTimeout as delay } from 'node:timers/promises';
import { context, propagation, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { makeSpans } from '../tracing';
import type { HttpServer } from './http';

/** Tracing of this process, while it runs. */
export interface Tracing {
  /** Sends what has not been sent, if the collector takes it soon; never rejects. */
  close(): Promise<void>;
}

/** How long the collector may take at the end. */
const FLUSH_MS = 3000;

/**
 * Starts tracing if OpenTelemetry's own variables name a collector (`OTEL_EXPORTER_OTLP_ENDPOINT` or
 * `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`; OTLP over HTTP, as JSON); null if they do not. Its packages are loaded only then.
 */
export async function startTracing(env: NodeJS.ProcessEnv): Promise<Tracing | null> {
  const endpoint = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] ?? env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  if (!endpoint || env['OTEL_SDK_DISABLED'] === 'true') return null;
  const { BatchSpanProcessor, NodeTracerProvider } = await import('@opentelemetry/sdk-trace-node');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const { resourceFromAttributes } = await import('@opentelemetry/resources');
  const { W3CTraceContextPropagator } = await import('@opentelemetry/core');
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': env['OTEL_SERVICE_NAME'] ?? 'rollcall' }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  provider.register({ propagator: new W3CTraceContextPropagator() });
  makeSpans();
  return {
    close: async () => {
      // A collector that does not answer must not make a failure of an end that went well.
      await Promise.race([provider.shutdown().catch(() => undefined), delay(FLUSH_MS)]);
    },
  };
}

/** Makes each request a span, within the caller's trace if it names one. What it is called is said when it is known. */
export function traceRequests(http: HttpServer): void {
  const tracer = trace.getTracer('rollcall');
  http.addHook('preHandler', (request, reply, done) => {
    const caller = propagation.extract(ROOT_CONTEXT, request.headers);
    const span = tracer.startSpan('http', { kind: SpanKind.SERVER }, caller);
    reply.raw.once('close', () => {
      span.setAttribute('http.response.status_code', reply.raw.statusCode).end();
    });
    context.with(trace.setSpan(caller, span), done);
  });
}

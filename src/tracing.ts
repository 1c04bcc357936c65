import {
  type Attributes,
  context,
  INVALID_SPAN_CONTEXT,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

const tracer = trace.getTracer('rollcall');

/** Stands in for every span while nobody traces. */
const NO_SPAN = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
let traced = false;

/** From now on spans are made (server/tracing.ts); until then they cost nothing. */
export function makeSpans(): void {
  traced = true;
}

/** Does some work as one span, a child of the one that it is done in. Attributes never say whose data it is. */
export const inSpan = <T>(
  name: string,
  attributes: Attributes,
  work: (span: Span) => Promise<T>,
  kind: SpanKind = SpanKind.INTERNAL,
): Promise<T> =>
  !traced
    ? work(NO_SPAN)
    : tracer.startActiveSpan(name, { attributes, kind }, async (span) => {
        try {
          return await work(span);
        } catch (error) {
          span.setStatus({ code: SpanStatusCode.ERROR });
          throw error;
        } finally {
          span.end();
        }
      });

/** The header that lets a vendor go on with this trace: ids alone, nothing of what a caller has sent along. */
export function traceHeaders(): { traceparent?: string } {
  if (!traced) return {};
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  const { traceparent } = carrier;
  return traceparent === undefined ? {} : { traceparent };
}

import { createHash } from 'node:crypto';
import type { ApolloServerPlugin, GraphQLResponse } from '@apollo/server';
import { trace } from '@opentelemetry/api';
import type { Logger } from '../log';
import type { Metrics } from '../metrics';
import type { Context } from './context';

/** How an operation went: with all it asked for, with a part of it, with nothing, or turned away at the door. */
type OperationOutcome = 'ok' | 'partial' | 'failed' | 'refused';

/** One line of the log. Its fields are all there is: no document, variable, answer or claim gets in. */
interface OperationRecord {
  readonly requestId?: string;
  readonly operation?: string;
  readonly type?: string;
  /** Stands for the token's subject, which may be an address. */
  readonly viewer?: string;
  readonly ms: number;
  readonly vendorCalls: number;
  readonly outcome: OperationOutcome;
  /** Codes of `errors`, each once. */
  readonly codes?: readonly string[];
  /** What became of each write, such as `RESEND REQUESTED`. */
  readonly writes?: readonly string[];
}

/** Tells the operator of each operation: a line in the log, metrics, and what its span is called. */
export function observe(log: Logger, metrics: Metrics): ApolloServerPlugin<Context> {
  const note = (record: OperationRecord): void => {
    const { type = 'none', outcome, ms } = record;
    metrics.operations.observe({ type, outcome }, ms / 1000);
    log.info(record, 'operation');
  };
  return {
    contextCreationDidFail: ({ error }) => {
      const { requestId } = error as { requestId?: string };
      note({ ...(requestId === undefined ? {} : { requestId }), ms: 0, vendorCalls: 0, outcome: 'refused' });
      return Promise.resolve();
    },
    requestDidStart: () => {
      const start = performance.now();
      return Promise.resolve({
        willSendResponse: ({ contextValue, operation, response }) => {
          const { vendorCalls, writes } = contextValue.done();
          const { subject } = contextValue.viewer;
          const { outcome, codes } = judge(response);
          metrics.callsPerOperation.observe(vendorCalls);
          const name = operation?.name?.value.slice(0, 64);
          const type = operation?.operation;
          note({
            requestId: contextValue.requestId,
            ...(name === undefined ? {} : { operation: name }),
            ...(type === undefined ? {} : { type }),
            ...(subject === null ? {} : { viewer: hash(subject) }),
            ms: Math.round(performance.now() - start),
            vendorCalls,
            outcome,
            ...(codes.length === 0 ? {} : { codes }),
            ...(writes.length === 0 ? {} : { writes }),
          });
          const span = trace.getActiveSpan();
          span?.updateName([type ?? 'graphql', name].filter(Boolean).join(' '));
          span?.setAttributes({ 'graphql.operation.type': type, 'rollcall.outcome': outcome });
          return Promise.resolve();
        },
      });
    },
  };
}

function judge({ body }: GraphQLResponse): { outcome: OperationOutcome; codes: string[] } {
  const result = body.kind === 'single' ? body.singleResult : body.initialResult;
  const errors = result.errors ?? [];
  const codes = new Set(errors.map(({ extensions }) => String(extensions?.['code'])));
  const hasData = Object.values(result.data ?? {}).some((field) => field !== null);
  return { outcome: errors.length === 0 ? 'ok' : hasData ? 'partial' : 'failed', codes: [...codes] };
}

const hash = (subject: string): string =>
  createHash('sha256').update(subject).digest('base64url').slice(0, 16);

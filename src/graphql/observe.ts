import { createHash } from 'node:crypto';
import type { ApolloServerPlugin } from '@apollo/server';
import { trace } from '@opentelemetry/api';
import type { GraphQLFormattedError, OperationDefinitionNode } from 'graphql';
import type { Viewer } from '../accounts';
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

/** An operation that has been answered. */
export interface Ended {
  readonly context: Context;
  /** Null where there was no valid one. */
  readonly operation: OperationDefinitionNode | null;
  /** When it began, as `performance.now()` has it. */
  readonly start: number;
  readonly data: object | null | undefined;
  readonly errors: readonly GraphQLFormattedError[] | undefined;
}

/** Tells the operator of operations: a line in the log, metrics, and what their spans are called. */
export interface Observer {
  ended(operation: Ended): void;
  /** A request that was turned away before there was anything to run. */
  refused(requestId: string | undefined): void;
}

/** Makes the observer of one app. */
export function createObserver(log: Logger, metrics: Metrics): Observer {
  const subjects = new WeakMap<Viewer, string>();
  const note = (record: OperationRecord): void => {
    const { type = 'none', outcome, ms } = record;
    metrics.operations.observe({ type, outcome }, ms / 1000);
    log.info(record, 'operation');
  };
  return {
    refused: (requestId) => {
      note({ ...(requestId === undefined ? {} : { requestId }), ms: 0, vendorCalls: 0, outcome: 'refused' });
    },
    ended: ({ context, operation, start, data, errors }) => {
      const { vendorCalls, writes } = context.done();
      const { outcome, codes } = judge(data, errors);
      metrics.callsPerOperation.observe(vendorCalls);
      const name = operation?.name?.value.slice(0, 64);
      const type = operation?.operation;
      const viewer = hashOf(context.viewer, subjects);
      note({
        requestId: context.requestId,
        ...(name === undefined ? {} : { operation: name }),
        ...(type === undefined ? {} : { type }),
        ...(viewer === null ? {} : { viewer }),
        ms: Math.round(performance.now() - start),
        vendorCalls,
        outcome,
        ...(codes.length === 0 ? {} : { codes }),
        ...(writes.length === 0 ? {} : { writes }),
      });
      const span = trace.getActiveSpan();
      span?.updateName([type ?? 'graphql', name].filter(Boolean).join(' '));
      span?.setAttributes({ 'graphql.operation.type': type, 'rollcall.outcome': outcome });
    },
  };
}

/** Lets Apollo Server tell the observer. */
export const observing = (observer: Observer): ApolloServerPlugin<Context> => ({
  contextCreationDidFail: ({ error }) => {
    observer.refused((error as { requestId?: string }).requestId);
    return Promise.resolve();
  },
  requestDidStart: () => {
    const start = performance.now();
    return Promise.resolve({
      willSendResponse: ({ contextValue: context, operation = null, response: { body } }) => {
        const { data, errors } = body.kind === 'single' ? body.singleResult : body.initialResult;
        observer.ended({ context, operation, start, data, errors });
        return Promise.resolve();
      },
    });
  },
});

function judge(data: Ended['data'], errors: Ended['errors']): { outcome: OperationOutcome; codes: string[] } {
  if (!errors?.length) return { outcome: 'ok', codes: [] };
  const codes = new Set(errors.map(({ extensions }) => String(extensions?.['code'])));
  const hasData = Object.values(data ?? {}).some((field) => field !== null);
  return { outcome: hasData ? 'partial' : 'failed', codes: [...codes] };
}

/** Stands for who asks; made once for each token that is known. */
function hashOf(viewer: Viewer, known: WeakMap<Viewer, string>): string | null {
  if (viewer.subject === null) return null;
  const before = known.get(viewer);
  if (before !== undefined) return before;
  const hash = createHash('sha256').update(viewer.subject).digest('base64url').slice(0, 16);
  known.set(viewer, hash);
  return hash;
}

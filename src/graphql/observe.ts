import { createHash } from 'node:crypto';
import type { ApolloServerPlugin } from '@apollo/server';
import { trace } from '@opentelemetry/api';
import type { GraphQLFormattedError, OperationDefinitionNode } from 'graphql';
import type { Viewer } from '../accounts';
import { type Logger, quietly } from '../log';
import type { Metrics } from '../metrics';
import { CALLER_CODES } from './caller-mistakes';
import type { Context } from './context';
import type { Refused } from './errors';

/**
 * How an operation went: with all it asked for, with a part of it, or with nothing, which is `invalid` where every error is the
 * caller's mistake; `refused` is a caller without a token that is believed.
 */
type OperationOutcome = 'ok' | 'partial' | 'failed' | 'invalid' | 'refused';

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
  /** Why the caller was refused. */
  readonly reason?: Refused['reason'];
  /** Refusals since the last such line that have none of their own. */
  readonly notLogged?: number;
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
  /** A request that was refused before there was anything to run; the reason is null where it is not the caller's token. */
  refused(requestId: string | undefined, reason: Refused['reason'] | null): void;
}

/** The most lines for refused callers in one minute: a flood of bad tokens must not flood the log. The metric counts all. */
const MAX_REFUSAL_LINES = 100;

/** Makes the observer of one app. It never fails: what it watches is answered whatever becomes of the watching. */
export function createObserver(log: Logger, metrics: Metrics): Observer {
  const subjects = new WeakMap<Viewer, string>();
  const lines = createLineBudget(MAX_REFUSAL_LINES);

  const observeEnd = ({ context, operation, start, data, errors }: Ended, done: Done): void => {
    const { vendorCalls, writes } = done;
    const { outcome, codes } = judge(data, errors);
    const name = operation?.name?.value.slice(0, 64);
    const type = operation?.operation;
    const viewer = hashOf(context.viewer, subjects);
    const ms = Math.round(performance.now() - start);
    metrics.callsPerOperation.observe(vendorCalls);
    metrics.operations.observe({ type: type ?? 'none', outcome }, ms / 1000);
    const record: OperationRecord = {
      requestId: context.requestId,
      ...(name === undefined ? {} : { operation: name }),
      ...(type === undefined ? {} : { type }),
      ...(viewer === null ? {} : { viewer }),
      ms,
      vendorCalls,
      outcome,
      ...(codes.length === 0 ? {} : { codes }),
      ...(writes.length === 0 ? {} : { writes }),
    };
    log.info(record, 'operation');
    const span = trace.getActiveSpan();
    span?.updateName([type ?? 'graphql', name].filter(Boolean).join(' '));
    span?.setAttributes({ 'graphql.operation.type': type, 'rollcall.outcome': outcome });
  };

  const observeRefusal = (requestId: string | undefined, reason: Refused['reason'] | null): void => {
    if (reason !== null && reason !== 'keys') metrics.tokensRefused.inc({ reason });
    const outcome = reason === null ? 'invalid' : 'refused';
    metrics.operations.observe({ type: 'none', outcome }, 0);
    const notLogged = lines.take();
    if (notLogged === null) return;
    const record: OperationRecord = {
      ...(requestId === undefined ? {} : { requestId }),
      ms: 0,
      vendorCalls: 0,
      outcome,
      ...(reason === null ? {} : { reason }),
      ...(notLogged === 0 ? {} : { notLogged }),
    };
    log.info(record, 'operation');
  };

  const observeEndQuietly = quietly(log, observeEnd);
  return {
    refused: quietly(log, observeRefusal),
    ended: (operation) => {
      // The operation's reads end here, whatever becomes of the rest.
      observeEndQuietly(operation, operation.context.done());
    },
  };
}

type Done = ReturnType<Context['done']>;

/** Allows so many lines a minute. `take` gives how many were not allowed since the last one that was; null if this one is not. */
function createLineBudget(perMinute: number): { take(): number | null } {
  let minuteBegan = -Infinity;
  let taken = 0;
  let missed = 0;
  return {
    take: () => {
      const now = performance.now();
      if (now - minuteBegan >= 60_000) {
        minuteBegan = now;
        taken = 0;
      }
      if (++taken > perMinute) {
        missed++;
        return null;
      }
      const since = missed;
      missed = 0;
      return since;
    },
  };
}

/** Lets Apollo Server tell the observer. */
export const observing = (observer: Observer): ApolloServerPlugin<Context> => ({
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
  const nothing = [...codes].every((code) => CALLER_CODES.has(code)) ? 'invalid' : 'failed';
  return { outcome: hasData ? 'partial' : nothing, codes: [...codes] };
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

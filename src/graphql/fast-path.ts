import { type ExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Admit } from './admit';
import type { Context } from './context';
import type { FormatError } from './errors';
import type { Execution } from './execute';
import type { Observer } from './observe';
import type { OperationCache } from './operation-cache';

/** What the fast path is made from: the same parts that Apollo Server is given. */
export interface FastPathParts {
  readonly operations: OperationCache;
  readonly execution: Execution;
  readonly admit: Admit;
  readonly observer: Observer;
  readonly formatError: FormatError;
}

/** The body of a request, as JSON has it. */
interface GraphQLBody {
  readonly query?: unknown;
  readonly operationName?: unknown;
  readonly variables?: unknown;
  readonly extensions?: unknown;
}

/**
 * Answers an operation that Apollo Server has answered before, without it. For each request anew Apollo hashes the text, asks
 * its plugins at nine points and weighs media types: for an operation that is known to be valid all of this has been decided,
 * and it costs as much as the answer. Resolves with the answer's text; with null, before anything was read or written, where the
 * request is in any way out of the ordinary, is to be refused, or is not known: then Apollo Server takes it.
 */
export type FastPath = (body: unknown, createContext: () => Promise<Context>) => Promise<string | null>;

/** Makes the fast path of one app. */
export function createFastPath({
  operations,
  execution,
  admit,
  observer,
  formatError,
}: FastPathParts): FastPath {
  return async (body, createContext) => {
    const start = performance.now();
    const request = readBody(body);
    const operation = request && operations.find(request.query, request.operationName);
    if (!operation) return null;
    const context = await createContext().catch(() => null);
    if (!context) return null;
    context.operation = operation;
    if (!isAdmitted(context, request.variables)) return null;

    const { data, errors } = await execution.execute(context).catch(unexpected);
    const formatted = errors?.map((error) => formatError(withCode(error.toJSON()), error));
    observer.ended({ context, operation: operation.operation, start, data, errors: formatted });
    return `${JSON.stringify(formatted ? { errors: formatted, data } : { data })}\n`;
  };

  function isAdmitted(context: Context, variables: GraphQLRequest['variables']): boolean {
    const { schema } = execution;
    try {
      if (context.operation) admit({ schema, operation: context.operation, variables }, context);
      if (context.variables !== null) return true;
    } catch {
      // Refused by Apollo Server in a moment, for the same reason.
    }
    context.done();
    return false;
  }
}

/** What nobody expected is masked and logged like any other error; it is never a reason to run the operation again. */
const unexpected = (cause: Error): ExecutionResult => ({
  data: null,
  errors: [new GraphQLError('The operation could not be run.', { originalError: cause })],
});

/** A request that the fast path takes. */
interface GraphQLRequest {
  readonly query: string;
  readonly operationName: string | null | undefined;
  readonly variables: Record<string, unknown> | undefined;
}

function readBody(body: unknown): GraphQLRequest | null {
  if (typeof body !== 'object' || body === null) return null;
  const { query, operationName, variables, extensions }: GraphQLBody = body;
  if (typeof query !== 'string' || extensions != null) return null;
  if (operationName != null && typeof operationName !== 'string') return null;
  if (variables != null && (typeof variables !== 'object' || Array.isArray(variables))) return null;
  return {
    query,
    operationName,
    variables: (variables ?? undefined) as Record<string, unknown> | undefined,
  };
}

/** As Apollo Server does: an error without a code is one that nobody expected. */
const withCode = (error: GraphQLFormattedError): GraphQLFormattedError => ({
  ...error,
  extensions: { code: 'INTERNAL_SERVER_ERROR', ...error.extensions },
});

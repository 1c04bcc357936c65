import { type ExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Admit } from './admit';
import type { Context } from './context';
import type { FormatError } from './errors';
import type { Execution } from './execute';
import type { Observer } from './observe';
import type { CachedOperation, OperationCache } from './operation-cache';

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
    const operation = request && find(request);
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

  function find({ query, hash, operationName }: GraphQLRequest): CachedOperation | null {
    return hash === null ? operations.find(query, operationName) : operations.findByHash(hash, operationName);
  }

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
  /** Of an automatic persisted query; null where the text came along. */
  readonly hash: string | null;
  readonly operationName: string | null | undefined;
  readonly variables: Record<string, unknown> | undefined;
}

function readBody(body: unknown): GraphQLRequest | null {
  if (!isObject(body)) return null;
  const { query, operationName, variables, extensions }: GraphQLBody = body;
  // Extensions that are not known here change nothing: Apollo Client sends some with each request.
  if (extensions != null && !isObject(extensions)) return null;
  const persisted = extensions?.['persistedQuery'];
  const hash = persisted === undefined ? null : hashOf(persisted);
  // A text with a hash is to be registered: Apollo Server compares the two.
  if ((hash === null) !== (typeof query === 'string') || (hash === null && persisted !== undefined))
    return null;
  if (operationName != null && typeof operationName !== 'string') return null;
  if (variables != null && !isObject(variables)) return null;
  return {
    query: typeof query === 'string' ? query : '',
    hash,
    operationName,
    variables: variables ?? undefined,
  };
}

function hashOf(persisted: unknown): string | null {
  if (!isObject(persisted) || persisted['version'] !== 1) return null;
  const hash = persisted['sha256Hash'];
  return typeof hash === 'string' ? hash : null;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** As Apollo Server does: an error without a code is one that nobody expected. */
const withCode = (error: GraphQLFormattedError): GraphQLFormattedError => ({
  ...error,
  extensions: { code: 'INTERNAL_SERVER_ERROR', ...error.extensions },
});

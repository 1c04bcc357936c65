import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import {
  type DocumentNode,
  execute,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import type { Context } from './context';

/** How many operations are known at once. */
const MAX_KNOWN = 500;
/** A longer text is not looked up by itself. */
const MAX_TEXT = 16_384;

/** An operation that is valid and has come before. */
export interface KnownOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Runs it with variables as graphql-js reads them. */
  run(context: Context, variables: Readonly<Record<string, unknown>>): Promise<ExecutionResult>;
}

/** The ways to run operations. */
export interface Execution {
  /** For Apollo Server. */
  readonly gateway: Gateway;
  /** The operation of just this text and name, if it is known. */
  known(text: string, operationName: string | null | undefined): KnownOperation | null;
}

/**
 * Runs operations. A query that comes again is compiled to JavaScript, which resolves wide lists several times faster than
 * graphql-js walks them. graphql-js itself runs what comes once, so that a flood of different documents costs no
 * compiling; mutations, where nothing is to be gained by that; and operations that a router wants traced, field by field.
 *
 * @param makeSchema Makes the schema. Apollo wraps the resolvers of the one it traces, so compiled queries need their own.
 */
export function createExecution(makeSchema: () => GraphQLSchema): Execution {
  const schema = makeSchema();
  const plain = makeSchema();
  const seen = new WeakSet<OperationDefinitionNode>();
  const known = new LRUCache<OperationDefinitionNode, KnownOperation>({ max: MAX_KNOWN });
  const byText = new LRUCache<string, KnownOperation>({ max: MAX_KNOWN });

  /** Apollo keeps a document while it is asked for: the same text is the same operation. */
  const knownOf = (request: Request): KnownOperation | null => {
    const { document, operation, source } = request;
    const before = known.get(operation);
    if (before) return before;
    if (!seen.has(operation)) {
      seen.add(operation);
      return null;
    }
    const run = compiled(request) ?? interpreted(request);
    const made = { schema: plain, document, operation, run };
    known.set(operation, made);
    if (source && source.length <= MAX_TEXT) byText.set(keyOf(source, request.request.operationName), made);
    return made;
  };

  const compiled = ({ document, operation, operationName }: Request): KnownOperation['run'] | null => {
    if (operation.operation !== OperationTypeNode.QUERY || !isPlain(document)) return null;
    const made = compileQuery(plain, document, operationName ?? '');
    if (!isCompiledQuery(made)) return null;
    return async (context, variables) => {
      const result = (await made.query(undefined, context, variables)) as ExecutionResult;
      return result.errors ? { ...result, errors: result.errors.map(rebuilt) } : result;
    };
  };

  const interpreted =
    ({ document, operationName }: Request): KnownOperation['run'] =>
    async (contextValue, variableValues) =>
      execute({ schema: plain, document, operationName, contextValue, variableValues });

  const executor = async (request: Request): Promise<ExecutionResult> => {
    const { document, context: contextValue } = request;
    // As it was asked for: Apollo's own word for it is the name of what it found, and nothing where it found nothing.
    const { variables: variableValues, operationName, http } = request.request;
    const traced = http?.headers.get(TRACE_HEADER) === 'ftv1';
    // Variables are coerced once, with a bound on what that costs. Known operations are given the coerced ones: the
    // compiler's own reading forgets the defaults of non-null variables.
    const { variables, variableErrors } = contextValue;
    if (variableErrors.length > 0) return { errors: variableErrors };
    const before = traced || !variables ? null : knownOf(request);
    return before && variables
      ? before.run(contextValue, variables)
      : execute({ schema, document, contextValue, variableValues, operationName });
  };

  return {
    known: (text, operationName) => byText.get(keyOf(text, operationName)) ?? null,
    gateway: {
      onSchemaLoadOrUpdate: (callback) => {
        callback({ apiSchema: schema, coreSupergraphSdl: '' });
        return () => undefined;
      },
      load: () => Promise.resolve({ executor: executor as GatewayExecutor }),
      stop: () => Promise.resolve(),
    },
  };
}

/** The header by which a router asks for Apollo's federated trace. */
export const TRACE_HEADER = 'apollo-federation-include-trace';

/** One for each text and name: where the name ends is told before it. */
const keyOf = (text: string, operationName: string | null | undefined): string =>
  operationName == null ? `- ${text}` : `${operationName.length} ${operationName} ${text}`;

type Gateway = ApolloServerOptionsWithGateway<Context>['gateway'];
type GatewayExecutor = NonNullable<Awaited<ReturnType<Gateway['load']>>['executor']>;
type Request = Omit<Parameters<GatewayExecutor>[0], 'context'> & { readonly context: Context };

/** In compiled code, which builds answers as object literals, this name would not be a field like others. */
const isPlain = ({ loc }: DocumentNode): boolean => loc?.source.body.includes('__proto__') === false;

/** The compiler's errors look like graphql-js's, but do not tell what they were caused by in the same way. */
function rebuilt(error: GraphQLError): GraphQLError {
  const { message, path, originalError, extensions, locations } = error;
  const same = new GraphQLError(message, {
    path,
    originalError,
    extensions: originalError ? null : extensions,
  });
  return Object.defineProperty(same, 'locations', { value: locations, enumerable: true });
}

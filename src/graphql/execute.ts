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

/** How many operations are kept compiled. */
const MAX_COMPILED = 500;
/** A longer text is not looked up by itself; it is compiled all the same. */
const MAX_TEXT = 16_384;

/** A query that is valid, has come before, and is compiled. */
export interface KnownQuery {
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
  /** The query with just this text and name, if it is compiled. */
  known(text: string, operationName: string | null | undefined): KnownQuery | null;
}

/**
 * Runs operations. A query that comes again is compiled to JavaScript, which resolves wide lists several times faster than
 * graphql-js walks them. graphql-js itself runs what comes once, so that a flood of different documents costs no
 * compiling; mutations, where nothing is to be gained; and operations that a router wants traced, field by field.
 *
 * @param makeSchema Makes the schema. Apollo wraps the resolvers of the one it traces, so compiled queries need their own.
 */
export function createExecution(makeSchema: () => GraphQLSchema): Execution {
  const schema = makeSchema();
  const plain = makeSchema();
  const seen = new WeakSet<OperationDefinitionNode>();
  const compiled = new LRUCache<OperationDefinitionNode, { readonly query: KnownQuery | null }>({
    max: MAX_COMPILED,
  });
  const byText = new LRUCache<string, KnownQuery>({ max: MAX_COMPILED });

  /** Apollo keeps a document while it is asked for: the same text is the same operation. */
  const compiledFor = (request: Request): KnownQuery | null => {
    const { operation, document, operationName, source } = request;
    const known = compiled.get(operation);
    if (known) return known.query;
    if (!seen.has(operation)) {
      seen.add(operation);
      return null;
    }
    const query = compile(document, operation, operationName ?? '');
    compiled.set(operation, { query });
    if (query && source && source.length <= MAX_TEXT)
      byText.set(keyOf(source, request.request.operationName), query);
    return query;
  };

  const compile = (
    document: DocumentNode,
    operation: OperationDefinitionNode,
    operationName: string,
  ): KnownQuery | null => {
    const made = isPlain(document) ? compileQuery(plain, document, operationName) : null;
    if (!made || !isCompiledQuery(made)) return null;
    const run = async (context: Context, variables: object): Promise<ExecutionResult> => {
      const result = (await made.query(undefined, context, variables)) as ExecutionResult;
      return result.errors ? { ...result, errors: result.errors.map(rebuilt) } : result;
    };
    return { schema: plain, document, operation, run };
  };

  const executor = async (request: Request): Promise<ExecutionResult> => {
    const { document, operation, operationName, context: contextValue } = request;
    const { variables: variableValues, http } = request.request;
    const traced = http?.headers.get(TRACE_HEADER) === 'ftv1';
    const isQuery = operation.operation === OperationTypeNode.QUERY;
    // Variables that do not fit are refused by graphql-js, in its own words. Those that do are compiled queries given as
    // graphql-js has read them: the compiler's own reading forgets the defaults of non-null variables.
    const { variables } = contextValue;
    const known = isQuery && !traced && variables ? compiledFor(request) : null;
    if (!known || !variables)
      return execute({ schema, document, contextValue, variableValues, operationName });
    return known.run(contextValue, variables);
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

// No name of GraphQL's has a space in it.
const keyOf = (text: string, operationName: string | null | undefined): string =>
  operationName == null ? text : `${operationName} ${text}`;

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

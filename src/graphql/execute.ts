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
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import type { Context } from './context';

/** How many operations are kept compiled. */
const MAX_COMPILED = 500;

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
  const compiled = new LRUCache<OperationDefinitionNode, { readonly query: CompiledQuery | null }>({
    max: MAX_COMPILED,
  });

  /** Apollo keeps a document while it is asked for: the same text is the same operation. */
  const compiledFor = (request: Request): CompiledQuery | null => {
    const { operation, document, operationName } = request;
    const known = compiled.get(operation);
    if (known) return known.query;
    if (!seen.has(operation)) {
      seen.add(operation);
      return null;
    }
    const made = isPlain(document) ? compileQuery(plain, document, operationName ?? '') : null;
    const query = made && isCompiledQuery(made) ? made : null;
    compiled.set(operation, { query });
    return query;
  };

  const executor = async (request: Request): Promise<ExecutionResult> => {
    const { document, operation, operationName, context: contextValue } = request;
    const { variables: variableValues, http } = request.request;
    const traced = http?.headers.get('apollo-federation-include-trace') === 'ftv1';
    const isQuery = operation.operation === OperationTypeNode.QUERY;
    // Variables that do not fit are refused by graphql-js, in its own words. Those that do are compiled queries given as
    // graphql-js has read them: the compiler's own reading forgets the defaults of non-null variables.
    const { variables } = contextValue;
    const compiled = isQuery && !traced && variables ? compiledFor(request) : null;
    if (!compiled || !variables)
      return execute({ schema, document, contextValue, variableValues, operationName });
    const result = (await compiled.query(undefined, contextValue, variables)) as ExecutionResult;
    return result.errors ? { ...result, errors: result.errors.map(rebuilt) } : result;
  };

  return {
    onSchemaLoadOrUpdate: (callback) => {
      callback({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => undefined;
    },
    load: () => Promise.resolve({ executor: executor as GatewayExecutor }),
    stop: () => Promise.resolve(),
  };
}

type Execution = ApolloServerOptionsWithGateway<Context>['gateway'];
type GatewayExecutor = NonNullable<Awaited<ReturnType<Execution['load']>>['executor']>;
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

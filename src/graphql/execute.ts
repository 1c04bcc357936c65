import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import { execute, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { answerTooLarge, meteredResolver } from './answer-meter';
import type { Context } from './context';
import { inOrder } from './error-order';

/** Runs an admitted operation: its context knows the operation and the coerced variables. */
export type Execute = (context: Context) => Promise<ExecutionResult>;

/** The ways to run operations. */
export interface Execution {
  readonly schema: GraphQLSchema;
  /** For Apollo Server. */
  readonly gateway: Gateway;
  readonly execute: Execute;
}

/**
 * Runs operations, all by graphql-js, however often they come and by whichever way.
 *
 * @param makeSchema Makes the schema. Apollo wraps every resolver of the one it traces, so there are two: the other one is
 * for operations that no router wants traced.
 */
export function createExecution(makeSchema: () => GraphQLSchema): Execution {
  const traced = makeSchema();
  const schema = makeSchema();

  const run = async (on: GraphQLSchema, context: Context): Promise<ExecutionResult> => {
    const { operation, variables: variableValues, variableErrors } = context;
    if (variableErrors.length > 0) return { errors: variableErrors };
    if (!operation || !variableValues) throw new Error('The operation was not admitted.');
    const result = await execute({
      schema: on,
      document: operation.document,
      operationName: operation.operation.name?.value,
      contextValue: context,
      variableValues,
      fieldResolver: meteredResolver,
    });
    const { answer } = context;
    return answer.isTooLarge ? { data: null, errors: [answerTooLarge(answer.most)] } : inOrder(result);
  };

  const executor = async ({ request, document, context }: GatewayRequest): Promise<ExecutionResult> => {
    // A document without the operation that is asked for: graphql-js says so, in its own words.
    if (!context.operation) return execute({ schema, document, operationName: request.operationName });
    return run(request.http?.headers.get(TRACE_HEADER) === 'ftv1' ? traced : schema, context);
  };

  return {
    schema,
    execute: (context) => run(schema, context),
    gateway: {
      onSchemaLoadOrUpdate: (callback) => {
        callback({ apiSchema: traced, coreSupergraphSdl: '' });
        return () => undefined;
      },
      load: () => Promise.resolve({ executor: executor as GatewayExecutor }),
      stop: () => Promise.resolve(),
    },
  };
}

/** The header by which a router asks for Apollo's federated trace. */
export const TRACE_HEADER = 'apollo-federation-include-trace';

type Gateway = ApolloServerOptionsWithGateway<Context>['gateway'];
type GatewayExecutor = NonNullable<Awaited<ReturnType<Gateway['load']>>['executor']>;
type GatewayRequest = Omit<Parameters<GatewayExecutor>[0], 'context'> & { readonly context: Context };

import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import { execute, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { answerTooLarge } from './answer-meter';
import { meteredResolver } from './metered-resolvers';
import type { Context } from './context';
import { inOrder } from './error-order';
import { executeOperation } from './execute-operation';

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
 * Runs operations, however often they come and by whichever way: all by an executor of our own, but those that a router wants
 * traced by graphql-js, whose answers are the same.
 *
 * @param makeSchema Makes the schema. Apollo wraps every resolver of the one it traces, so there are two.
 */
export function createExecution(makeSchema: () => GraphQLSchema): Execution {
  const traced = makeSchema();
  const schema = makeSchema();

  const run = async (context: Context, isTraced: boolean): Promise<ExecutionResult> => {
    const { operation, variables, variableErrors } = context;
    if (variableErrors.length > 0) return { errors: variableErrors };
    if (!operation || !variables) throw new Error('The operation was not admitted.');
    const result = isTraced
      ? await execute({
          schema: traced,
          document: operation.document,
          operationName: operation.operation.name?.value,
          contextValue: context,
          variableValues: variables,
          fieldResolver: meteredResolver,
        })
      : await executeOperation({ schema, operation, variables, context });
    const { answer } = context;
    return answer.isTooLarge ? { data: null, errors: [answerTooLarge(answer.most)] } : inOrder(result);
  };

  const executor = async ({ request, document, context }: GatewayRequest): Promise<ExecutionResult> => {
    // A document without the operation that is asked for: graphql-js says so, in its own words.
    if (!context.operation) return execute({ schema, document, operationName: request.operationName });
    return run(context, request.http?.headers.get(TRACE_HEADER) === 'ftv1');
  };

  return {
    schema,
    execute: (context) => run(context, false),
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

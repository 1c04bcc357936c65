import type { ApolloServerPlugin } from '@apollo/server';
import { type FieldNode, GraphQLError, type GraphQLSchema, valueFromASTUntyped } from 'graphql';
import { nobody } from '../accounts';
import { coerceVariables, tooManyRepresentations, type VariableLimits } from './coerce-variables';
import type { Context } from './context';
import { unauthenticated } from './errors';
import { createLimitNodes } from './limit-nodes';
import type { CachedOperation, OperationCache } from './operation-cache';
import { selectedFields } from './selection';

/** A valid operation, about to be executed. */
export interface Admitted {
  readonly schema: GraphQLSchema;
  readonly operation: CachedOperation;
  /** As the request has them. */
  readonly variables: Readonly<Record<string, unknown>> | undefined;
}

/** Throws why a caller may not run an operation; tells its context the variables and what will be selected. */
export type Admit = (admitted: Admitted, context: Context) => void;

/**
 * Stands between a valid document and its execution. Decides by the root fields who may run it at all (what may be seen is
 * for the scopes to say), coerces the variables (here alone: execution is given the result), bounds the representations, and
 * tells the context what will be selected.
 */
export function createAdmit(limits: VariableLimits & { readonly nodes: number }): Admit {
  const limitNodes = createLimitNodes(limits);
  return ({ schema, operation: known, variables }, context) => {
    checkCaller(context, known.rootFields);
    const { coerced, errors } = coerceVariables(schema, known.operation, variables ?? {}, limits);
    if (errors) {
      // The executor answers with them.
      context.variableErrors = errors;
      return;
    }
    context.variables = coerced;
    if (countRepresentations(known.rootFields, coerced) > limits.representations)
      throw new GraphQLError(tooManyRepresentations(limits), {
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } },
      });
    limitNodes(schema, known, coerced);
    const selected = known.selected ?? select(schema, known, coerced);
    if (!known.isConditional) known.selected = selected;
    context.select(selected);
  };
}

/** A condition (`@skip`, `@include`) that is null only at run time is a mistake of the request: nothing of it is run. */
function select(...operation: Parameters<typeof selectedFields>): ReturnType<typeof selectedFields> {
  try {
    return selectedFields(...operation);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    throw new GraphQLError(error.message, {
      nodes: error.nodes ?? null,
      extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
    });
  }
}

/** Lets Apollo Server ask for admission. */
export const admitting = (admit: Admit, operations: OperationCache): ApolloServerPlugin<Context> => ({
  requestDidStart: () =>
    Promise.resolve({
      didResolveOperation: ({ schema, document, queryHash, request, contextValue }) => {
        const operation = operations.describe(queryHash, document, request.operationName);
        contextValue.operation = operation;
        if (operation) admit({ schema, operation, variables: request.variables }, contextValue);
        return Promise.resolve();
      },
    }),
});

/** A router without a user may read the schema and nothing else; what is the router's, nobody else may ask. */
function checkCaller({ router, viewer }: Context, fields: readonly FieldNode[]): void {
  const only = (...names: string[]): boolean => fields.every(({ name }) => names.includes(name.value));
  const forRouter = fields.some(({ name }) => name.value === '_service' || name.value === '_entities');
  if (forRouter && router === false) throw unauthenticated('missing', 'The router alone may ask this.');
  if (viewer === nobody && !only('_service', '__typename')) throw unauthenticated();
}

/** All that an operation asks for, in however many `_entities`. */
const countRepresentations = (fields: readonly FieldNode[], variables: Record<string, unknown>): number =>
  fields
    .filter(({ name }) => name.value === '_entities')
    .flatMap(({ arguments: given = [] }) => given.map(({ value }) => valueFromASTUntyped(value, variables)))
    .reduce((sum: number, list) => sum + (Array.isArray(list) ? list.length : 1), 0);

import { GraphQLError, type ValidationRule } from 'graphql';

/**
 * Refuses an operation of a type that the schema has none of, such as a subscription. graphql-js validates it and fails only
 * when it executes it, as if that were the server's fault.
 */
export const knownOperationTypes: ValidationRule = (context) => ({
  OperationDefinition: (node) => {
    if (!context.getSchema().getRootType(node.operation))
      context.reportError(new GraphQLError(`The schema has no ${node.operation}.`, { nodes: node }));
  },
});

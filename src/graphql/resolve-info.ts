import type { GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import type { Path } from './execution-errors';
import type { PlannedField } from './field-plan';
import type { CachedOperation } from './operation-cache';

/** Makes the `info` argument of resolvers, with the same content as in graphql-js. */
export function createResolveInfo(executed: {
  readonly schema: GraphQLSchema;
  readonly operation: CachedOperation;
  readonly variables: Readonly<Record<string, unknown>>;
}): (planned: PlannedField, path: Path) => GraphQLResolveInfo {
  const { schema, variables: variableValues } = executed;
  const { operation, fragments: byName } = executed.operation;
  const fragments = Object.fromEntries(byName);
  return ({ field, nodes, parent }, path) => ({
    fieldName: field.name,
    fieldNodes: nodes,
    returnType: field.type,
    parentType: parent,
    path,
    schema,
    fragments,
    rootValue: undefined,
    operation,
    variableValues,
  });
}

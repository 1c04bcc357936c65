import {
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from 'graphql';
import { collectFields } from './collect-fields';
import { introspectionSizes, isIntrospection, type ListSize, listSizeOf } from './list-size';

/** An operation whose objects are to be counted. */
export interface CountedOperation {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Coerced; null counts the most that any variables could ask for. */
  readonly variables: Readonly<Record<string, unknown>> | null;
  /** The most representations of one operation. */
  readonly representations: number;
}

/**
 * Counts the objects that an operation can add up to, by the sizes of its lists: an upper bound of what execution makes,
 * aliases and `_entities` included. Fields are merged as execution merges them, so that a fragment spread twice counts once.
 * Stops beyond `most`: counting costs no more than the limit lets the operation cost.
 */
export function countNodes(counted: CountedOperation, most: number): number {
  const { schema, operation } = counted;
  const root = schema.getRootType(operation.operation);
  if (!root) return 0;
  const introspection = sizesOf(schema);
  let total = 0;

  const countSelection = (
    type: GraphQLObjectType,
    sets: readonly SelectionSetNode[],
    times: number,
    size: ListSize | null,
  ): void => {
    for (const nodes of collectFields(counted, type, sets).values()) {
      const node = nodes[0];
      const field = node && fieldOf(type, node.name.value);
      if (!node || !field) continue;
      const below = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
      if (below.length === 0) continue;
      const own = isIntrospection(field)
        ? null
        : listSizeOf(field, node, counted.variables, counted.representations);
      const factor = isIntrospection(field)
        ? introspection(field.name)
        : size?.sizedFields?.includes(field.name)
          ? size.size
          : own && own.sizedFields === null
            ? own.size
            : 1;
      const objects = times * factor;
      total += objects;
      if (total > most) return;
      if (objects > 0) countFieldSelection(field, below, objects, own);
      if (total > most) return;
    }
  };

  /** Below an interface or union an object is of one type: the one that costs most. */
  const countFieldSelection = (
    field: GraphQLField<unknown, unknown>,
    below: readonly SelectionSetNode[],
    objects: number,
    size: ListSize | null,
  ): void => {
    const named = getNamedType(field.type);
    if (isObjectType(named)) countSelection(named, below, objects, size);
    if (!isAbstractType(named)) return;
    const before = total;
    let highest = before;
    for (const possible of schema.getPossibleTypes(named)) {
      total = before;
      countSelection(possible, below, objects, size);
      highest = Math.max(highest, total);
    }
    total = highest;
  };

  countSelection(root, [operation.selectionSet], 1, null);
  return total;
}

const fieldOf = (type: GraphQLObjectType, name: string): GraphQLField<unknown, unknown> | undefined =>
  name === SchemaMetaFieldDef.name
    ? SchemaMetaFieldDef
    : name === TypeMetaFieldDef.name
      ? TypeMetaFieldDef
      : type.getFields()[name];

const sizes = new WeakMap<GraphQLSchema, (field: string) => number>();

/** Worked out once for each schema. */
function sizesOf(schema: GraphQLSchema): (field: string) => number {
  const known = sizes.get(schema) ?? introspectionSizes(schema);
  sizes.set(schema, known);
  return known;
}

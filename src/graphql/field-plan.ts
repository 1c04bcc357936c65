import {
  type FieldNode,
  getArgumentValues,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';
import { collectFields, type Collected } from './collect-fields';

/** What a field's type asks of its value. `isNullable` is false where null is an error of the field. */
export type Shape =
  | { readonly kind: 'list'; readonly isNullable: boolean; readonly item: Shape }
  | { readonly kind: 'leaf'; readonly isNullable: boolean; readonly type: GraphQLLeafType }
  | { readonly kind: 'object'; readonly isNullable: boolean; readonly type: GraphQLObjectType }
  | { readonly kind: 'abstract'; readonly isNullable: boolean; readonly type: GraphQLAbstractType };

/** One field of an object, as one operation with its variables selects it: worked out once, for all objects of a list. */
export interface PlannedField {
  /** Its name in the answer. */
  readonly key: string;
  readonly nodes: readonly FieldNode[];
  readonly parent: GraphQLObjectType;
  readonly field: GraphQLField<unknown, unknown>;
  readonly shape: Shape;
  readonly args: Record<string, unknown>;
  /** Why the arguments do not fit: an error of every object's field. */
  readonly mistake: Error | null;
  /** The fields below, by the type of the object. */
  readonly below: Map<GraphQLObjectType, PlannedFields>;
}

/** The fields of an object, in the order of the answer. */
export interface PlannedFields {
  readonly fields: readonly PlannedField[];
  /** Whether one is called `__proto__`, which an ordinary object cannot have as a key. */
  readonly hasProto: boolean;
}

/** Plans the fields of an object that is selected by all of these selection sets. */
export function planFields(
  from: Collected & { readonly variables: Readonly<Record<string, unknown>> },
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
): PlannedFields {
  const fields: PlannedField[] = [];
  for (const [key, nodes] of collectFields(from, type, sets)) {
    const node = nodes[0];
    const field = node && fieldOf(from, type, node.name.value);
    if (!field) continue;
    let args: Record<string, unknown> = {};
    let mistake: Error | null = null;
    try {
      args = getArgumentValues(field, node, from.variables);
    } catch (error) {
      mistake = error as Error;
    }
    fields.push({
      key,
      nodes,
      parent: type,
      field,
      shape: shapeOf(field.type),
      args,
      mistake,
      below: new Map(),
    });
  }
  return { fields, hasProto: fields.some(({ key }) => key === '__proto__') };
}

/** The fields below a field, planned when its first object is met. */
export function fieldsBelow(
  from: Parameters<typeof planFields>[0],
  { nodes, below }: PlannedField,
  type: GraphQLObjectType,
): PlannedFields {
  const known = below.get(type);
  if (known) return known;
  const planned = planFields(
    from,
    type,
    nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
  );
  below.set(type, planned);
  return planned;
}

function fieldOf(
  { schema }: Collected,
  type: GraphQLObjectType,
  name: string,
): GraphQLField<unknown, unknown> | undefined {
  if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
  if (type === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  }
  return type.getFields()[name];
}

const shapes = new WeakMap<GraphQLOutputType, Shape>();

/** The shape of a type; worked out once. */
function shapeOf(type: GraphQLOutputType): Shape {
  const known = shapes.get(type);
  if (known) return known;
  const isNullable = !isNonNullType(type);
  const inner = isNonNullType(type) ? type.ofType : type;
  const made: Shape = isListType(inner)
    ? { kind: 'list', isNullable, item: shapeOf(inner.ofType) }
    : isLeafType(inner)
      ? { kind: 'leaf', isNullable, type: inner }
      : isObjectType(inner)
        ? { kind: 'object', isNullable, type: inner }
        : { kind: 'abstract', isNullable, type: inner };
  shapes.set(type, made);
  return made;
}

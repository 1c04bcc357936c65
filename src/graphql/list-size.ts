import {
  type FieldNode,
  getNamedType,
  type GraphQLField,
  type GraphQLSchema,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  valueFromASTUntyped,
} from 'graphql';
import { MAX_PAGE } from '../pagination';

/** What a field's selection is multiplied with: a list by its own size, a connection's lists by the connection's. */
export interface ListSize {
  readonly size: number;
  /** The fields below that have this size; null where it is the field's own. */
  readonly sizedFields: readonly string[] | null;
}

/** A list without `@listSize`. */
const ASSUMED_SIZE = 10;

/**
 * How many objects a list may have, by `@listSize` and the arguments. A size that is out of range counts as the nearest one
 * in range: it is refused where the field is resolved. Without variables, the largest that any could ask for.
 */
export function listSizeOf(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  variables: Readonly<Record<string, unknown>> | null,
  representations: number,
): ListSize | null {
  const isList = isListType(isNonNullType(field.type) ? field.type.ofType : field.type);
  if (field.name === '_entities')
    return { size: countItems(node, 'representations', variables, representations), sizedFields: null };
  const directive = field.astNode?.directives?.find(({ name }) => name.value === 'listSize');
  if (!directive) return isList ? { size: ASSUMED_SIZE, sizedFields: null } : null;
  const settings = Object.fromEntries(
    (directive.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
  ) as { assumedSize?: number; slicingArguments?: string[]; sizedFields?: string[] };
  const sizes = (settings.slicingArguments ?? []).map((name) => sizeIn(field, node, name, variables));
  const size = sizes.length > 0 ? Math.max(...sizes) : (settings.assumedSize ?? ASSUMED_SIZE);
  return { size, sizedFields: settings.sizedFields ?? null };
}

/** How many rows an argument asks for. */
function sizeIn(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  name: string,
  variables: Readonly<Record<string, unknown>> | null,
): number {
  const byDefault = field.args.find((argument) => argument.name === name)?.defaultValue;
  const given = node.arguments?.find((argument) => argument.name.value === name)?.value;
  let asked: unknown = byDefault;
  if (given?.kind === Kind.VARIABLE) {
    if (variables === null) return MAX_PAGE;
    asked = variables[given.name.value] ?? byDefault;
  } else if (given && given.kind !== Kind.NULL) asked = valueFromASTUntyped(given);
  return typeof asked === 'number' && asked >= 1 ? Math.min(asked, MAX_PAGE) : 1;
}

/** How many items a list has that is an argument. */
function countItems(
  node: FieldNode,
  name: string,
  variables: Readonly<Record<string, unknown>> | null,
  most: number,
): number {
  const given = node.arguments?.find((argument) => argument.name.value === name)?.value;
  if (given?.kind === Kind.LIST) return given.values.length;
  if (given?.kind !== Kind.VARIABLE) return 1;
  if (variables === null) return most;
  const list = variables[given.name.value];
  return Array.isArray(list) ? list.length : 1;
}

/** Sizes of the lists of introspection, as this schema's are on average; `ofType` mostly leads to nothing. */
export function introspectionSizes(schema: GraphQLSchema): (field: string) => number {
  const types = Object.values(schema.getTypeMap());
  const withFields = types.filter((type) => isObjectType(type) || isInterfaceType(type));
  const fields = withFields.flatMap((type) => Object.values(type.getFields()));
  const inputs = types.filter(isInputObjectType).flatMap((type) => Object.values(type.getFields()));
  const args = fields.reduce((sum, field) => sum + field.args.length, 0);
  const average = (count: number, of: number): number => Math.max(1, Math.ceil(count / Math.max(of, 1)));
  const sizes: Readonly<Record<string, number>> = {
    types: types.length,
    directives: schema.getDirectives().length,
    fields: average(fields.length, types.length),
    args: average(args, fields.length),
    inputFields: average(inputs.length, types.length),
    enumValues: average(fields.length, types.length),
    interfaces: 0,
    possibleTypes: 1,
    ofType: 0,
  };
  return (field) => sizes[field] ?? 1;
}

/** Whether a field belongs to introspection, and is sized by the schema. */
export const isIntrospection = (field: GraphQLField<unknown, unknown>): boolean =>
  getNamedType(field.type).name.startsWith('__');

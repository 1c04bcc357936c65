import {
  GraphQLError,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isObjectType,
} from 'graphql';
import type { PlannedField, Shape } from './field-plan';

/** A scalar or enum value as the answer shows it. */
export function serialize(type: GraphQLLeafType, value: unknown): unknown {
  const leaf: unknown = type.serialize(value);
  if (leaf === null || leaf === undefined)
    throw new Error(`A value of the type ${type.name} was serialized to nothing.`);
  return leaf;
}

/** The items of a list; anything but an iterable is an error of its field. */
export function itemsOf({ parent, field }: PlannedField, value: unknown): Iterable<unknown> {
  if (typeof value === 'object' && value !== null && Symbol.iterator in value)
    return value as Iterable<unknown>;
  throw new GraphQLError(`Expected Iterable, but did not find one for field "${parent.name}.${field.name}".`);
}

/** The object type of that name, if it is one of an interface's or union's. */
export function possibleType(
  schema: GraphQLSchema,
  { parent, field, nodes }: PlannedField,
  { type }: Extract<Shape, { kind: 'abstract' }>,
  name: unknown,
): GraphQLObjectType {
  const found = typeof name === 'string' ? schema.getType(name) : undefined;
  if (isObjectType(found) && schema.isSubType(type, found)) return found;
  throw new GraphQLError(
    `Abstract type "${type.name}" must resolve to one of its object types at runtime for field "${parent.name}.${field.name}".`,
    { nodes },
  );
}

/** Whether a value is to be waited for. */
export const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';

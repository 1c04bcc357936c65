import {
  defaultFieldResolver,
  type GraphQLFieldResolver,
  getNamedType,
  type GraphQLSchema,
  isLeafType,
  isObjectType,
} from 'graphql';
import type { Context } from './context';

/** Resolves the fields that have no resolver of their own, and counts what they show. */
export const meteredResolver: GraphQLFieldResolver<unknown, Context> = (source, args, context, info) =>
  metered(defaultFieldResolver(source, args, context, info), context, info.path.key);

/** Counts the values of the fields that have a resolver of their own. Changes the schema. */
export function meterResolvers(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const { resolve } = field;
      if (!resolve || !isLeafType(getNamedType(field.type))) continue;
      field.resolve = (source, args, context: Context, info) => {
        const value: unknown = resolve(source, args, context, info);
        return value instanceof Promise
          ? value.then((resolved: unknown) => metered(resolved, context, info.path.key))
          : metered(value, context, info.path.key);
      };
    }
  }
  return schema;
}

/** Beyond the limit nothing is added to a list any more. */
export function metered(value: unknown, { answer }: Context, name: string | number): unknown {
  if (answer.isTooLarge && Array.isArray(value)) return [];
  answer.count(name, value);
  return value;
}

import { GraphQLError, type GraphQLSchema, isUnionType } from 'graphql';

/**
 * Lets each representation of `_entities` fail alone. Apollo's resolver throws for the whole list where one `__typename` is no
 * type of the schema; here that item is null with BAD_USER_INPUT, and its siblings answer.
 */
export function separateEntities(schema: GraphQLSchema): GraphQLSchema {
  const field = schema.getQueryType()?.getFields()['_entities'];
  const union = schema.getType('_Entity');
  const resolve = field?.resolve;
  if (!resolve || !isUnionType(union)) throw new Error('The schema has no entities.');
  const names = new Set(union.getTypes().map(({ name }) => name));

  field.resolve = (source, args: { readonly representations: readonly unknown[] }, context, info) =>
    args.representations.map((representation) => {
      if (!names.has(typenameOf(representation))) return unknownType();
      try {
        const [entity] = resolve(source, { representations: [representation] }, context, info) as unknown[];
        return entity;
      } catch (error) {
        return error;
      }
    });
  return schema;
}

/** Empty where there is none: a router's mistake is not to be trusted to be an object. */
function typenameOf(representation: unknown): string {
  const { __typename: name } = (representation ?? {}) as { readonly __typename?: unknown };
  return typeof name === 'string' ? name : '';
}

const unknownType = (): GraphQLError =>
  new GraphQLError('__typename must be an entity of this schema.', {
    extensions: { code: 'BAD_USER_INPUT', argument: 'representations' },
  });

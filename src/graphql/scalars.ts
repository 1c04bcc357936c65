import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

/**
 * A scalar that is a text on both sides. Its form is checked where it is used: there a mistake can be told as what it
 * is, `BAD_USER_INPUT` or a user error that names the field, instead of as an invalid document.
 */
const textScalar = (name: string): GraphQLScalarType<string, string> =>
  new GraphQLScalarType({
    name,
    serialize: String,
    parseValue: (value) => {
      if (typeof value === 'string') return value;
      throw new GraphQLError(`${name} must be a string.`);
    },
    parseLiteral: (node) => {
      if (node.kind === Kind.STRING) return node.value;
      throw new GraphQLError(`${name} must be a string.`, { nodes: node });
    },
  });

/** The schema's own scalars. */
export const scalars = {
  DateTime: textScalar('DateTime'),
  EmailAddress: textScalar('EmailAddress'),
  URL: textScalar('URL'),
  Locale: textScalar('Locale'),
};

import {
  coerceInputValue,
  GraphQLError,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
  valueFromAST,
  type VariableDefinitionNode,
} from 'graphql';

/** What the coercion of one operation's variables may cost. */
export interface VariableLimits {
  /** The most items of one list. */
  readonly listItems: number;
  /** The most items of one list of `_Any`, which are references of a router. */
  readonly representations: number;
}

/** Variables as the operation declares them, with its defaults; or why they do not fit, each error with its HTTP status. */
export type CoercedVariables =
  | { readonly coerced: Record<string, unknown>; readonly errors?: never }
  | { readonly coerced?: never; readonly errors: readonly GraphQLError[] };

/** The most errors that are collected. */
const MAX_ERRORS = 5;
/** The longest message, in characters. */
const MAX_MESSAGE = 200;

/**
 * Coerces the variables of an operation as graphql-js does, with a bound on its cost: it stops at 5 errors, a message has at
 * most 200 characters, and a list that is too long is refused before one of its items is looked at.
 */
export function coerceVariables(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
  limits: VariableLimits,
): CoercedVariables {
  // Without a prototype, so that a variable may have any name.
  const coerced = Object.create(null) as Record<string, unknown>;
  const errors: GraphQLError[] = [];
  const report: Report = (node, message, code = 'BAD_USER_INPUT') => {
    errors.push(mistake(node, message, code));
    if (errors.length >= MAX_ERRORS) throw new TooManyErrors();
  };
  try {
    for (const node of variableDefinitions) coerceVariable(schema, node, given, limits, coerced, report);
  } catch (error) {
    if (!(error instanceof TooManyErrors)) throw error;
  }
  return errors.length > 0 ? { errors } : { coerced };
}

type Report = (node: VariableDefinitionNode, message: string, code?: string) => void;

function coerceVariable(
  schema: GraphQLSchema,
  node: VariableDefinitionNode,
  given: Readonly<Record<string, unknown>>,
  limits: VariableLimits,
  coerced: Record<string, unknown>,
  report: Report,
): void {
  const name = node.variable.name.value;
  const type = typeFromAST(schema, node.type);
  if (!isInputType(type)) {
    report(node, `Variable "$${name}" is of a type that cannot be an input.`);
    return;
  }
  if (!Object.hasOwn(given, name)) {
    if (node.defaultValue) coerced[name] = valueFromAST(node.defaultValue, type);
    else if (isNonNullType(type))
      report(node, `Variable "$${name}" of required type "${String(type)}" was not provided.`);
    return;
  }
  const value = given[name];
  if (value === null && isNonNullType(type)) {
    report(node, `Variable "$${name}" of non-null type "${String(type)}" must not be null.`);
    return;
  }
  const tooLong = findLongList(type, value, limits, name);
  if (tooLong !== null) {
    report(node, ...tooLong);
    return;
  }
  coerced[name] = coerceInputValue(
    value,
    type,
    (path, _invalid, error) => {
      const at = path.length === 0 ? '' : ` at "${name}${path.map(formatKey).join('')}"`;
      report(node, `Variable "$${name}" got invalid value${at}; ${error.message}`);
    },
    // Suggestions would show names of the schema to callers who may not introspect it.
    true,
  );
}

/** The first list that is too long, found by the declared type alone: what the type does not name is not looked at. */
function findLongList(
  type: GraphQLInputType,
  value: unknown,
  limits: VariableLimits,
  path: string,
): [message: string, code?: string] | null {
  if (isNonNullType(type)) return findLongList(type.ofType, value, limits, path);
  if (isListType(type)) {
    if (!Array.isArray(value)) return findLongList(type.ofType, value, limits, path);
    const items = nullableOf(type.ofType);
    if (String(items) === '_Any')
      return value.length > limits.representations ? [tooManyRepresentations(limits), TOO_MUCH] : null;
    if (value.length > limits.listItems)
      return [
        `"${path}" has ${value.length} items; a list may have at most ${limits.listItems} (limits.listItems).`,
      ];
    if (!isListType(items) && !isInputObjectType(items)) return null;
    return first(value.entries(), ([index, item]) => findLongList(items, item, limits, `${path}[${index}]`));
  }
  if (!isInputObjectType(type) || typeof value !== 'object' || value === null) return null;
  return first(Object.values(type.getFields()), (field) =>
    Object.hasOwn(value, field.name)
      ? findLongList(
          field.type,
          (value as Record<string, unknown>)[field.name],
          limits,
          `${path}.${field.name}`,
        )
      : null,
  );
}

function first<Item, Found>(items: Iterable<Item>, find: (item: Item) => Found | null): Found | null {
  for (const item of items) {
    const found = find(item);
    if (found !== null) return found;
  }
  return null;
}

const nullableOf = (type: GraphQLInputType): GraphQLInputType => (isNonNullType(type) ? type.ofType : type);

const formatKey = (key: string | number): string => (typeof key === 'number' ? `[${key}]` : `.${key}`);

/** A caller's mistake. It has its code and status, so that it is the same whichever way it is answered. */
const mistake = (node: VariableDefinitionNode, message: string, code: string): GraphQLError =>
  new GraphQLError(message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE - 1)}…` : message, {
    nodes: node,
    extensions: { code, http: { status: 400 } },
  });

const TOO_MUCH = 'GRAPHQL_VALIDATION_FAILED';

/** What a router is answered that asks for too many entities at once. */
export const tooManyRepresentations = ({ representations }: VariableLimits): string =>
  `At most ${representations} representations may be asked for at once.`;

/** Ends the coercion: graphql-js has no other way to be stopped. */
class TooManyErrors extends Error {
  override readonly name = 'TooManyErrors';
}

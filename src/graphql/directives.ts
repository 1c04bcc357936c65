import {
  defaultFieldResolver,
  type DirectiveNode,
  getNamedType,
  GraphQLError,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isObjectType,
  Kind,
} from 'graphql';
import type { Context } from './context';

/** Scopes as `@requiresScopes` has them: any of the lists, and of that list all. */
type Scopes = readonly (readonly string[])[];

/**
 * Enforces `@requiresScopes` as it stands in the SDL, where a protected field or type is entered, and on no field
 * below it: gateways may enforce the same, but need not.
 */
export function enforceScopes(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    const outer = key(scopesOf(type.astNode?.directives));
    for (const field of Object.values(type.getFields())) {
      const entered = getNamedType(field.type);
      const needed = [scopesOf(field.astNode?.directives), scopesOf(entered.astNode?.directives)];
      const beyond = needed.filter((scopes) => scopes !== null).filter((scopes) => key(scopes) !== outer);
      if (beyond.length > 0) guardField(field as GraphQLField<unknown, Context>, beyond);
    }
    guardReferences(type);
  }
  return schema;
}

function guardField(field: GraphQLField<unknown, Context>, needed: readonly Scopes[]): void {
  const resolve = field.resolve ?? defaultFieldResolver;
  field.resolve = (source, args, context, info) => {
    if (!needed.every((scopes) => holds(context, scopes))) throw forbidden();
    return resolve(source, args, context, info);
  };
}

/** `_entities` enters a type without a field of ours: its reference resolver is where to check. */
function guardReferences(type: GraphQLNamedType & { resolveReference?: unknown }): void {
  const scopes = scopesOf(type.astNode?.directives);
  const { apollo } = type.extensions as { apollo?: { subgraph?: { resolveReference?: ReferenceResolver } } };
  const subgraph = apollo?.subgraph;
  const resolve = subgraph?.resolveReference;
  if (!scopes || !subgraph || !resolve) return;
  subgraph.resolveReference = (reference, context, info) => {
    // Rejected, not thrown: what is thrown here takes the whole list with it.
    if (!holds(context, scopes)) return Promise.reject(forbidden());
    return resolve(reference, context, info);
  };
}

type ReferenceResolver = (reference: object, context: Context, info: unknown) => unknown;

const holds = ({ viewer }: Context, scopes: Scopes): boolean =>
  viewer.scopes === 'ALL' ||
  scopes.some((all) => all.every((scope) => viewer.scopes !== 'ALL' && viewer.scopes.has(scope)));

const forbidden = (): GraphQLError =>
  new GraphQLError('The token does not give the scope that this needs.', {
    extensions: { code: 'FORBIDDEN' },
  });

const key = (scopes: Scopes | null): string => JSON.stringify(scopes);

function scopesOf(directives: readonly DirectiveNode[] | undefined): Scopes | null {
  const directive = directives?.find(({ name }) => name.value === 'requiresScopes');
  const value = directive?.arguments?.find(({ name }) => name.value === 'scopes')?.value;
  if (value?.kind !== Kind.LIST) return null;
  return value.values.map((all) =>
    all.kind === Kind.LIST ? all.values.map((scope) => (scope.kind === Kind.STRING ? scope.value : '')) : [],
  );
}

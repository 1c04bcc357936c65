import type { ApolloServerPlugin } from '@apollo/server';
import {
  type DocumentNode,
  type FieldNode,
  getVariableValues,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import { nobody } from '../accounts';
import type { Context } from './context';
import { unauthenticated } from './errors';
import type { DocumentLimits } from './limits';
import { selectedFields } from './selection';

/**
 * Stands between a valid document and its execution. Decides by the root fields who may run it at all (what may be seen is
 * for the scopes to say), bounds the representations, and tells the context what will be selected.
 */
export const admit = ({ representations }: DocumentLimits): ApolloServerPlugin<Context> => ({
  requestDidStart: () =>
    Promise.resolve({
      didResolveOperation: ({ schema, document, operation, request, contextValue }) => {
        if (!operation) return Promise.resolve();
        const fields = rootFields(document, operation.selectionSet);
        checkCaller(contextValue, fields);
        const definitions = operation.variableDefinitions ?? [];
        const { coerced } = getVariableValues(schema, definitions, request.variables ?? {});
        // Variables that do not fit are refused in a moment, by graphql-js itself.
        if (!coerced) return Promise.resolve();
        contextValue.variables = coerced;
        if (countRepresentations(fields, coerced) > representations)
          throw new GraphQLError(`At most ${representations} representations may be asked for at once.`, {
            extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } },
          });
        contextValue.select(selectedFields(schema, document, operation, coerced));
        return Promise.resolve();
      },
    }),
});

/** A router without a user may read the schema and nothing else; what is the router's, nobody else may ask. */
function checkCaller({ router, viewer }: Context, fields: readonly FieldNode[]): void {
  const only = (...names: string[]): boolean => fields.every(({ name }) => names.includes(name.value));
  const forRouter = fields.some(({ name }) => name.value === '_service' || name.value === '_entities');
  if (forRouter && router === false) throw unauthenticated('The router alone may ask this.');
  if (viewer === nobody && !only('_service', '__typename')) throw unauthenticated();
}

/** All that an operation asks for, in however many `_entities`. */
const countRepresentations = (fields: readonly FieldNode[], variables: Record<string, unknown>): number =>
  fields
    .filter(({ name }) => name.value === '_entities')
    .flatMap(({ arguments: given = [] }) => given.map(({ value }) => valueFromASTUntyped(value, variables)))
    .reduce((sum: number, list) => sum + (Array.isArray(list) ? list.length : 1), 0);

/** The root fields of an operation, through all fragments. */
function rootFields(document: DocumentNode, selectionSet: SelectionSetNode): FieldNode[] {
  const fields: FieldNode[] = [];
  const seen = new Set<string>();
  const walk = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) fields.push(selection);
      else if (selection.kind === Kind.INLINE_FRAGMENT) walk(selection.selectionSet);
      else if (!seen.has(selection.name.value)) {
        seen.add(selection.name.value);
        const fragment = document.definitions.find(
          (definition) =>
            definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value,
        );
        if (fragment?.kind === Kind.FRAGMENT_DEFINITION) walk(fragment.selectionSet);
      }
    }
  };
  walk(selectionSet);
  return fields;
}

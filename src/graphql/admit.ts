import type { ApolloServerPlugin } from '@apollo/server';
import {
  type DocumentNode,
  type FieldNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import { nobody } from '../accounts';
import type { Fields } from '../vendors/provider';
import { coerceVariables, tooManyRepresentations, type VariableLimits } from './coerce-variables';
import type { Context } from './context';
import { unauthenticated } from './errors';
import { selectedFields } from './selection';

/** A valid operation, about to be executed. */
export interface Admitted {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** As the request has them. */
  readonly variables: Readonly<Record<string, unknown>> | undefined;
}

/** Throws why a caller may not run an operation; tells its context what the operation is given and will select. */
export type Admit = (admitted: Admitted, context: Context) => void;

/**
 * Stands between a valid document and its execution. Decides by the root fields who may run it at all (what may be seen is
 * for the scopes to say), bounds the representations, and tells the context what will be selected.
 */
export function createAdmit(limits: VariableLimits): Admit {
  const { representations } = limits;
  const looks = new WeakMap<OperationDefinitionNode, Look>();
  const lookAt = ({ document, operation }: Admitted): Look => {
    const known = looks.get(operation);
    if (known) return known;
    const look = {
      fields: rootFields(document, operation.selectionSet),
      isFixed: !/@(skip|include)\b/.test(document.loc?.source.body ?? '@skip'),
      selected: null,
    };
    looks.set(operation, look);
    return look;
  };

  return (admitted, context) => {
    const { schema, document, operation, variables } = admitted;
    const look = lookAt(admitted);
    checkCaller(context, look.fields);
    const { coerced, errors } = coerceVariables(schema, operation, variables ?? {}, limits);
    if (errors) {
      // The executor answers with them.
      context.variableErrors = errors;
      return;
    }
    context.variables = coerced;
    if (countRepresentations(look.fields, coerced) > representations)
      throw new GraphQLError(tooManyRepresentations(limits), {
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } },
      });
    const selected = look.selected ?? selectedFields(schema, document, operation, coerced);
    if (look.isFixed) look.selected = selected;
    context.select(selected);
  };
}

/** Lets Apollo Server ask for admission. */
export const admitting = (admit: Admit): ApolloServerPlugin<Context> => ({
  requestDidStart: () =>
    Promise.resolve({
      didResolveOperation: ({ schema, document, operation, request: { variables }, contextValue }) => {
        if (operation) admit({ schema, document, operation, variables }, contextValue);
        return Promise.resolve();
      },
    }),
});

/** What is the same each time that an operation is asked: the same text is parsed once, as long as it is remembered. */
interface Look {
  readonly fields: readonly FieldNode[];
  /** Whether no variable decides on what is selected. */
  readonly isFixed: boolean;
  /** What it selects, once that is known and fixed. */
  selected: Fields | null;
}

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

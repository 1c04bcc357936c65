import {
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Fields } from '../vendors/provider';
import { isIncluded } from './collect-fields';

/** The operation, and the fragments of its document. */
interface SelectedFrom {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/**
 * The fields that an operation selects anywhere, by type. Taken over the whole operation and not field by field, so
 * that a vendor's list is read once, with all that any part of the operation shows of it.
 */
export function selectedFields(
  schema: GraphQLSchema,
  { operation, fragments }: SelectedFrom,
  variables: Record<string, unknown>,
): Fields {
  const fields = new Map<string, Set<string>>();
  const walked = new Set<string>();

  const walk = (parent: GraphQLNamedType | undefined, { selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (!isIncluded(selection, variables)) continue;
      if (selection.kind === Kind.FIELD) {
        if (!isObjectType(parent) || selection.name.value.startsWith('__')) continue;
        const names = fields.get(parent.name) ?? new Set();
        fields.set(parent.name, names.add(selection.name.value));
        const type = parent.getFields()[selection.name.value]?.type;
        if (selection.selectionSet && type) walk(getNamedType(type), selection.selectionSet);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const { typeCondition } = selection;
        walk(typeCondition ? schema.getType(typeCondition.name.value) : parent, selection.selectionSet);
      } else if (!walked.has(selection.name.value)) {
        walked.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (fragment) walk(schema.getType(fragment.typeCondition.name.value), fragment.selectionSet);
      }
    }
  };
  walk(schema.getRootType(operation.operation) ?? undefined, operation.selectionSet);

  const of = (type: string): ReadonlySet<string> => fields.get(type) ?? new Set();
  return {
    account: of('Account'),
    staffMember: of('StaffMember'),
    invite: of('Invite'),
    role: of('Role'),
    person: of('Person'),
  };
}

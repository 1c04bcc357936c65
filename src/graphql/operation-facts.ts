import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Fields } from '../vendors/provider';

/** What is the same each time that an operation is asked. */
export interface OperationFacts {
  /** Its root fields through all fragments, also those under a condition. */
  readonly rootFields: readonly FieldNode[];
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Whether `@skip` or `@include` decide on what is selected. */
  readonly isConditional: boolean;
  /** What it selects, by type; null until that is known, and where it is conditional. */
  selected: Fields | null;
  /** Whether its lists stay within `limits.nodes` with any variables; null until they are counted. */
  alwaysFits: boolean | null;
}

/** Reads what can be known of an operation before its variables are. Each selection of its document is visited once. */
export function describeOperation(
  { definitions }: DocumentNode,
  { selectionSet }: OperationDefinitionNode,
): OperationFacts {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);

  const rootFields: FieldNode[] = [];
  const visited = new Set<string>();
  let isConditional = false;
  const walk = ({ selections }: SelectionSetNode, isRoot: boolean): void => {
    for (const selection of selections) {
      // These two alone may stand on a selection and change what it selects.
      if (selection.directives?.some(({ name: { value } }) => value === 'skip' || value === 'include'))
        isConditional = true;
      if (selection.kind === Kind.FIELD) {
        if (isRoot) rootFields.push(selection);
        if (selection.selectionSet) walk(selection.selectionSet, false);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) walk(selection.selectionSet, isRoot);
      else {
        // A fragment of the root type can be spread in the root alone.
        const { value: name } = selection.name;
        const fragment = visited.has(name) ? undefined : fragments.get(name);
        visited.add(name);
        if (fragment) walk(fragment.selectionSet, isRoot);
      }
    }
  };
  walk(selectionSet, true);
  return { rootFields, fragments, isConditional, selected: null, alwaysFits: null };
}

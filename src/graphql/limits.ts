import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import {
  type ASTVisitor,
  type DocumentNode,
  GraphQLError,
  Kind,
  OperationTypeNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

/** How large a document may be. */
export interface DocumentLimits {
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  readonly rootMutations: number;
  readonly representations: number;
}

/** Rules that refuse a document before anything of it runs. Introspection does not count as depth. */
export function limitRules({ depth, aliases, directives, rootMutations }: DocumentLimits): ValidationRule[] {
  const reported = {
    propagateOnRejection: false,
    onReject: [
      (context: ValidationContext | null, error: GraphQLError): void => {
        context?.reportError(error);
      },
    ],
  };
  return [
    maxDepthRule({ n: depth, ignoreIntrospection: true, flattenFragments: true, ...reported }),
    maxAliasesRule({ n: aliases, ...reported }),
    maxDirectivesRule({ n: directives, ...reported }),
    maxRootMutations(rootMutations),
  ].map(oncePerDocument);
}

// These rules look at an operation through all its fragments; graphql-js would run them on each operation it visits.
const oncePerDocument =
  (rule: (context: ValidationContext) => unknown): ValidationRule =>
  (context) =>
    rule(context) as ASTVisitor;

/** Each mutation may send an email: aliases, fragments and plain fields all count. */
const maxRootMutations =
  (most: number) =>
  (context: ValidationContext): ASTVisitor => ({
    OperationDefinition: (operation) => {
      if (operation.operation !== OperationTypeNode.MUTATION) return;
      const found = countFields(operation.selectionSet, context, new Map());
      if (found > most)
        context.reportError(
          new GraphQLError(`At most ${most} mutations may stand in one operation.`, { nodes: operation }),
        );
    },
  });

/** @param known How many each fragment has, so that fragments of fragments cost no more than their text. */
function countFields(
  { selections }: SelectionSetNode,
  context: ValidationContext,
  known: Map<string, number>,
): number {
  let count = 0;
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) count++;
    else if (selection.kind === Kind.INLINE_FRAGMENT)
      count += countFields(selection.selectionSet, context, known);
    else {
      const name = selection.name.value;
      const fragment = known.has(name) ? undefined : context.getFragment(name);
      // One that stands within itself is another rule's to refuse.
      known.set(name, known.get(name) ?? 0);
      if (fragment) known.set(name, countFields(fragment.selectionSet, context, known));
      count += known.get(name) ?? 0;
    }
  }
  return count;
}

/** The root fields of an operation by name, through all fragments: what decides who may run it. */
export function rootFields(document: DocumentNode, selectionSet: SelectionSetNode): Set<string> {
  const names = new Set<string>();
  const seen = new Set<string>();
  const walk = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) names.add(selection.name.value);
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
  return names;
}

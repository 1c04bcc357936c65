import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import {
  type ASTVisitor,
  GraphQLError,
  Kind,
  OperationTypeNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { maxListItems } from './list-items';
import { maxRepeats } from './repeated-fields';

/** How large a document may be. */
export interface DocumentLimits {
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  readonly rootMutations: number;
  readonly representations: number;
  readonly listItems: number;
}

/** Rules that refuse a document before anything of it runs. Introspection does not count as depth. */
export function limitRules({
  depth,
  aliases,
  directives,
  rootMutations,
  listItems,
}: DocumentLimits): ValidationRule[] {
  const reported = {
    propagateOnRejection: false,
    onReject: [
      (context: ValidationContext | null, error: GraphQLError): void => {
        context?.reportError(error);
      },
    ],
  };
  return [
    maxRepeats,
    maxDepthRule({ n: depth, ignoreIntrospection: true, flattenFragments: true, ...reported }),
    maxAliasesRule({ n: aliases, ...reported }),
    maxDirectives(directives),
    maxRootMutations(rootMutations),
    maxListItems(listItems),
  ].map(oncePerDocument);
}

// These rules look at an operation through all its fragments; graphql-js would run them on each operation it visits.
const oncePerDocument =
  (rule: (context: ValidationContext) => unknown): ValidationRule =>
  (context) =>
    rule(context) as ASTVisitor;

/** All that stand in the document, wherever: armor's own rule leaves out those of a fragment's spread. */
const maxDirectives =
  (most: number) =>
  (context: ValidationContext): ASTVisitor => {
    let found = 0;
    return {
      Directive: () => {
        if (++found === most + 1)
          context.reportError(new GraphQLError(`At most ${most} directives may stand in one document.`));
      },
    };
  };

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

import { type ASTVisitor, type DocumentNode, GraphQLError, type ValidationContext, visit } from 'graphql';

/** How many fields with arguments or a selection of their own may have one response name in a document. */
const MAX_REPEATS = 50;

/**
 * Refuses a document with more of them. graphql-js compares each two fields of one response name, also where they are equal:
 * 250 of them took 300 ms of CPU.
 */
export const maxRepeats = (context: ValidationContext): ASTVisitor => ({
  Document: (document) => {
    const name = findRepeated(document);
    if (name === null) return undefined;
    context.reportError(
      new GraphQLError(
        `At most ${MAX_REPEATS} fields of a document may have one name, as "${name}" here has.`,
      ),
    );
    // The comparison would begin before another rule could stop it: nothing is left to compare.
    return { ...document, definitions: [] };
  },
});

function findRepeated(document: DocumentNode): string | null {
  const counts = new Map<string, number>();
  let found: string | null = null;
  visit(document, {
    Field: ({ alias, name, arguments: given, selectionSet }) => {
      if (!given?.length && !selectionSet) return;
      const key = (alias ?? name).value;
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      if (count > MAX_REPEATS) found ??= key.slice(0, 64);
    },
  });
  return found;
}

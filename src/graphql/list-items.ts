import { type ASTVisitor, GraphQLError, type ValidationContext } from 'graphql';

/** Bounds the lists that are written into a document: as many items as one that is given in a variable. */
export const maxListItems =
  (most: number) =>
  (context: ValidationContext): ASTVisitor => ({
    ListValue: (node) => {
      const { length } = node.values;
      // References of a router have a limit of their own.
      if (length <= most || String(context.getInputType()).includes('_Any')) return;
      context.reportError(
        new GraphQLError(`A list has ${length} items; it may have at most ${most} (limits.listItems).`, {
          nodes: node,
        }),
      );
    },
  });

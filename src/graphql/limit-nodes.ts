import { GraphQLError, type GraphQLSchema } from 'graphql';
import { countNodes } from './count-nodes';
import type { CachedOperation } from './operation-cache';

/** Throws GRAPHQL_VALIDATION_FAILED (HTTP 400) if an operation's lists can add up to more objects than allowed. */
export type LimitNodes = (
  schema: GraphQLSchema,
  operation: CachedOperation,
  variables: Readonly<Record<string, unknown>>,
) => void;

/** Makes the check of `limits.nodes`. An operation that no variables can make too large is counted once. */
export function createLimitNodes(limits: {
  readonly nodes: number;
  readonly representations: number;
}): LimitNodes {
  const { nodes, representations } = limits;
  return (schema, known, variables) => {
    const { operation, fragments } = known;
    const fits = (given: typeof variables | null): boolean =>
      countNodes({ schema, operation, fragments, variables: given, representations }, nodes) <= nodes;
    known.alwaysFits ??= fits(null);
    if (known.alwaysFits || fits(variables)) return;
    throw new GraphQLError(
      `The lists of this operation can add up to more than ${nodes} objects (limits.nodes). Lower "first", or nest fewer lists.`,
      { extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } } },
    );
  };
}

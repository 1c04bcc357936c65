import { GraphQLError, type OperationDefinitionNode } from 'graphql';
import { type CountedOperation, countNodes } from './count-nodes';

/** Throws GRAPHQL_VALIDATION_FAILED (HTTP 400) if an operation's lists can add up to more objects than allowed. */
export type LimitNodes = (operation: Omit<CountedOperation, 'representations'>) => void;

/** Makes the check of `limits.nodes`. An operation that no variables can make too large is counted once. */
export function createLimitNodes(limits: {
  readonly nodes: number;
  readonly representations: number;
}): LimitNodes {
  const { nodes, representations } = limits;
  const small = new WeakMap<OperationDefinitionNode, boolean>();
  return (asked) => {
    const { operation } = asked;
    let isSmall = small.get(operation);
    if (isSmall === undefined) {
      isSmall = countNodes({ ...asked, variables: null, representations }, nodes) <= nodes;
      small.set(operation, isSmall);
    }
    if (isSmall || countNodes({ ...asked, representations }, nodes) <= nodes) return;
    throw new GraphQLError(
      `The lists of this operation can add up to more than ${nodes} objects (limits.nodes). Lower "first", or nest fewer lists.`,
      { extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } } },
    );
  };
}

import type { ExecutionResult, GraphQLError } from 'graphql';

/**
 * Puts the errors of an answer in an order that depends on the operation alone: by the place of their field in the
 * document, then by their path. graphql-js lists them as they come about, and which of two vendors fails first is chance.
 */
export function inOrder(result: ExecutionResult): ExecutionResult {
  const { errors } = result;
  if (!errors || errors.length < 2) return result;
  return { ...result, errors: [...errors].sort((a, b) => placeOf(a) - placeOf(b) || comparePaths(a, b)) };
}

const placeOf = ({ nodes }: GraphQLError): number => nodes?.[0]?.loc?.start ?? -1;

function comparePaths({ path: a = [] }: GraphQLError, { path: b = [] }: GraphQLError): number {
  for (const [index, key] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    if (key === other) continue;
    if (typeof key === 'number' && typeof other === 'number') return key - other;
    return String(key) < String(other) ? -1 : 1;
  }
  return a.length - b.length;
}

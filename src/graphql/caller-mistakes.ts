import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';

/** Codes of mistakes that are the caller's: nothing is wrong here, and the caller can mend them. */
export const CALLER_CODES: ReadonlySet<string> = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'ANSWER_TOO_LARGE',
  'TOO_MANY_REQUESTS',
]);

/** What a caller is told of a mistake. */
export interface CallerMistake {
  readonly message: string;
  readonly code: string;
  /** The argument at fault, where it is known. */
  readonly argument?: unknown;
}

/** Longer messages quote what the caller sent. */
const MAX_MESSAGE = 200;

const cut = (message: string): string =>
  message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE - 1)}…` : message;

/**
 * The mistake of the caller behind an error; null where there is none. graphql-js and Apollo Server give some of these no
 * code: an argument that is null only at run time, an unknown operation name, a hash that does not fit its text.
 */
export function callerMistake(formatted: GraphQLFormattedError, error: unknown): CallerMistake | null {
  if (!(error instanceof GraphQLError)) return null;
  const code = formatted.extensions?.['code'];
  if (typeof code === 'string' && CALLER_CODES.has(code)) {
    const argument = formatted.extensions?.['argument'];
    return { message: cut(formatted.message), code, ...(argument === undefined ? {} : { argument }) };
  }
  const cause = unwrapResolverError(error);
  // An error that was thrown in a resolver is never taken for one of graphql-js.
  if (!(cause instanceof GraphQLError) || cause.originalError) return null;
  const message = cut(cause.message);
  const [, argument] =
    /^Argument "(\w+)" (?:of (?:required|non-null) type|has invalid value)/.exec(message) ?? [];
  if (argument !== undefined) return { message, code: 'BAD_USER_INPUT', argument };
  const { status } = (cause.extensions['http'] ?? {}) as { status?: unknown };
  if (typeof status === 'number' && status >= 400 && status < 500) return { message, code: 'BAD_REQUEST' };
  return null;
}

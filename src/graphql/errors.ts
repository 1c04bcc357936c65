import { randomUUID } from 'node:crypto';
import { HeaderMap } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { toInstant } from '../clock';
import { DeadlineExceeded, VendorFailure } from '../vendors/outcome';

/** No token, or one that is not believed; why would help only who forges one. */
export const unauthenticated = (message = 'A valid bearer token is needed.'): GraphQLError =>
  new GraphQLError(message, {
    extensions: {
      code: 'UNAUTHENTICATED',
      http: { status: 401, headers: new HeaderMap([['www-authenticate', 'Bearer']]) },
    },
  });

/** What a client may read of an error that is its own, the vendor's, or the caller's to mend. */
const OPEN_CODES = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
]);

/** Makes what a client may read of an error, from its JSON form and itself. */
export type FormatError = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

/**
 * Every error on its way out passes here. A vendor's failure gets its code; a mistake of the caller's keeps its
 * message; anything else is masked, and the log has it under the correlation id that the client is given.
 */
export function createFormatError(log: (correlationId: string, error: unknown) => void): FormatError {
  return (formatted, error) => {
    const { locations, path } = formatted;
    const where = { ...(locations ? { locations } : {}), ...(path ? { path } : {}) };
    const cause = unwrapResolverError(error);
    if (cause instanceof VendorFailure) {
      const retryAt = cause.retryAt === null ? {} : { retryAt: toInstant(cause.retryAt) };
      return { message: cause.message, ...where, extensions: { code: `VENDOR_${cause.code}`, ...retryAt } };
    }
    if (cause instanceof DeadlineExceeded)
      return { message: 'The operation took too long.', ...where, extensions: { code: 'DEADLINE_EXCEEDED' } };
    const code = formatted.extensions?.['code'];
    if (error instanceof GraphQLError && typeof code === 'string' && OPEN_CODES.has(code)) {
      const argument = formatted.extensions?.['argument'];
      return {
        message: formatted.message,
        ...where,
        extensions: { code, ...(argument === undefined ? {} : { argument }) },
      };
    }
    const correlationId = randomUUID();
    log(correlationId, cause);
    return {
      message: 'Something went wrong here; the correlation id finds it in the log.',
      ...where,
      extensions: { code: 'INTERNAL_SERVER_ERROR', correlationId },
    };
  };
}

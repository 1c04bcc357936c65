import { randomUUID } from 'node:crypto';
import { HeaderMap } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { toInstant } from '../clock';
import { callerMistake } from './caller-mistakes';
import type { RefusalReason } from '../refusal-reason';
import { DeadlineExceeded, NotReached, VendorFailure } from '../vendors/outcome';

/** A refused caller, and why: for the log and the metrics, never for the caller, because why would help only a forger. */
export interface Refused extends GraphQLError {
  /** `keys`: whether the token is good could not be known. */
  readonly reason: RefusalReason | 'keys';
}

/** No token, or one that is not believed. */
export const unauthenticated = (
  reason: RefusalReason = 'missing',
  message = 'A valid bearer token is needed.',
): Refused => {
  const error = new GraphQLError(message, {
    extensions: {
      code: 'UNAUTHENTICATED',
      http: { status: 401, headers: new HeaderMap([['www-authenticate', 'Bearer']]) },
    },
  });
  return Object.assign(error, { reason });
};

/** Whether a token is good cannot be known now: the trouble is ours, and the caller may try again. */
export const authUnavailable = (): Refused => {
  const error = new GraphQLError('Tokens cannot be verified at the moment.', {
    extensions: {
      code: 'AUTH_UNAVAILABLE',
      http: { status: 503, headers: new HeaderMap([['retry-after', RETRY_AFTER_SECONDS]]) },
    },
  });
  return Object.assign(error, { reason: 'keys' as const });
};

/** The keys are fetched anew every 5 s while they cannot be had. */
const RETRY_AFTER_SECONDS = '5';

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
    if (cause instanceof NotReached)
      return { message: cause.message, ...where, extensions: { code: 'NOT_REACHED' } };
    if (cause instanceof DeadlineExceeded)
      return { message: 'The operation took too long.', ...where, extensions: { code: 'DEADLINE_EXCEEDED' } };
    const mistake = callerMistake(formatted, error);
    if (mistake) {
      const { message, ...extensions } = mistake;
      return { message, ...where, extensions: { ...extensions } };
    }
    const code = formatted.extensions?.['code'];
    if (code === 'AUTH_UNAVAILABLE' || code === 'SERVICE_UNAVAILABLE')
      return { message: formatted.message, ...where, extensions: { code } };
    const correlationId = randomUUID();
    log(correlationId, cause);
    return {
      message: 'Something went wrong here; the correlation id finds it in the log.',
      ...where,
      extensions: { code: 'INTERNAL_SERVER_ERROR', correlationId },
    };
  };
}

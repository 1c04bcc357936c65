import { CombinedGraphQLErrors, ServerError } from '@apollo/client';

/** Whether Rollcall refused whoever asked, before it looked at the question. */
export const isLoginRefused = (error: unknown): boolean =>
  CombinedGraphQLErrors.is(error)
    ? error.errors.some(({ extensions }) => extensions?.['code'] === 'UNAUTHENTICATED')
    : ServerError.is(error) && error.statusCode === 401;

/** What is wrong with an answer, or that there is none, in sentences for the user. */
export function problemsOf(error: unknown): readonly string[] {
  if (!error) return [];
  if (isLoginRefused(error)) return ['Your login is not accepted. Log in again.'];
  if (CombinedGraphQLErrors.is(error))
    return [
      ...new Set(
        error.errors.map(({ message, extensions }) =>
          extensions?.['code'] === 'FORBIDDEN' ? 'Your login does not allow this.' : message,
        ),
      ),
    ];
  return ['Rollcall did not answer. Ask again in a moment.'];
}

const BEFORE_ANYTHING = ['FORBIDDEN', 'BAD_USER_INPUT', 'GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED'];

/** Whether an error proves that nothing was done; after any other, something may have been. */
export const nothingDone = (error: unknown): boolean =>
  isLoginRefused(error) ||
  (ServerError.is(error) && error.statusCode === 400) ||
  (CombinedGraphQLErrors.is(error) &&
    error.errors.some(({ extensions }) => BEFORE_ANYTHING.includes(String(extensions?.['code']))));

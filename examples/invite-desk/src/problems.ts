import { CombinedGraphQLErrors } from '@apollo/client';

/** What is wrong with an answer, or that there is none, in sentences for the user. */
export function problemsOf(error: unknown): readonly string[] {
  if (!error) return [];
  if (CombinedGraphQLErrors.is(error)) return [...new Set(error.errors.map(({ message }) => message))];
  return ['Rollcall did not answer. Ask again in a moment.'];
}

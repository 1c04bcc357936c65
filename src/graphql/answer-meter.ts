import { GraphQLError } from 'graphql';

/** Counts what an answer holds while it is made, in characters of its values and their names. */
export interface AnswerMeter {
  count(name: string | number, value: unknown): void;
  /** Whether the answer is larger than allowed: then it is not worth finishing, and is never written out. */
  readonly isTooLarge: boolean;
  /** How large it may be. */
  readonly most: number;
}

/** What surrounds a value in JSON: two quotes of its name, a colon and a comma. */
const JSON_OVERHEAD = 4;

/** Makes the meter of one answer. */
export function createAnswerMeter(most: number): AnswerMeter {
  let size = 0;
  return {
    most,
    count: (name, value) => {
      size += JSON_OVERHEAD + (typeof name === 'string' ? name.length : 0);
      size += typeof value === 'string' ? value.length : JSON_OVERHEAD;
    },
    get isTooLarge() {
      return size > most;
    },
  };
}

/** What the caller gets in place of an answer that is too large. Writes of the operation have been made. */
export const answerTooLarge = (most: number): GraphQLError =>
  new GraphQLError(`The answer is larger than ${most} bytes (limits.answerBytes); ask for less at once.`, {
    extensions: { code: 'ANSWER_TOO_LARGE' },
  });

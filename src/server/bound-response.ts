import type { GraphQLFormattedError } from 'graphql';
import { answerTooLarge } from '../graphql/answer-meter';

/** How large a refusal may be, in bytes: it costs its caller nothing to ask for many. */
const MAX_REFUSAL_BYTES = 16_384;
/** What is left of a longer one. */
const MAX_ERRORS = 5;

/** Bounds what is sent: an answer by `limits.answerBytes`, a refusal (an HTTP status from 400 on) by 16 KiB. */
export function boundResponse(text: string, status: number, answerBytes: number): string {
  // What the meter does not count while an answer is made, such as type names, is counted here.
  if (isLonger(text, answerBytes))
    return JSON.stringify({ errors: [answerTooLarge(answerBytes).toJSON()], data: null });
  if (status < 400 || !isLonger(text, MAX_REFUSAL_BYTES)) return text;
  const { errors } = JSON.parse(text) as { errors: readonly GraphQLFormattedError[] };
  return JSON.stringify({ errors: errors.slice(0, MAX_ERRORS).map(withFewPlaces) });
}

/** One mistake can have a place at each field of a document. */
const withFewPlaces = ({ locations, ...error }: GraphQLFormattedError): GraphQLFormattedError =>
  locations ? { ...error, locations: locations.slice(0, MAX_ERRORS) } : error;

// A UTF-16 unit takes at most three bytes: most texts need not be measured.
const isLonger = (text: string, bytes: number): boolean =>
  text.length * 3 > bytes && Buffer.byteLength(text) > bytes;

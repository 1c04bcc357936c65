/** Milliseconds since 1970, UTC. Everything that depends on time is given one, so that a test can move it. */
export type Clock = () => number;

/** An instant as the schema shows it. */
export const toInstant = (ms: number): string => new Date(ms).toISOString();

/** Milliseconds of an instant in any ISO 8601 form; null if it is none. */
export function parseInstant(text: string): number | null {
  const ms = /^\d{4}-\d{2}-\d{2}(T|$)/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(ms) ? null : ms;
}

/** An instant in UTC, to the second or the millisecond, of a day that every month has: nothing to work out. */
const PLAIN = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{3})?Z$/;

/** An instant of any ISO 8601 form as the schema shows it; null if it is none. */
export function normaliseInstant(text: string): string | null {
  const plain = PLAIN.exec(text);
  if (plain) return plain[1] === undefined ? `${text.slice(0, 19)}.000Z` : text;
  const ms = parseInstant(text);
  return ms === null ? null : toInstant(ms);
}

/** Milliseconds since 1970, UTC. Everything that depends on time is given one, so that a test can move it. */
export type Clock = () => number;

/** An instant as the schema shows it. */
export const toInstant = (ms: number): string => new Date(ms).toISOString();

/** Milliseconds of an instant in any ISO 8601 form; null if it is none. */
export function parseInstant(text: string): number | null {
  const ms = /^\d{4}-\d{2}-\d{2}(T|$)/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(ms) ? null : ms;
}

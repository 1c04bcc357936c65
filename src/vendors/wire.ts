/** Readers for vendor bodies: whatever is missing or of the wrong type is null, and costs its row nothing else. */

import { normaliseInstant } from '../clock';

const MAX_TEXT = 2000;

/** One field of whatever this is; undefined if it has none. Vendors' fields are named like nothing that every object has. */
export const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;

/** A text that is not empty, cut at 2,000 characters. */
export function text(value: unknown): string | null {
  if (typeof value !== 'string' || value === '') return null;
  return value.length > MAX_TEXT ? value.slice(0, MAX_TEXT) : value;
}

/** A short word of plain characters, such as a status or an error code. */
export const word = (value: unknown): string | null =>
  typeof value === 'string' && /^[\w .:#-]{1,64}$/.test(value) ? value : null;

/** True or false, nothing that merely looks like it. */
export const flag = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null);

/** A whole number that is not negative. */
export const count = (value: unknown): number | null =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : null;

/** An instant, in the schema's form whatever the vendor's. */
export const instant = (value: unknown): string | null =>
  typeof value === 'string' ? normaliseInstant(value) : null;

/** An absolute http or https address. */
export function url(value: unknown): string | null {
  const parsed =
    typeof value === 'string' && value.length <= MAX_TEXT && URL.canParse(value) ? new URL(value) : null;
  return parsed && (parsed.protocol === 'https:' || parsed.protocol === 'http:') ? parsed.href : null;
}

/** A list, or null if it is none: a missing list must never look like an empty one. */
export const list = (value: unknown): readonly unknown[] | null => (Array.isArray(value) ? value : null);

/** The texts in a list, without whatever else stands there; null if nothing else does: that is not an empty list. */
export function texts(value: unknown): string[] | null {
  const items = list(value);
  const found = items?.map(text).filter((item) => item !== null) ?? null;
  return items && found?.length === 0 && items.length > 0 ? null : found;
}

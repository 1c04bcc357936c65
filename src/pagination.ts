import { hash } from 'node:crypto';
import { ACCOUNT_KEY } from './ids';
import type { Freshness } from './vendors/shared-reads';

/** Which part of one account's list is wanted. */
export interface PageRequest {
  /** How many rows; 0 asks for the count alone. */
  readonly first: number;
  /** The place behind which to go on, as a provider gave it; null starts at the top. */
  readonly after: string | null;
}

/** A part of one account's list. */
export interface Page<T> {
  readonly rows: readonly Row<T>[];
  readonly more: boolean;
  /** Where the list goes on if there is more: behind the last row, or further where what follows was read and did not match. */
  readonly next: string | null;
  /** All that match; null where that was not counted. */
  readonly total: number | null;
  /** How fresh it is; null where no vendor was asked. */
  readonly freshness: Freshness | null;
}

/** A row, and the place behind it. */
export interface Row<T> {
  readonly item: T;
  readonly position: string;
}

/** The most rows that a page may have. */
export const MAX_PAGE = 100;

/** Puts a list in the order of its ids: vendors promise none. */
export const byId = <T extends { readonly id: string }>(items: readonly T[]): T[] =>
  [...items].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));

/**
 * A page of a list that is at hand whole, in the order of its ids. A place is the id of the row before it, so that rows
 * which come and go in between move nobody's page.
 */
export function pageOf<T extends { readonly id: string }>(
  items: readonly T[],
  { first, after }: PageRequest,
  freshness: Freshness | null,
): Page<T> {
  const start = after === null ? 0 : items.findIndex((item) => item.id > after);
  const rest = start < 0 ? [] : items.slice(start);
  const rows = rest.slice(0, first).map((item) => ({ item, position: item.id }));
  return {
    rows,
    more: rest.length > first,
    next: rows.at(-1)?.position ?? after,
    total: items.length,
    freshness,
  };
}

/** A page without rows, of a list that is known to be empty. */
export const emptyPage: Page<never> = { rows: [], more: false, next: null, total: 0, freshness: null };

/** A place in a list across accounts. */
export interface Cursor {
  readonly account: string;
  /** Behind which row of the account; empty before its first. */
  readonly position: string;
}

/**
 * Writes a cursor that is good for one question (list, tenant and filter) alone. The question is hashed for each row, so
 * that it is given as a digest. The tag finds mistakes and borrowed cursors. It guards nothing: anybody can make one, and
 * what a cursor leads to is checked again on every use.
 */
export function formatCursor(question: string, { account, position }: Cursor): string {
  return Buffer.from(`${tag(question, account, position)}${account}:${position}`).toString('base64url');
}

/** Reads a cursor of the same question; null for anything else. */
export function parseCursor(question: string, cursor: string): Cursor | null {
  if (cursor.length > 1024) return null;
  const text = Buffer.from(cursor, 'base64url').toString();
  const colon = text.indexOf(':');
  const account = text.slice(TAG_LENGTH, Math.max(colon, 0));
  const position = text.slice(colon + 1);
  const ours = ACCOUNT_KEY.test(account) && text.startsWith(tag(question, account, position));
  return ours ? { account, position } : null;
}

const TAG_LENGTH = 11;

const tag = (question: string, account: string, position: string): string =>
  hash('sha256', `${question}\n${account}\n${position}`, 'base64url').slice(0, TAG_LENGTH);

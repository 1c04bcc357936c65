import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Viewer } from '../accounts';

/** How long a verified token is not verified again, in milliseconds. */
const KEPT_MS = 30_000;
/** What all entries may take in memory, in bytes. */
const MAX_BYTES = 8 << 20;
/** An entry with its key, its place in the cache and a viewer without texts. */
const ENTRY_BYTES = 1000;
/** One text of a viewer, and what visibility keeps for an account. Text counts as two bytes a character. */
const ITEM_BYTES = 200;

/** One token's place in the cache. */
export interface TokenEntry {
  /** Who brought this token less than 30 s ago; null if it is to be verified. */
  readonly viewer: Viewer | null;
  /** Keeps the viewer, but never beyond `expiresAt` (milliseconds since 1970), nor where keys have changed meanwhile. */
  keep(viewer: Viewer, expiresAt: number): void;
}

/** Viewers of verified tokens. */
export interface TokenCache {
  entryOf(authorization: string): TokenEntry;
  /** Forgets all, also what is being verified now. */
  readonly clear: () => void;
}

/** Makes a cache that is keyed by the token's SHA-256 digest and bounded by the bytes of what it holds: no token is kept. */
export function createTokenCache(): TokenCache {
  const entries = new LRUCache<string, { viewer: Viewer; until: number }>({
    maxSize: MAX_BYTES,
    sizeCalculation: ({ viewer }) => bytesOf(viewer),
  });
  let generation = 0;
  return {
    entryOf: (authorization) => {
      const key = hash('sha256', authorization, 'base64url');
      const found = entries.get(key);
      const began = generation;
      return {
        viewer: found && found.until > Date.now() ? found.viewer : null,
        keep: (viewer, expiresAt) => {
          if (began === generation)
            entries.set(key, { viewer, until: Math.min(Date.now() + KEPT_MS, expiresAt) });
        },
      };
    },
    clear: () => {
      generation++;
      entries.clear();
    },
  };
}

function bytesOf({ tenant, subject, accounts, scopes }: Viewer): number {
  const lists = [...(accounts ?? []), ...(scopes === 'ALL' ? [] : scopes)];
  const texts = [tenant ?? '', subject ?? '', ...lists];
  return ENTRY_BYTES + texts.reduce((sum, text) => sum + ITEM_BYTES + 2 * text.length, 0);
}

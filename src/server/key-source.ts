import type { JSONWebKeySet, JWTVerifyGetKey } from 'jose';
import { fetchKeySet, type ImportKey, KeySetError, readKeySet } from './key-set';

/** A key set is read anew this often, so that a key that was removed is refused within a minute. */
const REFRESH_MS = 30_000;
/** The least time between two fetches, whatever happens: a flood of unknown keys and a failing source cost one each. */
const MIN_INTERVAL_MS = 5000;
/** How long the last good key set is believed. The login service may be away for that long and no caller notices. */
const BELIEVED_MS = 3_600_000;
const TICK_MS = 1000;

/** No key set is believed: it is not known whether a token is good. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

/** The keys that tokens are verified with. */
export interface KeySource {
  /** Finds the key of a token, for jose. Rejects with KeysUnavailable while no key set is believed. */
  readonly find: JWTVerifyGetKey;
  /** Whether a key set is believed now. */
  isReady(): boolean;
  /** Whether the last fetch failed: keys may exist that are not known here. */
  isFailing(): boolean;
  /** Reads the key set anew for a key that is not in it, unless that was done within the last 5 s. Never rejects. */
  refresh(): Promise<void>;
  close(): void;
}

/** What a source reports. */
export interface KeySourceEvents {
  /** A different key set is believed from now on. */
  onChange(): void;
  onFetch(problem: KeySetError | null): void;
}

/** Makes the key set of a file a source: it never changes. */
export const fixedKeySource = (find: JWTVerifyGetKey): KeySource => ({
  find,
  isReady: () => true,
  isFailing: () => false,
  refresh: () => Promise.resolve(),
  close: () => undefined,
});

/**
 * Keeps the key set of an address. Requests never wait for the address, except for a key that is not known. An answer
 * that is no key set replaces nothing. Resolves after the first fetch, however it ended.
 */
export async function createKeySource(
  uri: string,
  algorithms: readonly string[],
  jose: { importJWK: ImportKey; createLocalJWKSet(set: JSONWebKeySet): JWTVerifyGetKey },
  { onChange, onFetch }: KeySourceEvents,
): Promise<KeySource> {
  const closed = new AbortController();
  let believed: { readonly text: string; readonly find: JWTVerifyGetKey } | null = null;
  let believedAt = -Infinity;
  let fetchedAt = -Infinity;
  let failing = false;
  let running: Promise<void> | null = null;

  const fetchOnce = async (): Promise<void> => {
    const text = await fetchKeySet(uri, closed.signal);
    if (text !== believed?.text) {
      believed = { text, find: jose.createLocalJWKSet(await readKeySet(text, algorithms, jose.importJWK)) };
      onChange();
    }
    believedAt = performance.now();
  };

  const refresh = (): Promise<void> => {
    if (running) return running;
    if (closed.signal.aborted || performance.now() - fetchedAt < MIN_INTERVAL_MS) return Promise.resolve();
    fetchedAt = performance.now();
    running = fetchOnce()
      .then(() => null)
      .catch((error: unknown) => (error instanceof KeySetError ? error : new KeySetError('not_a_key_set')))
      .then((problem) => {
        running = null;
        failing = problem !== null;
        if (!closed.signal.aborted) onFetch(problem);
      });
    return running;
  };

  const isReady = (): boolean => believed !== null && performance.now() - believedAt < BELIEVED_MS;
  const timer = setInterval(() => {
    if (failing || performance.now() - fetchedAt >= REFRESH_MS) void refresh();
  }, TICK_MS).unref();
  await refresh();
  return {
    find: (header, token) => {
      if (believed === null || !isReady()) throw new KeysUnavailable();
      return believed.find(header, token);
    },
    isReady,
    isFailing: () => failing,
    refresh,
    close: () => {
      clearInterval(timer);
      closed.abort();
    },
  };
}

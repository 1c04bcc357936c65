import type { CryptoKey, JSONWebKeySet, JWK } from 'jose';
import type { KeyFetchResult } from '../metrics';

/** Why an answer is no key set. */
export type KeySetProblem = Exclude<KeyFetchResult, 'ok'>;

/** The key set was not had. Quotes nothing of the answer. */
export class KeySetError extends Error {
  override readonly name = 'KeySetError';

  constructor(
    readonly problem: KeySetProblem,
    /** The HTTP status or the system's error code, where there is one. */
    readonly detail: string | null = null,
  ) {
    super(`The key set could not be read: ${problem}.`);
  }
}

/** One fetch, body included, takes at most this long: a server that drips bytes is not waited for. */
const FETCH_MS = 3000;
const MAX_BYTES = 1 << 20;
/** More keys than any login service publishes; each key that fits a token is tried. */
const MAX_KEYS = 100;
const MIN_RSA_BITS = 2048;

/** Imports a public key, as jose does. */
export type ImportKey = (jwk: JWK, algorithm: string) => Promise<CryptoKey | Uint8Array>;

/**
 * Fetches the text of a key set. Follows no redirect, because whoever can redirect this request would choose who is
 * believed. Rejects with KeySetError.
 */
export async function fetchKeySet(uri: string, ended: AbortSignal): Promise<string> {
  const signal = AbortSignal.any([ended, AbortSignal.timeout(FETCH_MS)]);
  try {
    const headers = { accept: 'application/json' };
    const response = await fetch(uri, { redirect: 'manual', headers, signal });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new KeySetError('status', String(response.status));
    }
    return await readText(response.body);
  } catch (error) {
    throw toKeySetError(error);
  }
}

/** Reads at most `MAX_BYTES`, counted after decompression. Leaving the loop early cancels the rest. */
async function readText(body: ReadableStream<Uint8Array> | null): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new KeySetError('too_large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function toKeySetError(error: unknown): KeySetError {
  if (error instanceof KeySetError) return error;
  const { name, cause } = error as { name?: unknown; cause?: { code?: unknown } };
  if (name === 'TimeoutError') return new KeySetError('timeout');
  return new KeySetError('network', typeof cause?.code === 'string' ? cause.code : null);
}

/**
 * The keys of a set that can verify a signature of one of the algorithms. Other keys are left out, as RFC 7517 (section 5)
 * asks: sets also hold keys for encryption. Rejects with KeySetError where none is left.
 */
export async function readKeySet(
  text: string,
  algorithms: readonly string[],
  importKey: ImportKey,
): Promise<JSONWebKeySet> {
  const listed = parseKeys(text);
  const usable = await Promise.all(
    listed.map(async (jwk) => ((await isUsable(jwk, algorithms, importKey)) ? [jwk] : [])),
  );
  const keys = usable.flat();
  if (keys.length === 0) throw new KeySetError('no_usable_key');
  return { keys };
}

function parseKeys(text: string): readonly JWK[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new KeySetError('not_a_key_set');
  }
  const keys = (parsed as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(keys) || keys.length > MAX_KEYS) throw new KeySetError('not_a_key_set');
  return keys.filter((key): key is JWK => typeof key === 'object' && key !== null && !Array.isArray(key));
}

async function isUsable(jwk: JWK, algorithms: readonly string[], importKey: ImportKey): Promise<boolean> {
  if ('d' in jwk || 'k' in jwk) return false;
  if (jwk.use !== undefined && jwk.use !== 'sig') return false;
  for (const algorithm of jwk.alg === undefined
    ? algorithms
    : algorithms.filter((each) => each === jwk.alg)) {
    const key = await importKey(jwk, algorithm).catch(() => null);
    if (key !== null && !(key instanceof Uint8Array) && isStrong(key)) return true;
  }
  return false;
}

/** jose refuses to verify with a shorter RSA key: a set of such keys must not replace a good one. */
const isStrong = ({ algorithm }: CryptoKey): boolean =>
  !('modulusLength' in algorithm) || Number(algorithm.modulusLength) >= MIN_RSA_BITS;

import { explainNetworkError } from '../lib/network-errors';
import { fetchKeySet, KeySetError, readKeySet } from '../server/key-set';

/** Why a login service's key set cannot be used, read as the running program reads it; null where it can. */
export async function tryKeySet(uri: string, algorithms: readonly string[]): Promise<string | null> {
  const { importJWK } = await import('jose');
  try {
    await readKeySet(await fetchKeySet(uri, new AbortController().signal), algorithms, importJWK);
    return null;
  } catch (error) {
    return error instanceof KeySetError ? explain(error) : 'it cannot be read';
  }
}

function explain({ problem, detail }: KeySetError): string {
  switch (problem) {
    case 'status':
      return `the login service answers ${detail ?? 'something else'} instead of 200`;
    case 'timeout':
      return 'the login service does not answer in time';
    case 'network':
      return `the login service cannot be reached: ${explainNetworkError({ code: detail }) ?? 'the connection fails'}`;
    case 'no_usable_key':
      return 'the key set has no public key for auth.algorithms';
    case 'too_large':
      return 'what the login service answers is too large for a key set';
    default:
      return 'what the login service answers is not a JSON Web Key Set of public keys';
  }
}

import { hash, timingSafeEqual } from 'node:crypto';
import type { JWTPayload } from 'jose';
import type { Viewer } from '../accounts';
import type { AuthConfig } from '../config/auth';
import { authUnavailable, unauthenticated } from '../graphql/errors';
import { toViewer } from './claims';
import type { KeySetError } from './key-set';
import { createKeySource, fixedKeySource, KeysUnavailable, type KeySource } from './key-source';
import { createTokenCache } from './token-cache';
import { reasonOf } from '../refusal-reason';

/** Knows the callers of requests. */
export interface Authenticator {
  /**
   * The viewer of a request, from its `authorization` header; null without one. Rejects with UNAUTHENTICATED for a token
   * that is refused, and with AUTH_UNAVAILABLE where that cannot be known because the keys cannot be had.
   */
  authenticate(authorization: string | undefined): Promise<Viewer | null>;
  /** Whether tokens can be verified now. */
  isReady(): boolean;
  close(): void;
}

/** Reports the fetches of the key set; null is a success. */
export type OnKeyFetch = (problem: KeySetError | null) => void;

const CLOCK_SKEW_SECONDS = 60;

/** Makes the authenticator of the configured issuer. Resolves after the first fetch of its keys, however it ended. */
export async function createAuthenticator(auth: AuthConfig, onKeyFetch: OnKeyFetch): Promise<Authenticator> {
  // An ES module: it cannot be required on every Node that we run on.
  const jose = await import('jose');
  const tokens = createTokenCache();
  const source: KeySource = auth.jwksFile
    ? fixedKeySource(jose.createLocalJWKSet(auth.jwksFile))
    : await createKeySource(auth.jwksUri ?? '', auth.algorithms, jose, {
        // A removed key takes its tokens along.
        onChange: tokens.clear,
        onFetch: onKeyFetch,
      });
  const expected = {
    issuer: auth.issuer,
    audience: auth.audience,
    algorithms: [...auth.algorithms],
    clockTolerance: CLOCK_SKEW_SECONDS,
    requiredClaims: ['exp', auth.tenantClaim],
  };

  const verify = async (token: string): Promise<JWTPayload> => {
    try {
      return (await jose.jwtVerify(token, source.find, expected)).payload;
    } catch (error) {
      if (!(error instanceof jose.errors.JWKSMultipleMatchingKeys)) throw error;
      return verifyWithEach(token, error);
    }
  };

  /** Several keys may bear one `kid`, or a token none: each key that fits is tried. */
  const verifyWithEach = async (
    token: string,
    keys: InstanceType<typeof jose.errors.JWKSMultipleMatchingKeys>,
  ): Promise<JWTPayload> => {
    for await (const key of keys) {
      const verified = await jose.jwtVerify(token, key, expected).catch((error: unknown) => {
        // A good signature decides; any other trouble is that of this one key.
        if (error instanceof jose.errors.JWTClaimValidationFailed || error instanceof jose.errors.JWTExpired)
          throw error;
        return null;
      });
      if (verified) return verified.payload;
    }
    throw new jose.errors.JWSSignatureVerificationFailed();
  };

  /** The key of a token may have been published just now. */
  const verifyWithNewKeys = (token: string): Promise<JWTPayload> =>
    verify(token).catch(async (error: unknown) => {
      if (!(error instanceof jose.errors.JWKSNoMatchingKey)) throw error;
      await source.refresh();
      return verify(token).catch((again: unknown) => {
        // While the source fails, an unknown key may be a new one: that is not the caller's fault.
        throw again instanceof jose.errors.JWKSNoMatchingKey && source.isFailing()
          ? new KeysUnavailable()
          : again;
      });
    });

  const authenticate = async (authorization: string | undefined): Promise<Viewer | null> => {
    if (authorization === undefined) return null;
    if (!source.isReady()) throw authUnavailable();
    const entry = tokens.entryOf(authorization);
    if (entry.viewer) return entry.viewer;
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization)?.[1];
    if (token === undefined) throw unauthenticated('malformed');
    const payload = await verifyWithNewKeys(token).catch((error: unknown) => {
      throw error instanceof KeysUnavailable ? authUnavailable() : unauthenticated(reasonOf(error));
    });
    const viewer = toViewer(payload, auth);
    if (!viewer) throw unauthenticated('claims');
    entry.keep(viewer, (payload.exp ?? 0) * 1000);
    return viewer;
  };

  return { authenticate, isReady: source.isReady, close: source.close };
}

/** Whether a request comes from the router; compared in constant time. */
export function isRouter(secret: string, given: string | string[] | undefined): boolean {
  return typeof given === 'string' && timingSafeEqual(digest(given), digest(secret));
}

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');

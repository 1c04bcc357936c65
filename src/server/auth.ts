import { hash, timingSafeEqual } from 'node:crypto';
import type { FetchImplementation, JWTPayload, JWTVerifyGetKey } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Viewer } from '../accounts';
import type { AuthConfig } from '../config/auth';
import { unauthenticated } from '../graphql/errors';

/** Tells who asks, from a request's headers; null for a request without a token. Rejects with UNAUTHENTICATED. */
export type Authenticate = (authorization: string | undefined) => Promise<Viewer | null>;

const CLOCK_SKEW_SECONDS = 60;
const FAILED_FETCH_MS = 5000;
/** How long a token that was checked is not checked again: so much later than its key may it stop being believed. */
const KNOWN_MS = 30_000;
const MAX_KNOWN = 10_000;

/** Believes tokens of the configured issuer alone; keys come from its key set, fetched again at most every 30 s. */
export async function createAuthenticate(auth: AuthConfig): Promise<Authenticate> {
  // An ES module: it cannot be required on every Node that we run on.
  const { createLocalJWKSet, createRemoteJWKSet, customFetch, jwtVerify } = await import('jose');
  const keys: JWTVerifyGetKey = auth.jwksFile
    ? createLocalJWKSet(auth.jwksFile)
    : createRemoteJWKSet(new URL(auth.jwksUri ?? ''), {
        timeoutDuration: 3000,
        cooldownDuration: 30_000,
        [customFetch]: createKeySetFetch(),
      });
  const expected = {
    issuer: auth.issuer,
    audience: auth.audience,
    algorithms: [...auth.algorithms],
    clockTolerance: CLOCK_SKEW_SECONDS,
    requiredClaims: ['exp', auth.tenantClaim],
  };

  const known = new LRUCache<string, { viewer: Viewer; until: number }>({ max: MAX_KNOWN });

  return async (authorization) => {
    if (authorization === undefined) return null;
    const before = known.get(authorization);
    if (before && before.until > Date.now()) return before.viewer;
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization)?.[1];
    if (token === undefined) throw unauthenticated();
    const payload = await jwtVerify(token, keys, expected).then(
      (verified) => verified.payload,
      () => null,
    );
    const viewer = payload && toViewer(payload, auth);
    if (!viewer) throw unauthenticated();
    known.set(authorization, { viewer, until: Math.min(Date.now() + KNOWN_MS, (payload.exp ?? 0) * 1000) });
    return viewer;
  };
}

/**
 * Fetches a key set. While its address fails, the last answer goes on being good, and the address is asked no more than
 * every five seconds: else every token would ask it.
 */
function createKeySetFetch(): FetchImplementation {
  let last: string | null = null;
  let failedAt = -Infinity;
  const fetchAnew = async (url: string, options: RequestInit): Promise<string> => {
    const response = await fetch(url, options);
    if (response.status !== 200) throw new Error('No key set.');
    return response.text();
  };
  return async (url, options) => {
    if (Date.now() - failedAt > FAILED_FETCH_MS)
      try {
        last = await fetchAnew(url, options);
      } catch {
        failedAt = Date.now();
      }
    if (last === null) throw new Error('There is no key set.');
    return new Response(last);
  };
}

/** What the claims mean; null if one has the wrong form: a token half understood is not believed. */
function toViewer(
  payload: JWTPayload,
  { tenantClaim, accountsClaim, scopeClaim }: AuthConfig,
): Viewer | null {
  const tenant = own(payload, tenantClaim);
  const accounts = accountsClaim === undefined ? undefined : own(payload, accountsClaim);
  const scope = own(payload, scopeClaim) ?? '';
  const scopes = typeof scope === 'string' ? scope.split(' ') : scope;
  if (typeof tenant !== 'string' || tenant === '') return null;
  if (accounts !== undefined && !isTexts(accounts)) return null;
  if (!isTexts(scopes)) return null;
  return {
    tenant,
    accounts: accounts ?? null,
    subject: payload.sub ?? null,
    scopes: new Set(scopes.filter((each) => each !== '')),
  };
}

const own = (payload: JWTPayload, claim: string): unknown =>
  Object.hasOwn(payload, claim) ? payload[claim] : undefined;

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

/** Whether a request comes from the router; compared in constant time. */
export function isRouter(secret: string, given: string | string[] | undefined): boolean {
  return typeof given === 'string' && timingSafeEqual(digest(given), digest(secret));
}

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');
